"""A simulated driver: takes a run, drives straight lines, collects with codes, delivers with proof.

One call of `step` is one short job. Everything it must know stands in the rows and in the `Ride`,
so a crash between two steps loses nothing, and a step that is repeated finds its work done.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.accounts import people
from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.demo import devices, orders
from app.demo.people import DRIVERS
from app.demo.serving import serve
from app.demo.tools import DemoTools
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.geo import Point, distance_m, interpolate
from app.domain.position import Fix
from app.domain.run import StopStatus
from app.jobs.queue import enqueue
from app.runs import claims, progress
from app.runs import queries as runs
from app.runs.queries import Run, Stop
from app.sites import queries as sites
from app.tracking import positions
from app.tracking.positions import SeenBy

STEP: Final = timedelta(seconds=2)
#: Metres a step; 60 m/s is as fast as a position may be and still be believed (`domain.position`).
STRIDE_M: Final = 120.0
#: Steps that a simulated driver waits at a counter and at a door.
WAIT_STEPS: Final = 3

_ACCURACY_M: Final = 8.0
#: Where a ride begins: this many degrees north of the mall's parking, some 700 m away.
_APPROACH_DEG: Final = 0.006
_OPEN: Final = (StopStatus.AHEAD.value, StopStatus.ARRIVED.value)


@dataclass(frozen=True, slots=True)
class Ride:
    """How far a simulated run has come: the driver's place (degrees), steps waited at this stop."""

    run_id: str
    driver_id: str
    lat: float
    lon: float
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """What one step came to: the ride, None when over, and whose page may show the position."""

    ride: Ride | None
    seen: SeenBy | None = None


def begin(site_id: str, tools: DemoTools, *, now: datetime) -> Ride:
    """Let a free simulated driver claim a run on offer at a site, and ask for the first step.

    Raises:
        DomainError: `not_found` (site), `demo_drivers_busy`, or why the claim failed.
    """
    site = sites.site(site_id)
    if site is None:
        raise DomainError("not_found")
    offered = runs.offered_runs(site_id, now=now, limit=1)
    if not offered and orders.top_up(site, now=now):
        offered = runs.offered_runs(site_id, now=now, limit=1)
    driver_id = _free_driver(site.name)
    if not offered or driver_id is None:
        raise DomainError("demo_drivers_busy")
    ride = Ride(offered[0].id, driver_id, site.parking_lat + _APPROACH_DEG, site.parking_lon)
    claim(ride, site_id, tools, now=now)
    ask_for_step(ride, now=now)
    return ride


def claim(ride: Ride, site_id: str, tools: DemoTools, *, now: datetime) -> None:
    """Put the ride's driver on duty, with a phone, and claim the run."""
    devices.phone_of(ride.driver_id, tools, now=now)
    people.set_duty(ride.driver_id, is_on_duty=True, site_id=site_id, now=now)
    claims.claim_run(ride.run_id, driver_id=ride.driver_id, act=_act(ride, now))


def ask_for_step(ride: Ride, *, now: datetime) -> None:
    """Enqueue the next step of a ride; while one waits, nothing is added."""
    arguments = {
        "run_id": ride.run_id,
        "driver_id": ride.driver_id,
        "lat": ride.lat,
        "lon": ride.lon,
        "waited": ride.waited,
    }
    enqueue("simulate_step", arguments, key=f"simulate:{ride.run_id}", run_at=now + STEP, now=now)


def step(ride: Ride, tools: DemoTools, *, now: datetime, stride_m: float = STRIDE_M) -> Moved:
    """Do the next small thing of a run: drive on, arrive, wait, collect or deliver."""
    run = runs.run(ride.run_id)
    stop = _next_stop(run, ride.driver_id)
    if run is None or stop is None:
        _end(ride, tools, now=now)
        return Moved(None)
    if stop.status == StopStatus.AHEAD.value:
        ride = _drive(ride, stop, _act(ride, now), stride_m=stride_m)
    elif ride.waited < WAIT_STEPS:
        ride = replace(ride, waited=ride.waited + 1)
    else:
        ride = replace(ride, waited=0)
        serve(run, stop, tools, _act(ride, now))
    return Moved(ride, _report(ride, tools, now=now))


def _free_driver(mall_name: str) -> str | None:
    """Return an approved driver off duty whom no visitor signs in as; the mall's own first."""
    leading = {driver.mall_key: driver.email for driver in reversed(DRIVERS)}
    mall = next((mall for mall in orders.read_malls() if mall.name == mall_name), None)
    home = mall.key if mall is not None else ""
    for each in sorted(DRIVERS, key=lambda driver: driver.mall_key != home):
        person = accounts.person_by_login(each.email)
        driver = accounts.driver(person.id) if person is not None else None
        if driver is None or each.email == leading[each.mall_key]:
            continue
        if driver.is_approved and not driver.is_on_duty and not driver.active_runs:
            return driver.person_id
    return None


def _next_stop(run: Run | None, driver_id: str) -> Stop | None:
    if run is None or run.driver_id != driver_id or run.finished_at is not None:
        return None
    return next((stop for stop in runs.stops_of_run(run.id) if stop.status in _OPEN), None)


def _drive(ride: Ride, stop: Stop, act: Act, *, stride_m: float) -> Ride:
    here, there = Point(ride.lat, ride.lon), _place_of(stop)
    left_m = distance_m(here, there)
    if left_m > stride_m:
        point = interpolate(here, there, stride_m / left_m)
        return replace(ride, lat=point.lat_deg, lon=point.lon_deg)
    progress.arrive(stop.id, driver_id=ride.driver_id, act=act)
    return replace(ride, lat=there.lat_deg, lon=there.lon_deg, waited=0)


def _place_of(stop: Stop) -> Point:
    place = (
        deliveries.delivery(stop.delivery_id)
        if stop.delivery_id is not None
        else sites.store(stop.store_id or "")
    )
    if place is None:
        message = "a stop without place"
        raise LookupError(message)
    return Point(place.lat, place.lon)


def _report(ride: Ride, tools: DemoTools, *, now: datetime) -> SeenBy | None:
    fix = Fix(ride.lat, ride.lon, _ACCURACY_M, now)
    taken = positions.take(ride.driver_id, [fix], tools.latest, now=now)
    if taken is None:
        return None
    if positions.is_worth_storing(ride.driver_id, taken):
        positions.store(ride.driver_id, taken, now=now)
    return positions.seen_by(ride.driver_id, taken, now=now)


def _end(ride: Ride, tools: DemoTools, *, now: datetime) -> None:
    if not people.require_driver(ride.driver_id).active_runs:
        people.set_duty(ride.driver_id, is_on_duty=False, site_id=None, now=now)
    tools.latest.forget(ride.driver_id)


def _act(ride: Ride, now: datetime) -> Act:
    return Act(f"driver:{ride.driver_id}", now, now)
