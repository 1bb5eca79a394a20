"""The handoffs that statements make, for screens that list them: as the facts have it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.deliveries.queries import Delivery
from app.domain.custody import Settlement, Stage
from app.domain.facts import STRONG, Fact, FactKind, of_kind
from app.handoffs import queries
from app.handoffs.models import Handoff
from app.persistence.ids import new_id
from app.persistence.transaction import session


def keep_handoffs(
    row: Delivery, facts: Sequence[Fact], settlement: Settlement, *, now: datetime
) -> None:
    """Keep each handoff that counts by now, one per kind and driver. One query.

    A statement may begin to count when another one arrives: the proof of a collection makes a
    drop-off count that was a mere word before.
    """
    if settlement.stage is None or row.run_id is None:
        return
    known = list(queries.handoffs_of(row.id))
    for kind, fact in _counting(facts, settlement):
        driver_id = fact.driver_id or settlement.custodian
        same = [each for each in known if each.kind == kind]
        handoff = next((each for each in same if driver_id in {each.from_id, each.to_id}), None)
        if handoff is None:
            handoff = _new(row, kind, fact, driver_id, now=now)
            handoff.epoch = 1 + max((each.epoch for each in same), default=0)
            if any(each.nonce == handoff.nonce for each in same):
                # Two drivers may show one code of the customer; it is the first one's.
                handoff.nonce = None
            session().add(handoff)
            session().flush()
            known.append(handoff)
        handoff.level = max(handoff.level, fact.level.value)
        if kind == "dropoff":
            _bind_photo(row, handoff, fact, driver_id)
    _raise_pickup(known, facts, settlement)
    session().flush()


def _counting(facts: Sequence[Fact], settlement: Settlement) -> Iterator[tuple[str, Fact]]:
    """Return the facts that make handoffs, with their kinds, by the time that they claim."""
    custodian = settlement.custodian
    for fact in sorted(facts, key=lambda fact: (fact.at_ms, fact.id)):
        is_mine = fact.driver_id == custodian
        is_end = fact.driver_id in {"", custodian} or fact.level >= STRONG
        match fact.kind:
            case FactKind.PICKED_UP if is_mine:
                yield "pickup", fact
            case FactKind.RELEASED if is_mine and fact.token is not None:
                yield "pickup", fact
            case FactKind.DELIVERED if is_end and settlement.stage is Stage.DELIVERED:
                yield "dropoff", fact
            case FactKind.RETURNED if is_end and settlement.stage is Stage.RETURNED:
                yield "return", fact
            case _:
                pass


def _raise_pickup(known: Sequence[Handoff], facts: Sequence[Fact], settlement: Settlement) -> None:
    released = [
        fact.at_ms
        for fact in of_kind(facts, FactKind.RELEASED)
        if fact.driver_id in {"", settlement.custodian}
    ]
    for handoff in known:
        if handoff.kind != "pickup" or handoff.to_id != settlement.custodian:
            continue
        if settlement.pickup_level is not None:
            handoff.level = settlement.pickup_level.value
        if released and handoff.released_at is None:
            handoff.released_at = _instant(min(released))


def _new(row: Delivery, kind: str, fact: Fact, driver_id: str, *, now: datetime) -> Handoff:
    is_pickup = kind == "pickup"
    to_kind, to_id = {
        "pickup": ("driver", driver_id),
        "dropoff": ("customer", row.id),
        "return": ("store", row.store_id),
    }[kind]
    return Handoff(
        id=new_id("hnd"),
        delivery_id=row.id,
        run_id=row.run_id,
        kind=kind,
        level=fact.level.value,
        from_kind="store" if is_pickup else "driver",
        from_id=row.store_id if is_pickup else driver_id,
        to_kind=to_kind,
        to_id=to_id,
        parcel_count=fact.parcels or row.parcel_count,
        evidence_kind=fact.evidence,
        nonce=fact.token[1] if fact.token is not None else None,
        desk_kid=fact.token[0] if fact.token is not None and is_pickup else None,
        flags=",".join(fact.flags),
        occurred_at=_instant(fact.at_ms),
        received_at=now,
    )


def _bind_photo(row: Delivery, handoff: Handoff, fact: Fact, driver_id: str) -> None:
    photo = queries.photo_named(row.id, driver_id, fact.photos)
    if photo is not None:
        photo.handoff_id = handoff.id


def _instant(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
