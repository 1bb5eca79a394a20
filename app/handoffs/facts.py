"""A delivery's events as the facts that the custody rules judge."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from app.domain.events import EventType
from app.domain.facts import Fact, FactKind
from app.domain.handoff import EvidenceLevel
from app.eventlog import queries as eventlog
from app.eventlog.queries import EventRow
from app.eventlog.service import facts_of

_KINDS: Final = {
    EventType.RUN_CLAIMED.value: FactKind.CLAIMED,
    EventType.RUN_RELEASED.value: FactKind.UNCLAIMED,
    EventType.HANDOFF_PICKED_UP.value: FactKind.PICKED_UP,
    EventType.HANDOFF_RELEASED.value: FactKind.RELEASED,
    EventType.HANDOFF_DELIVERED.value: FactKind.DELIVERED,
    EventType.HANDOFF_FAILED.value: FactKind.FAILED,
    EventType.HANDOFF_RETURNED.value: FactKind.RETURNED,
    EventType.DELIVERY_CANCELLED.value: FactKind.CANCELLED,
    EventType.DELIVERY_LOST.value: FactKind.LOST,
    EventType.CUSTODY_RULED.value: FactKind.RULED,
}
_TYPES: Final = (*map(EventType, _KINDS), EventType.STATEMENT_RECORDED)
#: Refusals of statements that say once more what counted before: the first to arrive has the
#: effect, and both say the same, whichever came first.
AGAIN: Final = frozenset({"duplicate_handoff", "already_used"})
#: The server's own events, whose order among each other counts.
_ORDERED: Final = frozenset({FactKind.CLAIMED, FactKind.UNCLAIMED, FactKind.RULED})


def facts_about(delivery_id: str) -> list[Fact]:
    """Return what was stated about a delivery and could be believed. One query."""
    return facts_in(eventlog.timeline(delivery_id, _TYPES))


def facts_in(events: Sequence[EventRow]) -> list[Fact]:
    """Return what is stated in a delivery's events and could be believed."""
    found: list[Fact] = []
    for row in events:
        if row.type not in _TYPES:
            continue
        stated = facts_of(row.record)
        kind = _kind(row.type, stated)
        if kind is not None:
            found.append(_fact(row, kind, stated))
    return found


def _kind(event_type: str, stated: Mapping[str, Any]) -> FactKind | None:
    if event_type != EventType.STATEMENT_RECORDED.value:
        return _KINDS[event_type]
    return _KINDS[stated["type"]] if stated.get("code") in AGAIN else None


def _fact(row: EventRow, kind: FactKind, stated: Mapping[str, Any]) -> Fact:
    at_ms, received_ms = _ms(row.occurred_at.timestamp()), _ms(row.received_at.timestamp())
    window = cast("Sequence[int]", stated.get("window") or (0, received_ms))
    return Fact(
        kind=kind,
        id=row.id,
        at_ms=at_ms,
        order=row.seq + 1 if kind in _ORDERED else 0,
        driver_id=_driver(row, stated),
        level=EvidenceLevel(str(stated.get("level") or EvidenceLevel.E0)),
        parcels=int(stated.get("parcels") or 0),
        told_parcels=int(stated.get("told_parcels") or 0),
        is_unproved="pin_wrong" in (stated.get("flags") or ()),
        device=int(stated.get("device") or stated.get("desk_kid") or 0),
        token=_token(stated),
        shown=tuple(cast("Sequence[str]", stated.get("shown") or stated.get("nonces") or ())),
        window=(window[0], window[1]),
    )


def _driver(row: EventRow, stated: Mapping[str, Any]) -> str:
    named = stated.get("driver")
    if isinstance(named, str):
        return named
    role, _, person_id = row.actor.partition(":")
    return person_id if role == "driver" else ""


def _token(stated: Mapping[str, Any]) -> tuple[int, str] | None:
    kid, nonce = stated.get("token_kid"), stated.get("nonce")
    return (kid, nonce) if isinstance(kid, int) and isinstance(nonce, str) else None


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
