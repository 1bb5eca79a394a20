"""Rows as merchants' programs get them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from flask import current_app

from app.accounts import queries as accounts
from app.api.v1.asking import is_test, my_key
from app.api.v1.shapes import (
    CustodyOut,
    DeliveryOut,
    DoorOut,
    DriverOut,
    FailedTryOut,
    HandOut,
    HoursOut,
    Money,
    ParcelOut,
    PersonOut,
    PromisedOut,
    QuoteOut,
    StoreOut,
    WindowOut,
)
from app.deliveries import queries as deliveries
from app.deliveries.ordering import Quote
from app.deliveries.queries import Addressed, Addressee, Delivery
from app.domain.api_key import Scope
from app.domain.delivery import ENDED, WITH_STORE, CancelReason, DeliveryStatus
from app.domain.foreign_status import FOREIGN
from app.domain.opening import Hours
from app.domain.pin import pin_of
from app.domain.run import HELD, RunStatus, StopStatus
from app.eventlog import queries as eventlog
from app.keys import Keys
from app.runs import queries as runs
from app.runs.queries import Run, Stop
from app.sites import hours as store_hours
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.tracking.custody import FailedTry, Hand, custody_view
from app.tracking.links import tracking_token
from app.web.formats import iso, iso_or_none

WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_OPEN: Final = (StopStatus.AHEAD.value, StopStatus.ARRIVED.value)


@dataclass(frozen=True, slots=True)
class _Around:
    """What several deliveries' answers need besides their rows; a fixed number of queries."""

    addressed: Mapping[str, Addressed]
    ends: Mapping[str, tuple[int, bytes]]
    runs: Mapping[str, Run]
    stops: Mapping[str, list[Stop]]
    drivers: Mapping[str, DriverOut]


def delivery_out(row: Delivery) -> DeliveryOut:
    """Return one delivery. Six queries at most; two without a run."""
    return deliveries_out([row])[0]


def deliveries_out(rows: Sequence[Delivery]) -> list[DeliveryOut]:
    """Return deliveries in their order. Six queries at most, however many there are."""
    around = _around(rows)
    return [_delivery(row, around) for row in rows]


def _around(rows: Sequence[Delivery]) -> _Around:
    ids = [row.id for row in rows]
    run_ids = {row.run_id for row in rows if row.run_id is not None}
    found = runs.runs_by_id(run_ids) if run_ids else {}
    driver_ids = {run.driver_id for run in found.values() if run.driver_id is not None}
    people = accounts.people_by_id(driver_ids) if driver_ids else {}
    drivers = accounts.drivers_by_id(driver_ids) if driver_ids else {}
    return _Around(
        addressed=deliveries.addressed(ids) if ids else {},
        ends=eventlog.chain_ends(ids) if ids else {},
        runs=found,
        stops=runs.stops_of_runs(list(found)) if found else {},
        drivers={
            each: DriverOut(first_name=people[each].first_name, vehicle=drivers[each].vehicle)
            for each in driver_ids
            if each in people and each in drivers
        },
    )


def _delivery(row: Delivery, around: _Around) -> DeliveryOut:
    keys: Keys = current_app.extensions["mallrun_keys"]
    status = DeliveryStatus(row.status)
    currency, person = around.addressed[row.id]
    run = around.runs.get(row.run_id or "")
    sequence, head = around.ends.get(row.id, (-1, b""))
    url = current_app.extensions["mallrun_settings"].public_url
    shows_pin = Scope.PIN_READ in my_key().scopes and status not in ENDED
    return DeliveryOut(
        id=row.id,
        mode="test" if is_test() else "live",
        merchant_ref=row.merchant_ref,
        store_id=row.store_id,
        status=status,
        shopify_status=FOREIGN[status].shopify,
        uber_direct_status=FOREIGN[status].uber_direct,
        doordash_drive_status=FOREIGN[status].doordash_drive,
        price=_price(row, currency),
        recipient=PersonOut(name=person.name, phone=person.phone) if person else None,
        dropoff=_door(row, person),
        parcel_count=row.parcel_count,
        ready_at=iso(row.packed_at or row.ready_at),
        window=PromisedOut(
            from_=iso(row.window_from),
            until=iso(row.told_until),
            planned_until=iso(row.window_until),
        ),
        proof=cast("Literal['photo', 'pin', 'none']", row.proof),
        value_minor=row.value_minor,
        tip_minor=row.tip_minor,
        driver=around.drivers.get(run.driver_id or "") if _is_named(run, status) and run else None,
        eta=_eta(row, around.stops.get(row.run_id or "", []), status),
        evidence=row.verification,
        tracking_url=f"{url}/t/{tracking_token(row, keys.mac('tracking'))}",
        pin=pin_of(keys.mac("pin"), row.handle, row.pin_version) if shows_pin else None,
        created_at=iso(row.created_at),
        picked_up_at=iso_or_none(row.picked_up_at),
        ended_at=iso_or_none(row.ended_at),
        cancel_reason=CancelReason(row.cancel_reason) if row.cancel_reason else None,
        sequence=sequence,
        head=head.hex(),
    )


