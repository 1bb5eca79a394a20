"""Who sees the driver: the customer whose door is next, roughly, and nobody else."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.delivery import DeliveryStatus
from app.domain.geo import Point, distance_m
from app.domain.position import FIX_AGE_MAX_S, Fix
from app.domain.run import StopStatus
from app.domain.tracking import TrackingView
from app.runs import queries as runs
from app.tracking import positions
from app.tracking.latest import InMemoryPositions
from app.tracking.models import PositionFix
from app.tracking.queries import tracking_view
from tests.factories import Mall
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver

NEAR = (33.31123, -111.88321)
S = DeliveryStatus


def page(mall: Mall, delivery_id: str) -> dict[str, Any]:
    return mall.app.test_client().get(f"{mall.link(delivery_id)}/state").get_json()


def coordinates_in(state: dict[str, Any]) -> set[tuple[str, str]]:
    """Return every pair of coordinates in a state but the door's and the store's own."""
    rest = {key: value for key, value in state.items() if key not in {"dropoff", "store"}}
    text = json.dumps(rest)
    return set(re.findall(r'"lat": (-?[\d.]+), "lon": (-?[\d.]+)', text))


@pytest.mark.both_engines
def test_next_door_sees_the_driver_about_where_she_is(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(collected(dina, carl))
    dina.report(*NEAR)

    seen = page(mall, row.id)["position"]

    away = distance_m(Point(seen["lat"], seen["lon"]), Point(*NEAR))
    assert 0 < away < 20
    assert (seen["lat"], seen["lon"]) != NEAR


@pytest.mark.both_engines
def test_later_doors_see_how_many_come_before_them(mall: Mall, dina: Driver, carl: Clerk):
    collected(dina, carl, {}, {"merchant_ref": "A-2", "lat": 33.33})
    dina.report(*NEAR)
    first, second = (stop["delivery"]["id"] for stop in dina.stops("dropoff"))

    assert page(mall, first)["position"] is not None
    state = page(mall, second)
    assert (state["position"], state["position_allowed"], state["stops_before"]) == (None, False, 1)
    assert coordinates_in(state) == set()


@pytest.mark.both_engines
def test_nobody_sees_the_driver_before_the_collection(mall: Mall, dina: Driver):
    (row,) = mall.deliveries_of(claimed(dina))
    dina.report(*NEAR)

    assert coordinates_in(page(mall, row.id)) == set()


@pytest.mark.both_engines
@pytest.mark.parametrize("end", ["arrive", "deliver", "fail"])
def test_position_goes_with_the_way_here(mall: Mall, dina: Driver, carl: Clerk, end: str):
    (row,) = mall.deliveries_of(collected(dina, carl))
    dina.report(*NEAR)
    (stop,) = dina.stops("dropoff")

    getattr(dina, end)(stop)

    assert coordinates_in(page(mall, row.id)) == set()


@pytest.mark.both_engines
def test_old_position_is_not_shown(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(collected(dina, carl))
    dina.report(*NEAR)

    with clock.frozen(clock.now() + timedelta(seconds=FIX_AGE_MAX_S + 5)):
        state = page(mall, row.id)

    assert (state["position"], state["position_allowed"]) == (None, True)


@pytest.mark.both_engines
def test_jump_across_the_country_is_not_believed(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(collected(dina, carl))
    dina.report(*NEAR)

    dina.report(40.7, -74.0, clock.now() + timedelta(seconds=1))

    assert page(mall, row.id)["position"]["lat"] == pytest.approx(NEAR[0], abs=0.01)


@pytest.mark.both_engines
def test_going_off_duty_forgets_the_position(mall: Mall, dina: Driver):
    dina.report(*NEAR)
    dina.post("duty", on_duty=False, site_id=None)

    assert mall.app.extensions["mallrun_positions"].get(dina.person_id) is None


@pytest.mark.both_engines
def test_fixes_are_thinned_and_erased(mall: Mall, dina: Driver, carl: Clerk):
    collected(dina, carl)
    start = clock.now()
    for step in range(6):
        at = start + timedelta(seconds=5 * step)
        with clock.frozen(at):
            dina.report(NEAR[0] + 0.0004 * step, NEAR[1], at)

    with mall.writing() as session:
        mine = session.query(PositionFix).filter_by(driver_id=dina.person_id)
        before = mine.count()
        positions.erase_old(now=start + positions.KEEP + timedelta(minutes=5))
        after = mine.count()

    assert (before, after) == (2, 0)


@pytest.mark.both_engines
def test_no_fix_is_kept_without_a_run(mall: Mall, dina: Driver):
    dina.report(*NEAR)

    with mall.reading():
        assert positions.last_stored(dina.person_id) is None


@dataclass(frozen=True, slots=True)
class Way:
    """Two doors ahead of a driver: `mine` comes after the other."""

    mall: Mall
    driver_id: str
    mine: str
    other_stop: str


@pytest.fixture
def way(mall: Mall, dina: Driver, carl: Clerk) -> Way:
    collected(dina, carl, {}, {"merchant_ref": "A-2", "lat": 33.33})
    first, second = dina.stops("dropoff")
    return Way(mall, dina.person_id, second["delivery"]["id"], first["id"])


def seen(way: Way, status: S, fix: Fix | None, *, is_next: bool, is_on_duty: bool) -> TrackingView:
    """Return what the holder of the link may know in a made-up situation, which is not stored."""
    latest = InMemoryPositions()
    if fix is not None:
        latest.put(way.driver_id, fix)
    with way.mall.reading() as session, session.no_autoflush:
        row, stop = deliveries.delivery(way.mine), runs.stop(way.other_stop)
        driver = accounts.driver(way.driver_id)
        assert row is not None
        assert stop is not None
        assert driver is not None
        row.status, driver.is_on_duty = status.value, is_on_duty
        stop.status = (StopStatus.DONE if is_next else StopStatus.AHEAD).value
        view = tracking_view(row, latest, pin_mac=way.mall.keys.mac("pin"), now=clock.now())
        session.rollback()
    return view


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(S),
    is_next=st.booleans(),
    is_on_duty=st.booleans(),
    age_s=st.none() | st.integers(-60, 400),
)
def test_no_coordinate_outside_the_rule(
    way: Way, status: S, *, is_next: bool, is_on_duty: bool, age_s: int | None
):
    at = clock.now() - timedelta(seconds=age_s or 0)
    fix = Fix(*NEAR, 9.0, at) if age_s is not None else None

    view = seen(way, status, fix, is_next=is_next, is_on_duty=is_on_duty)

    may_see = status is S.ENROUTE_TO_DROPOFF and is_next and is_on_duty
    is_fresh = age_s is not None and -30 <= age_s <= FIX_AGE_MAX_S
    assert view.is_position_allowed == may_see
    assert (view.fix is not None) == (may_see and is_fresh)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lat=st.floats(33.2, 33.4), lon=st.floats(-112.0, -111.8))
def test_position_is_rounded_to_about_25_metres(way: Way, lat: float, lon: float):
    fix = Fix(lat, lon, 3.0, clock.now())

    shown = seen(way, S.ENROUTE_TO_DROPOFF, fix, is_next=True, is_on_duty=True).fix

    assert shown is not None
    assert distance_m(Point(shown.lat, shown.lon), Point(lat, lon)) < 20
    nudged = Fix(lat + 1e-7, lon, 3.0, clock.now())
    near = seen(way, S.ENROUTE_TO_DROPOFF, nudged, is_next=True, is_on_duty=True).fix
    assert near is not None
    is_same = near.lat == shown.lat
    assert is_same or abs(near.lat - shown.lat) > 0.0001
