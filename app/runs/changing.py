"""Changing a delivery that may be part of a run: the run is planned again where it matters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.deliveries import ordering
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.placing import REACH_M
from app.deliveries.queries import Delivery, Recipient
from app.deliveries.service import FORM_AFTER
from app.domain.act import Act
from app.domain.delivery import BEFORE_CLAIM, ENDED, WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.forming import plan_run
from app.domain.geo import METRES_PER_MILE, Point, distance_m
from app.domain.run import RunStatus
from app.domain.run_plan import RunPlan
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.persistence.transaction import session
from app.runs import forming, looking, queries
from app.runs.queries import Run
from app.sites import queries as sites


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a merchant wants otherwise; None leaves a thing as it is.

    A new window brings its own promise: None for `promised_until` is then its end.
    """

    recipient_name: str | None = None
    phone: str | None = None
    street: str | None = None
    unit: str | None = None
    city: str | None = None
    postal_code: str | None = None
    point: Point | None = None
    instructions: str | None = None
    leave_at_door: bool | None = None
    proof: str | None = None
    value_minor: int | None = None
    ready_at: datetime | None = None
    window_from: datetime | None = None
    window_until: datetime | None = None
    promised_until: datetime | None = None


#: What concerns the way: it may change until a driver has the run.
_OF_THE_WAY: Final = ("street", "city", "postal_code", "point", "window_from", "window_until")
_OF_THE_PERSON: Final = ("phone", "street", "unit", "instructions")
_OF_THE_DELIVERY: Final = (
    "city",
    "postal_code",
    "leave_at_door",
    "proof",
    "value_minor",
    "ready_at",
    "window_from",
    "window_until",
)


def change_delivery(delivery_id: str, changes: Changes, *, merchant_id: str, act: Act) -> Delivery:
    """Change a merchant's delivery until it is picked up; address and window until a driver comes.

    Raises:
        DomainError: `not_found`, `delivery_not_changeable`, `window_past`, `address_outside`.
    """
    found = ordering.own_delivery(delivery_id, merchant_id)
    run = queries.run(found.run_id, lock=True) if found.run_id else None
    row = ordering.own_delivery(delivery_id, merchant_id)
    given = {name: value for name, value in _given(changes).items() if value is not None}
    is_moved = any(name in given for name in _OF_THE_WAY)
    status = DeliveryStatus(row.status)
    if status not in WITH_STORE or (is_moved and status not in BEFORE_CLAIM):
        raise DomainError("delivery_not_changeable")
    if not given:
        return row
    person = deliveries.recipient(row.id)
    if person is None:
        raise DomainError("delivery_not_changeable")
    _write(row, person, given)
    if row.window_until <= act.now or row.window_until <= row.window_from:
        raise DomainError("window_past")
    _require_near(row)
    _record(row, given, act=act)
    if is_moved or "ready_at" in given:
        _plan_again(row, run, now=act.now)
    return row


def readdress(delivery_id: str, door: Changes, *, store_id: str, act: Act) -> Delivery:
    """Send an order that was typed at its store's desk to another door, until a driver claims it.

    Window and price stay as they were promised.

    Args:
        delivery_id: Of the store's own delivery.
        door: Street, unit, city, postal code and point, all of them.
        store_id: Of the desk.
        act: The clerk's.

    Raises:
        DomainError: `not_found`, `delivery_closed`, `not_by_hand`, `address_fixed`,
            `address_outside`, `address_not_in_time` when the window ends before anybody who sets
            out now could be there.
    """
    found = delivery_service.of_store(delivery_id, store_id)
    run = queries.run(found.run_id, lock=True) if found.run_id else None
    row = delivery_service.of_store(delivery_id, store_id)
    person = deliveries.recipient(row.id)
    if DeliveryStatus(row.status) in ENDED or person is None:
        raise DomainError("delivery_closed")
    if not row.is_by_hand:
        raise DomainError("not_by_hand")
    if not can_readdress(row, run):
        raise DomainError("address_fixed")
    given = {name: value for name, value in _given(door).items() if value is not None}
    _write(row, person, given)
    _require_near(row)
    _require_in_time(row, act.now)
    _record(row, given, act=act)
    _plan_again(row, run, now=act.now)
    return row


def can_readdress(row: Delivery, run: Run | None) -> bool:
    """Tell whether the desk that typed an order may send it to another door now."""
    is_sorted = run is not None and run.sealed_at is not None
    return row.is_by_hand and DeliveryStatus(row.status) in BEFORE_CLAIM and not is_sorted


def _record(row: Delivery, given: dict[str, Any], *, act: Act) -> None:
    delivery_service.touch(row)
    personal = {name: given[name] for name in ("recipient_name", *_OF_THE_PERSON) if name in given}
    event = NewEvent(
        EventType.DELIVERY_CHANGED,
        deliveries.subject(row),
        {"fields": sorted(given)},
        personal or None,
    )
    record([event], act=act)


def _given(changes: Changes) -> dict[str, Any]:
    return {name: getattr(changes, name) for name in Changes.__dataclass_fields__}


def _write(row: Delivery, person: Recipient, given: dict[str, Any]) -> None:
    for name in _OF_THE_PERSON:
        if name in given:
            setattr(person, name, given[name])
    for name in _OF_THE_DELIVERY:
        if name in given:
            setattr(row, name, given[name])
    if "window_until" in given:
        row.promised_until = given.get("promised_until")
    if "recipient_name" in given:
        person.name = given["recipient_name"]
        person.first_name = person.name.split()[0]
    if "point" in given:
        row.lat, row.lon = given["point"].lat_deg, given["point"].lon_deg


def _require_near(row: Delivery) -> None:
    store = sites.store(row.store_id)
    if store is None:
        raise DomainError("not_found")
    away_m = distance_m(Point(store.lat, store.lon), Point(row.lat, row.lon))
    if away_m > REACH_M:
        raise DomainError(
            "address_outside", distance=f"{away_m / METRES_PER_MILE:.1f} mi", limit="10 mi"
        )


def _require_in_time(row: Delivery, now: datetime) -> None:
    if not _plan_alone(row, now=now).keeps_windows:
        raise DomainError("address_not_in_time")


def _plan_alone(row: Delivery, *, now: datetime) -> RunPlan:
    stores = sites.stores_by_id({row.store_id})
    order = looking.open_delivery(row, stores)
    return plan_run([order], looking.forming_site(row.site_id), now, None)


def _plan_again(row: Delivery, run: Run | None, *, now: datetime) -> None:
    """Take a delivery out of its run on offer, and let it look for the right one."""
    if run is None or run.status != RunStatus.OFFERED.value:
        return
    row.run_id = None
    session().flush()
    forming.plan_offer(run, forming.waiting_in([run.id]), now=now)
    enqueue(
        "form_runs",
        {"site_id": row.site_id},
        key=f"form_runs:{row.site_id}",
        run_at=now + FORM_AFTER,
        now=now,
    )


def run_alone(row: Delivery, *, now: datetime) -> Run:
    """Put a delivery that waits for a driver into a run of its own, and return that.

    Raises:
        LookupError: Never, as long as the plan is written.
    """
    before = queries.run(row.run_id, lock=True) if row.run_id else None
    if before is not None:
        rest = [each for each in forming.waiting_in([before.id]) if each.id != row.id]
        if not rest:
            return before
        row.run_id = None
        session().flush()
        forming.plan_offer(before, rest, now=now)
    forming.write_plan(_plan_alone(row, now=now), None, [row], site_id=row.site_id, now=now)
    run = queries.run(row.run_id or "")
    if run is None:
        message = "a planned run is missing"
        raise LookupError(message)
    return run
