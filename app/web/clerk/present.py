"""The desk's state document; the shape is `frontend/clerk/api.ts`. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.accounts import queries as accounts
from app.accounts.clerks import WRONG_CODES_MAX
from app.accounts.queries import Device
from app.accounts.sessions import IDLE
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery, Recipient
from app.domain.area import area_label
from app.domain.delivery import WITH_STORE, DeliveryStatus, Mover, may_move
from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.run import HELD, RunStatus, StopKind, StopStatus
from app.domain.site import INBOUND, SiteKind
from app.handoffs import incidents
from app.handoffs import queries as handoffs
from app.handoffs.policy import needs_code
from app.runs import changing, giving_links
from app.runs import queries as runs
from app.runs.queries import Run, Stop
from app.sites import queries as sites
from app.sites.addresses import Suggestion
from app.sites.queries import Site, Store
from app.web import roster
from app.web.auth.identity import SignedIn
from app.web.checkpoint import newest_checkpoint
from app.web.clerk.inbound import inbound_lists, open_visit
from app.web.clerk.labels import label_codes
from app.web.formats import iso, iso_or_none, spoken_area
from app.web.incidents import for_store
from app.web.state import with_rev
from app.web.tickets import socket_ticket

Json = dict[str, Any]
_RETURNING: Final = frozenset({"enroute_to_return", "arrived_at_return"})


def desk_state(who: SignedIn, *, now: datetime) -> Json:
    """Return everything a store's desk shows; only counts while no clerk is signed in.

    Raises:
        DomainError: `not_signed_in` when the desk or its tablet is no longer in use.
    """
    desk = sites.desk(who.desk_id or "")
    device = accounts.active_desk_device(desk.id) if desk is not None else None
    store = sites.store(desk.store_id) if desk is not None else None
    site = sites.site(store.site_id) if store is not None else None
    if desk is None or device is None or store is None or site is None:
        raise DomainError("not_signed_in")
    clerk = accounts.clerk(who.clerk_id) if who.clerk_id else None
    board = _board(store, site, now)
    state: Json = {
        "server_time": iso(now),
        "desk": {"id": desk.id, "name": desk.name, "kid": device.kid},
        "store": _store(store, site),
        "clerk": None,
        "sign_in_locked": desk.wrong_codes >= WRONG_CODES_MAX,
        "counts": {name: len(board[name]) for name in ("to_pack", "ready", "arriving")},
        "checkpoint": newest_checkpoint(),
        "socket": {"ticket": socket_ticket("desk", store.id, who.session_id)},
        "server_keys": roster.server_keys(),
        "clerk_ids": [each.id for each in accounts.clerks_of_store(store.id)],
        **{name: [] for name in board},
        "visit": None,
    }
    if clerk is not None:
        idle_s = int(IDLE["clerk"].total_seconds())
        state["clerk"] = {
            "id": clerk.id,
            "number": clerk.number,
            "first_name": clerk.first_name,
            "idle_s": idle_s,
        }
        state |= board
        if SiteKind(site.kind) in INBOUND:
            state["visit"] = open_visit(device.kid, now=now)
    return with_rev(state)


def present_place(place: Suggestion) -> Json:
    """Return an address as the form takes it over."""
    return {
        "street": place.street,
        "city": place.city,
        "postal_code": place.postal_code,
        "lat": place.point.lat_deg,
        "lon": place.point.lon_deg,
        "near": list(place.near),
    }


def _store(store: Store, site: Site) -> Json:
    return {
        "id": store.id,
        "number": store.number,
        "name": store.name,
        "site_name": site.name,
        "floor": store.floor_name,
        "unit": store.unit,
        "timezone": site.timezone,
        "lat": store.lat,
        "lon": store.lon,
        "currency": site.currency,
        "site_kind": site.kind,
        "dispatcher_phone": site.dispatcher_phone,
    }


def _board(store: Store, site: Site, now: datetime) -> dict[str, list[Json]]:
    here = deliveries.at_store(store.id)
    gone = deliveries.gone_from_store(store.id, since=_start_of_day(now, site.timezone))
    stops = runs.open_stops_at_store(store.id)
    run_ids = {row.run_id for row in (*here, *gone) if row.run_id} | {stop.run_id for stop in stops}
    known = runs.runs_by_id(run_ids)
    held = {key: run for key, run in known.items() if run.driver_id is not None}
    names = accounts.people_by_id({run.driver_id for run in held.values() if run.driver_id})
    people = deliveries.recipients([row.id for row in (*here, *gone)])
    levels = handoffs.counter_levels([row.id for row in gone])
    centre = Point(site.lat, site.lon)

    def entry(row: Delivery) -> Json:
        run = held.get(row.run_id or "")
        # After a release nobody is named; a finished run keeps its driver.
        driver = names.get(run.driver_id or "") if run is not None else None
        shown = _entry(row, people.get(row.id), centre, driver.first_name if driver else None)
        return shown | {
            "needs_manager_code": needs_code(row, store),
            "can_readdress": changing.can_readdress(row, known.get(row.run_id or "")),
            "can_give_link": giving_links.can_give(row, run, now=now),
            "verification": levels.get(row.id),
        }

    return {
        "to_pack": [entry(row) for row in here if row.packed_at is None],
        "ready": [entry(row) for row in here if row.packed_at is not None],
        "arriving": _arriving(stops, held, (*here, *gone), people, store, now),
        "gone": [entry(row) for row in gone],
        "incidents": _incidents((*here, *gone)),
        **inbound_lists(site, here, people),
    }


def _incidents(rows: Sequence[Delivery]) -> list[Json]:
    by_id = {row.id: row for row in rows}
    return for_store(incidents.open_incidents(list(by_id)), by_id)


def _start_of_day(now: datetime, timezone: str) -> datetime:
    zone = ZoneInfo(timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _entry(row: Delivery, person: Recipient | None, centre: Point, driver: str | None) -> Json:
    status = DeliveryStatus(row.status)
    return {
        "id": row.id,
        "handle": row.handle,
        "status": row.status,
        "merchant_ref": row.merchant_ref,
        "recipient_first_name": person.first_name if person is not None else "",
        "area": spoken_area(area_label(row.postal_code, Point(row.lat, row.lon), centre)),
        "parcel_count": row.parcel_count,
        "label_codes": label_codes(row),
        "ready_at": iso(row.ready_at),
        "window": {"from": iso(row.window_from), "until": iso(row.told_until)},
        "packed_at": iso_or_none(row.packed_at),
        "proof": row.proof,
        "driver_first_name": driver,
        "handed_over_at": iso_or_none(row.picked_up_at),
        "value_minor": row.value_minor,
        "cancel_reason": row.cancel_reason,
        "is_by_hand": row.is_by_hand,
        "can_cancel": may_move(status, DeliveryStatus.CANCELLED, Mover.CLERK),
    }


def _arriving(
    stops: Sequence[Stop],
    held: Mapping[str, Run],
    rows: Sequence[Delivery],
    people: Mapping[str, Recipient],
    store: Store,
    now: datetime,
) -> list[Json]:
    driver_ids = {held[stop.run_id].driver_id for stop in stops if stop.run_id in held} - {None}
    ids = [driver_id for driver_id in driver_ids if driver_id is not None]
    persons, drivers = accounts.people_by_id(ids), accounts.drivers_by_id(ids)
    phones = accounts.active_phones(ids)
    found: list[Json] = []
    for stop in stops:
        run = held.get(stop.run_id)
        if run is None or run.driver_id is None or RunStatus(run.status) not in HELD:
            continue
        person = persons[run.driver_id]
        has_arrived = stop.status == StopStatus.ARRIVED.value
        found.append(
            {
                "run_id": run.id,
                "epoch": run.epoch,
                "driver": {
                    "person_id": person.id,
                    "first_name": person.first_name,
                    "photo_url": f"/desk/api/drivers/{person.id}/photo"
                    if person.photo_key
                    else None,
                    "vehicle": drivers[run.driver_id].vehicle,
                    **_phone(phones.get(run.driver_id), person.first_name, now),
                },
                "eta_at": iso(stop.planned_at),
                "arrived_at": iso_or_none(stop.arrived_at) if has_arrived else None,
                "deliveries": [
                    _parcels(row, people.get(row.id), stop.kind, store)
                    for row in rows
                    if row.run_id == run.id and _is_for(stop, row)
                ],
            }
        )
    return found


def _phone(phone: Device | None, first_name: str, now: datetime) -> Json:
    """Return what a tablet needs to trust a driver's phone; `kid` 0 when there is none."""
    if phone is None:
        return {"kid": 0, "public_key": None, "entry": None}
    entry = roster.phone_entry(phone, first_name, now=now)
    return {"kid": phone.kid, "public_key": phone.public_key, "entry": entry}


def _is_for(stop: Stop, row: Delivery) -> bool:
    if stop.kind == StopKind.RETURN.value:
        return row.status in _RETURNING
    return row.status != DeliveryStatus.CANCELLED.value


def _parcels(row: Delivery, person: Recipient | None, kind: str, store: Store) -> Json:
    is_pickup = kind == StopKind.PICKUP.value
    return {
        "id": row.id,
        "handle": row.handle,
        "parcel_count": row.parcel_count,
        "packed": row.packed_at is not None,
        "recipient_first_name": person.first_name if person is not None else "",
        "direction": "pickup" if is_pickup else "return",
        "done": is_pickup and DeliveryStatus(row.status) not in WITH_STORE,
        "needs_manager_code": is_pickup and needs_code(row, store),
    }
