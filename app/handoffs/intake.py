"""Parcels that carriers bring to a hub or a station: taken in, and put on a shelf or into a bay.

The hand from the carrier to the store is one-sided: the desk says so. A label that was scanned
shows that the parcel was there (E1); a typed code of the carrier shows nothing (E0). While a
carrier who drives with us stands there, whose phone was scanned, a label makes it two-sided (E2).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery, Parcel
from app.domain.act import Act
from app.domain.delivery import ENDED, WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.handoff import EvidenceLevel
from app.domain.log_audit import to_milliseconds
from app.domain.site import SiteKind, carrier_code
from app.domain.tokens import PREFIX, Label, parse, verify_label
from app.domain.visit import intake_level
from app.eventlog.service import NewEvent, record
from app.handoffs import queries, visits
from app.handoffs.models import CarrierVisit, Intake
from app.handoffs.visits import AtDesk
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import queries as runs
from app.sites import queries as sites

Mac = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Where a station's parcel belongs."""

    run_id: str
    bay: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What the desk has seen: a parcel's code, and during which carrier's visit.

    Attributes:
        text: The label's code as it was scanned, or the carrier's own code.
        visit_id: None when the carrier shows no phone.
    """

    text: str
    visit_id: str | None = None


def take_in(
    delivery_id: str, number: int, shown: Shown, *, desk: AtDesk, label_mac: Mac, act: Act
) -> str:
    """Record that a carrier's parcel has come in; return the level. Twice is answered as once.

    What is shown of a parcel that is in already raises nothing: it did not change hands again.

    Args:
        delivery_id: The delivery.
        number: Which of its parcels.
        shown: The parcel's code, and the carrier's visit.
        desk: Where.
        label_mac: HMAC under the label key.
        act: Who does it, and when.

    Raises:
        DomainError: `not_found`, `no_carriers_here`, `parcel_unknown`, `other_delivery`,
            `delivery_cancelled`, `delivery_closed`, `visit_over`, and what `parse` and
            `verify_label` say.
    """
    row, parcel = _parcel(delivery_id, number, desk.store_id, SiteKind.STATION, SiteKind.HUB)
    seen = _seen(row, parcel, shown, label_mac, desk=desk, act=act)
    if parcel.holder_kind != "carrier":
        return _level_before(row, parcel) or seen.level.value
    _take(row, parcel, seen, desk=desk, act=act)
    return seen.level.value


def _level_before(row: Delivery, parcel: Parcel) -> str | None:
    found = (each for each in queries.intakes_of(row.id) if each.number == parcel.number)
    return next((each.level for each in found), None)


def shelve(delivery_id: str, number: int, place: str, *, store_id: str, act: Act) -> None:
    """Put a hub's parcel on a shelf; with the last of its delivery that is ready to go.

    Raises:
        DomainError: `not_found`, `parcel_not_taken_in`, `parcel_with_driver` and those of a
            delivery that is over.
    """
    row, parcel = _parcel(delivery_id, number, store_id, SiteKind.HUB)
    if parcel.holder_kind == "carrier":
        raise DomainError("parcel_not_taken_in")
    if parcel.place == place:
        return
    facts = {"parcel": number, "place": place}
    _put(row, parcel, place, EventType.PARCEL_SHELVED, facts, act=act)


def sort(
    delivery_id: str, number: int, shown: Shown, *, desk: AtDesk, label_mac: Mac, act: Act
) -> Sorted:
    """Put a station's parcel into the bay of its run; it is taken in by the same scan.

    From the first parcel on, the run keeps what it carries.

    Raises:
        DomainError: `no_bay_yet` while the delivery is in no run, and as `take_in` and `shelve`.
    """
    row, parcel = _parcel(delivery_id, number, desk.store_id, SiteKind.STATION)
    seen = _seen(row, parcel, shown, label_mac, desk=desk, act=act)
    run = runs.run(row.run_id, lock=True) if row.run_id else None
    if run is None or run.bay is None or run.wave_at is None:
        raise DomainError("no_bay_yet")
    if parcel.holder_kind == "carrier":
        _take(row, parcel, seen, desk=desk, act=act)
    if parcel.place != str(run.bay):
        run.sealed_at = run.sealed_at or act.now
        facts = {"parcel": number, "bay": run.bay, "wave": to_milliseconds(run.wave_at)}
        _put(row, parcel, str(run.bay), EventType.PARCEL_SORTED, facts, act=act)
    return Sorted(run.id, run.bay)


def _parcel(
    delivery_id: str, number: int, store_id: str, *kinds: SiteKind
) -> tuple[Delivery, Parcel]:
    row = delivery_service.of_store(delivery_id, store_id)
    site = sites.site(row.site_id)
    if site is None or SiteKind(site.kind) not in kinds:
        raise DomainError("no_carriers_here")
    status = DeliveryStatus(row.status)
    if status is DeliveryStatus.CANCELLED:
        raise DomainError("delivery_cancelled")
    if status in ENDED:
        raise DomainError("delivery_closed")
    if status not in WITH_STORE:
        raise DomainError("parcel_with_driver")
    for parcel in deliveries.parcels(row.id):
        if parcel.number == number:
            return row, parcel
    raise DomainError("not_found")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a parcel's code and its carrier's phone come to."""

    evidence: str
    level: EvidenceLevel
    visit: CarrierVisit | None


