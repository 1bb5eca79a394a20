"""A delivery's events as the facts that the custody rules judge."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from app.domain.events import EventType
from app.domain.facts import Fact, FactKind
from app.domain.handoff import EvidenceLevel
from app.domain.review import counts
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
    EventType.DELIVERY_FOUND.value: FactKind.FOUND,
    EventType.CUSTODY_RULED.value: FactKind.RULED,
}
_TYPES: Final = (
    *(EventType(value) for value in _KINDS),
    EventType.STATEMENT_RECORDED,
    EventType.STATEMENT_JUDGED,
)
#: Refusals of statements that say once more what counted before: the first to arrive has the
#: effect, and both say the same, whichever came first.
AGAIN: Final = frozenset({"duplicate_handoff", "already_used"})
#: The server's own events, whose order among each other counts.
_ORDERED: Final = frozenset(
    {
        FactKind.CLAIMED,
        FactKind.UNCLAIMED,
        FactKind.LOST,
        FactKind.FOUND,
        FactKind.RULED,
        FactKind.DENIED,
    }
)


def facts_about(delivery_id: str) -> list[Fact]:
    """Return what was stated about a delivery and could be believed. One query."""
    return facts_in(eventlog.timeline(delivery_id, _TYPES))


def facts_in(events: Sequence[EventRow]) -> list[Fact]:
    """Return what is stated in a delivery's events and could be believed, at once or after all."""
    verdicts = verdicts_in(events)
    found: list[Fact] = []
    for row in events:
        stated = facts_of(row.record)
        kind = _kind(row, stated, verdicts)
        if kind is not None:
            found.append(_fact(row, kind, stated))
    return found


def verdicts_in(events: Sequence[EventRow]) -> dict[str, bool]:
    """Return `{statement id: whether a person lets it count}`, the last word on each."""
    judged = [row for row in events if row.type == EventType.STATEMENT_JUDGED.value]
    told = [facts_of(row.record) for row in judged]
    return {str(facts["statement"]): facts["counts"] is True for facts in told}


def _kind(
    row: EventRow, stated: Mapping[str, Any], verdicts: Mapping[str, bool]
) -> FactKind | None:
    if row.type == EventType.STATEMENT_RECORDED.value:
        verdict = verdicts.get(str(stated.get("statement")))
        code = stated.get("code")
        does_count = code in AGAIN or counts(code, verdict=verdict)
        return _KINDS.get(str(stated.get("type"))) if does_count else None
    kind = _KINDS.get(row.type)
    is_doubt = kind is FactKind.RULED and stated.get("has") is False
    return FactKind.DENIED if is_doubt else kind


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
        is_approved=stated.get("approved") is True,
        is_unproved="pin_wrong" in (stated.get("flags") or ()),
        evidence=str(stated.get("evidence") or "assertion"),
        photos=tuple(cast("Sequence[str]", stated.get("photos") or ())),
        flags=tuple(cast("Sequence[str]", stated.get("flags") or ())),
        device=int(stated.get("device") or stated.get("desk_kid") or 0),
        token=_token(stated),
        shown=tuple(cast("Sequence[str]", stated.get("shown") or stated.get("nonces") or ())),
        window=(window[0], window[1]),
        statement=str(stated.get("statement") or ""),
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
