"""The driver's state document; the shape is `frontend/driver/api.ts`. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.accounts import queries as accounts
from app.accounts.queries import Tablet
from app.deliveries import queries as deliveries
from app.domain.delivery import WITH_DRIVER, WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.lapse import KEEPS_MAX, STILL_FOR
from app.domain.pin import MAX_PIN_TRIES
from app.domain.run import RunStatus, StopKind, StopStatus
from app.domain.site import SiteKind, may_work
from app.handoffs import incidents
from app.handoffs.policy import needs_code
from app.runs import lapsing, reordering, under_way
from app.runs import queries as runs
from app.runs.under_way import (
    Addressee,
    AtWork,
    Carried,
    Content,
    Counter,
    HeldRun,
    OpenProposal,
    Place,
    RunStop,
)
from app.sites import queries as sites
from app.sites.queries import Site
from app.web import roster
from app.web.auth.identity import signed_in
from app.web.checkpoint import newest_checkpoint
from app.web.driver.offers import answers_of, offers_of
from app.web.driver.pay import finished_json, pay_json, wave_json
from app.web.formats import iso, iso_or_none
from app.web.incidents import for_driver
from app.web.state import with_rev
from app.web.tickets import challenge_for, socket_ticket

#: The app shows what the last run earned for this long; afterwards the earnings list has it.
LAST_RUN_SHOWN: Final = timedelta(hours=1)
#: A claim that lapsed is explained for this long, or until the next claim.
LAPSE_SHOWN: Final = timedelta(hours=2)
_CLOSED: Final = frozenset({StopStatus.DONE.value, StopStatus.SKIPPED.value})

Json = dict[str, Any]


def driver_state(person_id: str, *, now: datetime) -> Json:
    """Return everything the driver's app shows.

    Raises:
        DomainError: `not_found` when the person does not drive.
    """
    found = under_way.at_work(person_id)
    if found is None:
        raise DomainError("not_found")
    person, driver, run = found.person, found.driver, found.run
    is_looking = driver.is_on_duty and run is None
    duty_site = sites.site(driver.duty_site_id or "") if is_looking else None
    choices = [
        site
        for site in _known_sites(found)
        if may_work(driver.hub_id, site.id, SiteKind(site.kind))
    ]
    return with_rev(
        {
            "server_time": iso(now),
            "me": {
                "id": person_id,
                "name": person.name,
                "first_name": person.first_name,
                "photo_url": "/driver/api/photo/me" if person.photo_key else None,
                "vehicle": driver.vehicle,
                "vehicle_class": driver.vehicle_class,
                "shift_until": iso_or_none(driver.shift_until),
                "is_approved": driver.is_approved,
                "on_duty": driver.is_on_duty,
                "duty_site_id": driver.duty_site_id,
            },
            "device": {"kid": found.phone_kid, "challenge": challenge_for(person_id)},
            "sites": [_site_choice(site) for site in choices],
            "offers": offers_of(driver, duty_site, now) if duty_site is not None else [],
            "answers": answers_of(person_id, now) if is_looking else [],
            "timezone": found.place.timezone if found.place is not None else None,
            "dispatcher_phone": _number_to_call(found, choices),
            "run": _run(found, now),
            "lapsed": _lapsed(person_id, now) if run is None else None,
            "incidents": _incidents(person_id, now),
            "last_finished": _last_finished(person_id, now) if run is None else None,
            "server_keys": roster.server_keys(),
            "checkpoint": newest_checkpoint(),
            "socket": {"ticket": socket_ticket("driver", person_id, signed_in().session_id)},
        }
    )


def _known_sites(found: AtWork) -> Sequence[Site | Place]:
    """Return the place of the run or of duty; all places only to who still has to choose one."""
    driver, here = found.driver, found.place
    is_placed = here is not None and (found.run is not None or driver.is_on_duty)
    known: list[Site | Place] = [here] if here is not None and is_placed else []
    if driver.hub_id is not None and driver.hub_id not in {each.id for each in known}:
        known.extend(sites.sites_by_id([driver.hub_id]).values())
    return known or sites.all_sites()


def _number_to_call(found: AtWork, choices: Sequence[Site | Place]) -> str | None:
    """Return the dispatcher's number of the place of the run or of duty.

    Without either it is of the one place that can be meant: the only one where the driver may work,
    or else that of the last run.
    """
    if found.place is not None:
        return found.place.dispatcher_phone
    if len(choices) > 1:
        last = runs.last_site(found.driver.person_id)
        choices = [site for site in choices if site.id == last]
    return choices[0].dispatcher_phone if choices else None


def _site_choice(site: Site | Place) -> Json:
    return {"id": site.id, "name": site.name, "city": site.city, "lat": site.lat, "lon": site.lon}


def _incidents(person_id: str, now: datetime) -> list[Json]:
    told = incidents.told_to(person_id, now=now)
    concerned = deliveries.deliveries_by_id({row.delivery_id for row in told}) if told else {}
    return for_driver(told, concerned)


@dataclass(frozen=True, slots=True)
class _RunParts:
    """A held run with all that its stops show, read once."""

    run: HeldRun
    site: Place
    rows: Mapping[str, Carried]
    people: Mapping[str, Addressee]
    stores: Mapping[str, Counter]
    tablets: Sequence[Tablet]
    #: Delivery id -> ticket, while its parcels wait at a store and the phone has a key.
    tickets: Mapping[str, str]
    now: datetime


def _run(found: AtWork, now: datetime) -> Json | None:
    run, site = found.run, found.place
    if run is None or site is None:
        return None
    contents = under_way.contents(run.id)
    rows = {each.delivery.id: each.delivery for each in contents}
    stores = {each.store.id: each.store for each in contents}
    # What went to another driver is none of this one's business any more.
    stops = [
        stop
        for stop in under_way.stops(run.id)
        if stop.delivery_id in rows or stop.store_id in stores
    ]
    parts = _RunParts(
        run,
        site,
        rows,
        {each.delivery.id: each.person for each in contents if each.person is not None},
        stores,
        accounts.tablets_of_stores(list(stores)),
        _tickets(run, contents, found.phone_kid, now),
        now,
    )
    return {
        "id": run.id,
        "rev": run.version,
        "epoch": run.epoch,
        "status": run.status,
        "site": _run_site(site),
        "stops": [_stop(parts, stop) for stop in stops if _has_work(parts, stop)],
        "current_stop_id": next((stop.id for stop in stops if stop.status not in _CLOSED), None),
        **pay_json(under_way.pay(run.id), run.currency),
        "minutes": -(-run.duration_s // 60),
        "distance_m": run.distance_m,
        "claimed_at": iso_or_none(run.claimed_at),
        "wave": wave_json(run),
        "can_release": run.status == RunStatus.CLAIMED.value,
        "lapse": _lapse(run, now),
        "proposal": _proposal(found.proposal, stops),
        "tickets": [
            {"handle": parts.rows[key].handle, "text": text} for key, text in parts.tickets.items()
        ],
    }


def _proposal(asked: OpenProposal | None, stops: Sequence[RunStop]) -> Json | None:
    """Return another order of stops that the driver is asked to take, or None.

    Not at a door, where hands are full, nor once one of its stops is done: a yes would be refused.
    """
    to_do = {stop.id for stop in stops if stop.status not in _CLOSED}
    order = reordering.stop_ids_of(asked) if asked is not None else ()
    if asked is None or not {*order, asked.about_stop_id} <= to_do or reordering.is_at_door(stops):
        return None
    return {
        "id": asked.id,
        "reason": asked.reason,
        "about_stop_id": asked.about_stop_id,
        "saved_s": asked.saved_s,
        "late_saved_s": asked.late_saved_s,
        "wait_s": asked.wait_s,
        "stop_ids": list(order),
    }


def _lapse(run: HeldRun, now: datetime) -> Json | None:
    """Return the warning that a claim lapses: before the first collection, and not at once."""
    is_watched = run.claimed_at is not None and now - run.claimed_at >= STILL_FOR
    is_watched = is_watched and run.status == RunStatus.CLAIMED.value
    claim = runs.live_claim(run.id) if is_watched else None
    if claim is None or claim.lapses_at is None:
        return None
    return {"at": iso(claim.lapses_at), "can_keep": claim.kept_count < KEEPS_MAX}


def _lapsed(person_id: str, now: datetime) -> Json | None:
    """Return the claim that ended by itself a while ago, and whether its run can be had again."""
    claim = lapsing.lapsed_lately(person_id, since=now - LAPSE_SHOWN)
    run = runs.run(claim.run_id) if claim is not None else None
    site = sites.site(run.site_id) if run is not None else None
    if claim is None or run is None or site is None:
        return None
    return {
        "run_id": run.id,
        "site_name": site.name,
        "ended_at": iso_or_none(claim.ended_at),
        "is_on_offer": run.status == RunStatus.OFFERED.value and run.window_until > now,
    }


def _tickets(
    run: HeldRun, contents: Sequence[Content], phone_kid: int | None, now: datetime
) -> dict[str, str]:
    if phone_kid is None or run.claimed_at is None:
        return {}
    return {
        each.delivery.id: roster.ticket(
            each.delivery,
            phone_kid=phone_kid,
            store_number=each.store.number,
            epoch=run.epoch,
            claimed_at=run.claimed_at,
            now=now,
        )
        for each in contents
        if DeliveryStatus(each.delivery.status) in WITH_STORE
    }


def _run_site(site: Place) -> Json:
    return {
        "id": site.id,
        "name": site.name,
        "city": site.city,
        "timezone": site.timezone,
        "parking": {"lat": site.parking_lat, "lon": site.parking_lon, "note": site.parking_note},
        "entrance": {
            "lat": site.entrance_lat,
            "lon": site.entrance_lon,
            "name": site.entrance_name,
            "note": site.entrance_note,
        },
    }


def _has_work(parts: _RunParts, stop: RunStop) -> bool:
    """Tell whether something of a stop is still in this run; deliveries may have left it."""
    return stop.store_id in parts.stores if stop.store_id else stop.delivery_id in parts.rows


def _stop(parts: _RunParts, stop: RunStop) -> Json:
    base: Json = {
        "id": stop.id,
        "seq": stop.number,
        "kind": stop.kind,
        "status": stop.status,
        "planned_at": iso(stop.planned_at),
        "arrived_at": iso_or_none(stop.arrived_at),
        "done_at": iso_or_none(stop.done_at),
    }
    if stop.delivery_id is not None:
        row = parts.rows[stop.delivery_id]
        return base | {
            "drive_s": stop.travel_s,
            "distance_m": stop.distance_m,
            "window": {"from": iso(row.window_from), "until": iso(row.window_until)},
            "delivery": _dropoff(parts, row),
        }
    at_store = [row for row in parts.rows.values() if row.store_id == stop.store_id]
    base["store"] = _store_place(parts, parts.stores[stop.store_id or ""])
    if stop.kind == StopKind.PICKUP.value:
        return base | {
            "walk_s": stop.travel_s,
            "deliveries": [_pickup(parts, row) for row in at_store],
        }
    back = [row for row in at_store if row.status in _BACK]
    return base | {
        "drive_s": stop.travel_s,
        "distance_m": stop.distance_m,
        "deliveries": [_pickup(parts, row) for row in back],
    }


_BACK: Final = frozenset({"enroute_to_return", "arrived_at_return", "returned"})


def _store_place(parts: _RunParts, store: Counter) -> Json:
    return {
        "id": store.id,
        "number": store.number,
        "name": store.name,
        "floor": store.floor_name,
        "unit": store.unit,
        "counter_note": store.counter_note,
        "entrance": parts.site.entrance_name,
        "lat": store.lat,
        "lon": store.lon,
        "desks": [
            {
                "kid": tablet.kid,
                "public_key": tablet.public_key,
                "entry": roster.tablet_entry(tablet, store.number, now=parts.now),
            }
            for tablet in parts.tablets
            if tablet.store_id == store.id
        ],
    }


def _pickup(parts: _RunParts, row: Carried) -> Json:
    person = parts.people.get(row.id)
    return {
        "id": row.id,
        "handle": row.handle,
        "recipient_first_name": person.first_name if person else "",
        "parcel_count": row.parcel_count,
        "packed": row.packed_at is not None,
        "ready_at": iso(row.packed_at or row.ready_at),
        "status": row.status,
        "verification": row.verification,
        "hold": row.is_held,
        "needs_manager_code": needs_code(row, parts.stores[row.store_id]),
    }


def _dropoff(parts: _RunParts, row: Carried) -> Json:
    person = parts.people.get(row.id)
    status = DeliveryStatus(row.status)
    has_parcels = status in WITH_DRIVER
    # Before the collection the street is enough to plan; after the end, the parcels' way is over.
    is_street_shown = person is not None and (has_parcels or status in WITH_STORE)
    return {
        "id": row.id,
        "handle": row.handle,
        "status": row.status,
        "store_name": parts.stores[row.store_id].name,
        "parcel_count": row.parcel_count,
        "recipient_first_name": person.first_name if person else "",
        "street": person.street if person is not None and is_street_shown else "",
        "unit": person.unit if person is not None and has_parcels else None,
        "city": row.city,
        "postal_code": row.postal_code,
        "lat": row.lat,
        "lon": row.lon,
        "instructions": person.instructions if person is not None and has_parcels else None,
        "leave_at_door": row.leave_at_door,
        "proof": row.proof,
        "pin_tries_left": MAX_PIN_TRIES - row.pin_tries,
        "hold": row.is_held,
        "sealed": _sealed(parts.tickets.get(row.id), person),
    }


def _sealed(ticket: str | None, person: Addressee | None) -> str | None:
    """Return unit and instructions for a door without signal; plain once they may be read."""
    if ticket is None or person is None:
        return None
    return roster.sealed_for(ticket, {"unit": person.unit, "instructions": person.instructions})


def _last_finished(person_id: str, now: datetime) -> Json | None:
    found = finished_json(runs.finished_runs(person_id, since=now - LAST_RUN_SHOWN, limit=1))
    return found[0] if found else None
