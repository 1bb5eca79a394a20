"""Reading one delivery the way the holder of its link may see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts import queries as accounts
from app.accounts.queries import Driver, Person
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery, Recipient
from app.domain.delivery import (
    ENDED,
    LINK_LIFE,
    ON_THE_WAY,
    WITH_STORE,
    CancelReason,
    DeliveryStatus,
    Mover,
    ProofKind,
    can_customer_change,
    is_pin_visible,
)
from app.domain.eta import DEFAULT_SPREAD
from app.domain.events import FOR_CUSTOMERS, EventType
from app.domain.masking import masked_street
from app.domain.pin import MAX_PIN_TRIES, pin_of
from app.domain.position import shown_point, visible_position
from app.domain.run import HELD, FailReason, RunStatus, StopKind, StopStatus
from app.domain.site import INBOUND, SiteKind
from app.domain.tracking import SeenFix, ShownProof, TimelineEntry, TrackingView
from app.eventlog import queries as eventlog
from app.eventlog.queries import EventRow
from app.eventlog.service import facts_of
from app.handoffs import queries as handoffs
from app.runs import arriving
from app.runs import queries as runs
from app.runs.queries import Run, Stop
from app.sites import queries as sites
from app.tracking.latest import LatestPositions

_OF_ADDRESS: Final = frozenset({"street", "unit", "city", "postal_code", "point"})
_OPEN: Final = (StopStatus.AHEAD.value, StopStatus.ARRIVED.value)


def is_link_over(row: Delivery, *, now: datetime) -> bool:
    """Tell whether a delivery ended so long ago that its link shows nothing any more."""
    return row.ended_at is not None and now - row.ended_at > LINK_LIFE


def tracking_view(
    row: Delivery,
    latest: LatestPositions,
    *,
    pin_mac: Callable[[bytes], bytes],
    now: datetime,
) -> TrackingView:
    """Return what the holder of a delivery's link may know now. At most ten queries.

    Args:
        row: The delivery.
        latest: Newest positions of drivers.
        pin_mac: `keys.mac("pin")`.
        now: The present, UTC.

    Source: the position rule and the authorisation matrix; nothing that they forbid is in the
    answer.
    """
    status = DeliveryStatus(row.status)
    site, store = sites.site(row.site_id), sites.store(row.store_id)
    if site is None or store is None:
        message = "a delivery without site or store"
        raise LookupError(message)
    events = eventlog.timeline(row.id, FOR_CUSTOMERS)
    ride = _ride(row, status, latest, now=now)
    eta = _eta(ride.stops, row.id) if status not in ENDED else None
    before = _doors_before(ride.stops, row.id)
    recipient = deliveries.recipient(row.id)
    is_visible = is_pin_visible(
        status, has_driver=ride.driver is not None, is_window_open=now >= row.window_from
    )
    return TrackingView(
        rev=f"{row.version}.{ride.run_version}",
        timezone=site.timezone,
        status=status,
        parcel_count=row.parcel_count,
        window_from=row.window_from,
        window_until=row.told_until,
        store_name=store.name,
        store_lat=store.lat,
        store_lon=store.lon,
        lat=row.lat,
        lon=row.lon,
        instructions=recipient.instructions if recipient is not None else "",
        leave_at_door=row.leave_at_door,
        can_change=recipient is not None and can_customer_change(status),
        address=_address(row, recipient),
        timeline=tuple(_entry(event) for event in events if _is_told(event)),
        driver_first_name=ride.person.first_name if ride.person is not None else None,
        driver_vehicle=ride.driver.vehicle if ride.driver is not None else "",
        eta=eta,
        stops_ahead=before or 0,
        spread=arriving.spread_at(row.site_id, eta - now) if eta is not None else DEFAULT_SPREAD,
        stops_before=before if status in ON_THE_WAY else None,
        is_position_allowed=ride.is_position_allowed,
        fix=ride.fix,
        pin=pin_of(pin_mac, row.handle, row.pin_version) if is_visible else None,
        is_pin_wanted=row.proof == ProofKind.PIN.value,
        is_pin_locked=row.pin_tries >= MAX_PIN_TRIES,
        proof=_proof(row.id) if status is DeliveryStatus.DELIVERED else None,
        ended_at=row.ended_at,
        fail_reason=_fail_reason(events),
        cancelled_by=_cancelled_by(events),
        cancel_reason=CancelReason(row.cancel_reason) if row.cancel_reason else None,
        site_kind=SiteKind(site.kind),
        is_with_carrier=_is_with_carrier(row, SiteKind(site.kind)),
    )


def _address(row: Delivery, recipient: Recipient | None) -> str:
    if recipient is None:
        return ""
    return ", ".join(filter(None, (masked_street(recipient.street), row.city)))


@dataclass(frozen=True, slots=True)
class _Ride:
    """Who brings a delivery, as far as its customer may know; empty before anybody does."""

    run_version: int
    stops: Sequence[Stop] = ()
    person: Person | None = None
    driver: Driver | None = None
    is_position_allowed: bool = False
    fix: SeenFix | None = None


def _ride(
    row: Delivery, status: DeliveryStatus, latest: LatestPositions, *, now: datetime
) -> _Ride:
    run = runs.run(row.run_id) if row.run_id else None
    if run is None or run.driver_id is None or not _has_driver(run, status):
        return _Ride(run.version if run is not None else 0)
    stops, driver = runs.stops_of_run(run.id), accounts.driver(run.driver_id)
    is_allowed, fix = _position(status, driver, stops, row.id, latest, now)
    person = accounts.person(run.driver_id)
    return _Ride(run.version, stops, person, driver, is_allowed, fix)


def _is_with_carrier(row: Delivery, kind: SiteKind) -> bool:
    if kind not in INBOUND:
        return False
    return any(each.holder_kind == "carrier" for each in deliveries.parcels(row.id))


def _has_driver(run: Run, status: DeliveryStatus) -> bool:
    is_held = RunStatus(run.status) in HELD
    # Before the claim, and after a release, nobody is named.
    return is_held or (run.driver_id is not None and status not in WITH_STORE)


def _doors_before(stops: Sequence[Stop], delivery_id: str) -> int | None:
    before = 0
    for stop in stops:
        if stop.delivery_id == delivery_id:
            return before
        if stop.status in _OPEN:
            before += 1
    return None


def _eta(stops: Sequence[Stop], delivery_id: str) -> datetime | None:
    for stop in stops:
        if stop.delivery_id == delivery_id and stop.status in _OPEN:
            return stop.planned_at
    return None


def _position(
    status: DeliveryStatus,
    driver: Driver | None,
    stops: Sequence[Stop],
    delivery_id: str,
    latest: LatestPositions,
    now: datetime,
) -> tuple[bool, SeenFix | None]:
    open_stops = [stop for stop in stops if stop.status in _OPEN]
    is_next = bool(open_stops) and open_stops[0].delivery_id == delivery_id
    if driver is None or status is not DeliveryStatus.ENROUTE_TO_DROPOFF or not is_next:
        return False, None
    fix = latest.get(driver.person_id)
    if fix is None:
        return driver.is_on_duty, None
    is_visible = visible_position(
        status,
        is_next_stop=True,
        fix_age_s=(now - fix.fixed_at).total_seconds(),
        on_duty=driver.is_on_duty,
    )
    if not is_visible:
        return driver.is_on_duty, None
    point = shown_point(fix)
    return True, SeenFix(point.lat_deg, point.lon_deg, fix.accuracy_m, fix.fixed_at)


def _is_told(event: EventRow) -> bool:
    """Tell whether a customer reads of an event; of what the store changes, only of the address."""
    if event.type != EventType.DELIVERY_CHANGED.value:
        return True
    fields = facts_of(event.record).get("fields")
    return isinstance(fields, list) and not _OF_ADDRESS.isdisjoint(map(str, fields))


def _entry(event: EventRow) -> TimelineEntry:
    event_type = EventType(event.type)
    stop = facts_of(event.record).get("stop") if event_type is EventType.STOP_ARRIVED else None
    return TimelineEntry(event_type, event.occurred_at, StopKind(stop) if stop else None)


def _proof(delivery_id: str) -> ShownProof | None:
    for handoff in handoffs.handoffs_of(delivery_id):
        if handoff.kind == "dropoff":
            has_photo = handoffs.final_proof(delivery_id) is not None
            return ShownProof(handoff.evidence_kind, handoff.occurred_at, has_photo=has_photo)
    return None


def _fail_reason(events: Sequence[EventRow]) -> FailReason | None:
    for event in reversed(events):
        if event.type == EventType.HANDOFF_FAILED.value:
            return FailReason(str(facts_of(event.record)["reason"]))
    return None


def _cancelled_by(events: Sequence[EventRow]) -> Mover | None:
    for event in reversed(events):
        if event.type == EventType.DELIVERY_CANCELLED.value:
            kind = event.actor.partition(":")[0]
            return Mover(kind) if kind in set(Mover) else Mover.DISPATCHER
    return None
