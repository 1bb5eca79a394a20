"""Parcels that carriers bring to a hub or a station: taken in, and put on a shelf or into a bay.

The hand from the carrier to the store is one-sided: the desk says so. A label that was scanned
shows that the parcel was there (E1); a typed code of the carrier shows nothing (E0).
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
from app.eventlog.service import NewEvent, record
from app.handoffs.models import Intake
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import queries as runs
from app.sites import queries as sites

Mac = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Where parcels come in: the store, its tablet's key and who is at it."""

    store_id: str
    desk_kid: int
    clerk_id: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """Where a station's parcel belongs."""

    run_id: str
    bay: int


def take_in(
    delivery_id: str, number: int, text: str, *, desk: AtDesk, label_mac: Mac, act: Act
) -> str:
    """Record that a carrier's parcel has come in; return the level. Twice is answered as once.

    Args:
        delivery_id: The delivery.
        number: Which of its parcels.
        text: The label's code as it was scanned, or the carrier's own code.
        desk: Where.
        label_mac: HMAC under the label key.
        act: Who does it, and when.

    Raises:
        DomainError: `not_found`, `no_carriers_here`, `parcel_unknown`, `other_delivery`,
            `delivery_cancelled`, `delivery_closed`, and what `parse` and `verify_label` say.
    """
    row, parcel = _parcel(delivery_id, number, desk.store_id, SiteKind.STATION, SiteKind.HUB)
    evidence, level = _evidence(row, parcel, text, label_mac)
    if parcel.holder_kind != "carrier":
        return level.value
    _take(row, parcel, evidence, level, desk=desk, act=act)
    return level.value


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
    delivery_id: str, number: int, text: str, *, desk: AtDesk, label_mac: Mac, act: Act
) -> Sorted:
    """Put a station's parcel into the bay of its run; it is taken in by the same scan.

    From the first parcel on, the run keeps what it carries.

    Raises:
        DomainError: `no_bay_yet` while the delivery is in no run, and as `take_in` and `shelve`.
    """
    row, parcel = _parcel(delivery_id, number, desk.store_id, SiteKind.STATION)
    evidence, level = _evidence(row, parcel, text, label_mac)
    run = runs.run(row.run_id, lock=True) if row.run_id else None
    if run is None or run.bay is None or run.wave_at is None:
        raise DomainError("no_bay_yet")
    if parcel.holder_kind == "carrier":
        _take(row, parcel, evidence, level, desk=desk, act=act)
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


def _evidence(row: Delivery, parcel: Parcel, text: str, mac: Mac) -> tuple[str, EvidenceLevel]:
    if not text.startswith(PREFIX):
        if not row.carrier_ref or carrier_code(text) != row.carrier_ref:
            raise DomainError("parcel_unknown")
        return "carrier_code", EvidenceLevel.E0
    scanned = parse(text)
    if not isinstance(scanned.token, Label):
        raise DomainError("wrong_code_kind", expected="Scan the label on the parcel.")
    label = verify_label(scanned, mac)
    if (label.handle, label.n) != (row.handle, parcel.number):
        raise DomainError("other_delivery")
    return "label", EvidenceLevel.E1


def _take(
    row: Delivery, parcel: Parcel, evidence: str, level: EvidenceLevel, *, desk: AtDesk, act: Act
) -> None:
    parcel.holder_kind, parcel.holder_id = "store", row.store_id
    parcel.held_since = act.at
    session().add(
        Intake(
            id=new_id("int"),
            delivery_id=row.id,
            number=parcel.number,
            store_id=row.store_id,
            level=level.value,
            evidence_kind=evidence,
            desk_kid=desk.desk_kid,
            clerk_id=desk.clerk_id,
            occurred_at=act.at,
            received_at=act.now,
        )
    )
    delivery_service.touch(row)
    facts = {
        "level": level.value,
        "evidence": evidence,
        "parcel": parcel.number,
        "parcels": row.parcel_count,
        "desk_kid": desk.desk_kid,
    }
    record([NewEvent(EventType.HANDOFF_TAKEN_IN, deliveries.subject(row), facts)], act=act)


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