def _price(row: Delivery, currency: str) -> Money | None:
    if row.price_minor is None:
        return None
    return Money(amount_minor=row.price_minor, currency=currency)


def _door(row: Delivery, person: Addressee | None) -> DoorOut:
    return DoorOut(
        street=person.street if person else "",
        unit=person.unit if person else "",
        city=row.city,
        postal_code=row.postal_code,
        lat=row.lat,
        lon=row.lon,
        instructions=person.instructions if person else "",
        leave_at_door=row.leave_at_door,
    )


def _is_named(run: Run | None, status: DeliveryStatus) -> bool:
    """Tell whether a driver has anything to do with a delivery: from the claim on."""
    if run is None or run.driver_id is None:
        return False
    return RunStatus(run.status) in HELD or status not in WITH_STORE


def _eta(row: Delivery, stops: Sequence[Stop], status: DeliveryStatus) -> str | None:
    if status in ENDED:
        return None
    mine = (stop for stop in stops if stop.delivery_id == row.id and stop.status in _OPEN)
    return next((iso(stop.planned_at) for stop in mine), None)


def quote_out(row: Quote) -> QuoteOut:
    """Return a quote."""
    return QuoteOut(
        id=row.id,
        store_id=row.store_id,
        price=Money(amount_minor=row.price_minor, currency=row.currency),
        parcel_count=row.parcel_count,
        ready_at=iso(row.ready_at),
        window=WindowOut(from_=iso(row.window_from), until=iso(row.window_until)),
        created_at=iso(row.created_at),
        expires_at=iso(row.expires_at),
        delivery_id=row.delivery_id,
    )


def stores_out(rows: Sequence[Store]) -> list[StoreOut]:
    """Return stores in their order. Two queries."""
    known = sites.sites_by_id({row.site_id for row in rows})
    hours = store_hours.hours_of_stores([row.id for row in rows])
    return [_store(row, known[row.site_id], hours[row.id]) for row in rows]


def _store(row: Store, site: Site, hours: Hours) -> StoreOut:
    return StoreOut(
        id=row.id,
        name=row.name,
        site=site.name,
        city=site.city,
        timezone=site.timezone,
        currency=site.currency,
        lat=row.lat,
        lon=row.lon,
        hours=[
            HoursOut(
                weekday=WEEKDAYS[weekday],
                opens=clock_text(opening.opens_min),
                closes=clock_text(opening.closes_min),
            )
            for weekday, opening in sorted(hours.items())
        ],
    )


def clock_text(minutes: int) -> str:
    """Return minutes after midnight as `10:00`; the day's end is `24:00`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def custody_out(row: Delivery) -> CustodyOut:
    """Return through whose hands a delivery went. Seven queries."""
    view = custody_view(row)
    sequence, head = eventlog.chain_ends([row.id])[row.id]
    return CustodyOut(
        delivery_id=row.id,
        handle=row.handle,
        sequence=sequence,
        head=head.hex(),
        parcels=[
            ParcelOut(
                number=each.number,
                holder=cast("Any", each.holder_kind),
                held_since=iso(each.held_since),
            )
            for each in deliveries.parcels(row.id)
        ],
        hands=[
            HandOut(
                giver=each.giver,
                taker=each.taker,
                driver=each.driver,
                evidence=each.evidence,
                level=each.level.value,
                at=iso(each.at),
            )
            for each in view.steps
            if isinstance(each, Hand)
        ],
        failed_tries=[
            FailedTryOut(reason=each.reason.value, at=iso(each.at))
            for each in view.steps
            if isinstance(each, FailedTry)
        ],
    )
