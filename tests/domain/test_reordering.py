"""Another order of the stops that are left: worth asking, complete, and never worse."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geo import Point
from app.domain.reordering import Proposal, Reason, propose, timed
from app.domain.stops_left import DoorLeft, Left, PickupLeft
from app.domain.walking import Spot

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ENTRANCE = Spot(Point(33.3012, -111.8990), 0)
PARKING = Point(33.3008, -111.8992)


def store(name: str, *, ready_in: int = 0, east: int = 0) -> PickupLeft:
    """A store so many steps of 10 m east, ready in so many minutes."""
    spot = Spot(Point(33.3015, -111.8990 + east / 1e4), 0)
    return PickupLeft(f"stp_{name}", spot, NOW + ready_in * MINUTE, 1)


def door(name: str, *, north_km: float, until: int = 240, since: int = 0) -> DoorLeft:
    point = Point(33.3008 + north_km / 111.195, -111.8992)
    return DoorLeft(f"stp_{name}", point, NOW + since * MINUTE, NOW + until * MINUTE)


def left(pickups: list[PickupLeft], doors: list[DoorLeft], drives_from: Point = PARKING) -> Left:
    return Left(tuple(pickups), tuple(doors), ENTRANCE, drives_from, ENTRANCE)


def proposed(pickups: list[PickupLeft], doors: list[DoorLeft]) -> Proposal:
    found = propose(left(pickups, doors), NOW)
    assert found is not None
    return found


def test_store_that_is_not_ready_comes_later():
    stores = [store("lumen", ready_in=25), store("orbit", east=20)]
    # The other counter takes ten minutes in a queue of orders: worth doing meanwhile.
    stores[1] = PickupLeft(stores[1].stop_id, stores[1].spot, NOW, 9)

    found = proposed(stores, [door("ann", north_km=3)])

    assert found.stop_ids == ("stp_orbit", "stp_lumen", "stp_ann")
    assert (found.reason, found.about) == (Reason.NOT_READY, "stp_lumen")
    assert found.wait_s > 20 * 60
    assert found.saved_s >= 120


def test_window_at_risk_comes_first_even_if_it_is_further():
    doors = [door("far", north_km=8), door("soon", north_km=4, until=12)]

    found = proposed([], doors)

    assert found.stop_ids == ("stp_soon", "stp_far")
    assert (found.reason, found.about) == (Reason.WINDOW, "stp_soon")
    assert found.late_saved_s >= 120
    assert found.wait_s == 0


def test_way_that_doubles_back_is_put_right():
    doors = [door("far", north_km=12), door("near", north_km=1), door("end", north_km=13)]

    found = proposed([], doors)

    assert found.stop_ids == ("stp_near", "stp_far", "stp_end")
    assert (found.reason, found.about) == (Reason.SHORTER, "stp_near")
    assert found.further_m < 0


def test_stores_alone_can_be_put_right_too():
    crossing = [
        store("a", east=600), store("b"), store("c", east=600), store("d"),
    ]  # fmt: skip

    found = proposed(crossing, [])

    assert {*found.stop_ids[:2]} in ({"stp_b", "stp_d"}, {"stp_a", "stp_c"})
    assert (found.reason, found.about) == (Reason.SHORTER, found.stop_ids[0])


def test_nobody_is_asked_for_a_minute_or_for_nothing():
    assert propose(left([], [door("a", north_km=2), door("b", north_km=2.05)]), NOW) is None
    assert propose(left([store("lumen", ready_in=25)], [door("a", north_km=2)]), NOW) is None
    assert propose(left([], []), NOW) is None


def test_planned_times_follow_the_new_order():
    stops = proposed(
        [], [door("far", north_km=8, since=60), door("soon", north_km=4, until=12)]
    ).stops

    soon, far = stops
    assert soon.planned_at == NOW + timedelta(seconds=soon.travel_s)
    assert far.planned_at == NOW + 60 * MINUTE


def test_an_order_can_be_timed_again_later():
    rest = left([store("lumen"), store("orbit", east=20)], [door("ann", north_km=3)])
    order = ("stp_orbit", "stp_lumen", "stp_ann")

    now, later = timed(rest, order, NOW), timed(rest, order, NOW + 5 * MINUTE)

    assert tuple(stop.stop_id for stop in now) == order
    assert [b.planned_at - a.planned_at for a, b in zip(now, later, strict=True)] == [
        5 * MINUTE
    ] * 3


stores = st.builds(
    store,
    st.uuids().map(str),
    ready_in=st.integers(0, 40),
    east=st.integers(-30, 30),
)
doors = st.builds(
    door,
    st.uuids().map(str),
    north_km=st.floats(-10, 10),
    until=st.integers(5, 240),
)


@settings(max_examples=60)
@given(st.lists(stores, max_size=4), st.lists(doors, max_size=5))
def test_every_stop_is_there_once_stores_first_and_it_is_better(
    pickups: list[PickupLeft], rest: list[DoorLeft]
):
    found = propose(left(pickups, rest), NOW)

    if found is not None:
        ids = [each.stop_id for each in (*pickups, *rest)]
        assert sorted(found.stop_ids) == sorted(ids)
        assert set(found.stop_ids[: len(pickups)]) == {each.stop_id for each in pickups}
        assert found.late_saved_s >= 120 or (found.late_saved_s >= 0 and found.saved_s >= 120)