def _seen(
    row: Delivery, parcel: Parcel, shown: Shown, mac: Mac, *, desk: AtDesk, act: Act
) -> _Seen:
    has_label = shown.text.startswith(PREFIX)
    if has_label:
        _require_label(row, parcel, shown.text, mac)
    elif not row.carrier_ref or carrier_code(shown.text) != row.carrier_ref:
        raise DomainError("parcel_unknown")
    visit = visits.visit_during(shown.visit_id, desk=desk, act=act) if shown.visit_id else None
    level = intake_level(has_label=has_label, is_in_visit=visit is not None)
    return _Seen("label" if has_label else "carrier_code", level, visit)


def _require_label(row: Delivery, parcel: Parcel, text: str, mac: Mac) -> None:
    scanned = parse(text)
    if not isinstance(scanned.token, Label):
        raise DomainError("wrong_code_kind", expected="Scan the label on the parcel.")
    label = verify_label(scanned, mac)
    if (label.handle, label.n) != (row.handle, parcel.number):
        raise DomainError("other_delivery")


def _take(row: Delivery, parcel: Parcel, seen: _Seen, *, desk: AtDesk, act: Act) -> None:
    parcel.holder_kind, parcel.holder_id = "store", row.store_id
    parcel.held_since = act.at
    visit = seen.visit
    session().add(
        Intake(
            id=new_id("int"),
            delivery_id=row.id,
            number=parcel.number,
            store_id=row.store_id,
            level=seen.level.value,
            evidence_kind=seen.evidence,
            desk_kid=desk.desk_kid,
            clerk_id=desk.clerk_id,
            occurred_at=act.at,
            received_at=act.now,
            visit_id=visit.id if visit is not None else None,
        )
    )
    delivery_service.touch(row)
    facts = {
        "level": seen.level.value,
        "evidence": seen.evidence,
        "parcel": parcel.number,
        "parcels": row.parcel_count,
        "desk_kid": desk.desk_kid,
        **(visits.facts_of(visit) if visit is not None else {}),
    }
    subject = deliveries.subject(row, driver_id=visit.driver_id if visit is not None else None)
    record([NewEvent(EventType.HANDOFF_TAKEN_IN, subject, facts)], act=act)


def _put(
    row: Delivery,
    parcel: Parcel,
    place: str,
    event: EventType,
    facts: Mapping[str, str | int],
    *,
    act: Act,
) -> None:
    parcel.place = place
    parcel.placed_at = act.at
    delivery_service.touch(row)
    record([NewEvent(event, deliveries.subject(row), facts)], act=act)
    if all(each.placed_at is not None for each in deliveries.parcels(row.id)):
        delivery_service.pack(row.id, store_id=row.store_id, act=act)
