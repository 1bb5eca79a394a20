import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.geo import Point, distance_m
from app.domain.run import StopKind
from app.domain.run_plan import FormingSite, OpenDelivery
from app.domain.sequencing import plan_run
from app.domain.travel import Way

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
#: 100 m on the map is a walk of 130 s; the car stands 100 m south of the entrance.
SITE = FormingSite(Point(0, 0), Point(-0.0009, 0))
HUNDRED_M = 0.0009


def delivery(name: str, store: str, store_steps: int, door_km: float) -> OpenDelivery:
    """A delivery of a store so many hundred metres inside, to a door so many kilometres north."""
    return OpenDelivery(
        id=name,
        store_id=store,
        store_point=Point(HUNDRED_M * store_steps, 0),
        floor=0,
        dropoff=Point(-HUNDRED_M + door_km / 111.195, 0),
        window_from=NOW,
        window_until=NOW + timedelta(hours=2),
        ready_at=NOW,
        parcels=2,
    )


NEAR = delivery("dlv_near", "str_far", 3, 2.0)
FAR = delivery("dlv_far", "str_near", 1, 6.0)
MIDDLE = delivery("dlv_middle", "str_far", 3, 4.0)


def test_stores_are_walked_and_doors_driven_the_shortest_way():
    beyond = delivery("dlv_back", "str_back", -2, -1.0)

    plan = plan_run([FAR, beyond, NEAR], SITE, NOW)

    assert [(stop.kind, stop.store_id or stop.delivery_id) for stop in plan.stops] == [
        (StopKind.PICKUP, "str_back"),
        (StopKind.PICKUP, "str_far"),
        (StopKind.PICKUP, "str_near"),
        (StopKind.DROPOFF, "dlv_back"),
        (StopKind.DROPOFF, "dlv_near"),
        (StopKind.DROPOFF, "dlv_far"),
    ]
    assert plan.delivery_ids == ("dlv_back", "dlv_near", "dlv_far")


def test_plan_adds_up_parking_walks_handovers_drives_and_doors():
    plan = plan_run([NEAR], SITE, NOW)

    pickup, door = plan.stops
    assert (pickup.travel_s, pickup.distance_m, pickup.service_s) == (390, 390, 120)
    assert pickup.planned_at == NOW + timedelta(seconds=120 + 130 + 390)
    assert (door.travel_s, door.distance_m, door.service_s) == (284, 880 + 2_700, 90)
    assert door.planned_at == pickup.planned_at + timedelta(seconds=120 + 390 + 130 + 284)
    assert plan.duration_s == 120 + 130 + 390 + 120 + 390 + 130 + 284 + 90
    assert (plan.minutes, plan.distance_m, plan.parcel_count) == (28, 3_580, 2)


def test_road_engine_takes_the_place_of_the_estimate():
    asked: list[datetime] = []

    def crawling(start: Point, end: Point, at: datetime) -> Way:
        asked.append(at)
        return Way(round(distance_m(start, end)), 7)

    plan = plan_run([NEAR], SITE, NOW, travel=crawling)

    assert (plan.stops[1].travel_s, plan.stops[1].distance_m, plan.distance_m) == (2_000, 7, 7)
    assert set(asked) == {NOW}


def test_orders_of_one_store_are_one_stop():
    plan = plan_run([NEAR, MIDDLE], SITE, NOW)

    pickup = plan.stops[0]
    assert (pickup.store_id, pickup.service_s) == ("str_far", 180)
    assert len(plan.stops) == 3


def test_start_is_put_off_until_parcels_are_ready():
    ready_at = NOW + timedelta(hours=1)

    plan = plan_run([dataclasses.replace(NEAR, ready_at=ready_at)], SITE, NOW)

    assert plan.stops[0].planned_at == ready_at
    assert plan.starts_at == ready_at - timedelta(seconds=120 + 130 + 390)


def test_start_is_put_off_until_the_first_door_may_be_served():
    window_from = NOW + timedelta(hours=1)

    plan = plan_run([dataclasses.replace(NEAR, window_from=window_from)], SITE, NOW)

    assert plan.stops[-1].planned_at == window_from
    assert plan.minutes == 28


def test_driver_waits_at_a_later_door_whose_window_has_not_begun():
    window_from = NOW + timedelta(hours=1)

    plan = plan_run([NEAR, dataclasses.replace(FAR, window_from=window_from)], SITE, NOW)

    assert plan.starts_at == NOW
    assert plan.stops[-1].planned_at == window_from
    assert plan.keeps_windows


def test_window_that_cannot_be_kept_is_told():
    over = dataclasses.replace(NEAR, window_until=NOW + timedelta(minutes=10))

    assert not plan_run([over, FAR], SITE, NOW).keeps_windows


def test_windows_of_the_run_span_those_of_its_orders():
    early = dataclasses.replace(NEAR, window_from=NOW - timedelta(hours=1))
    late = dataclasses.replace(FAR, window_until=NOW + timedelta(hours=3))

    plan = plan_run([late, early], SITE, NOW, "run_one")

    assert (plan.window_from, plan.window_until) == (early.window_from, late.window_until)
    assert plan.run_id == "run_one"


def test_floors_cost_walking_time():
    upstairs = dataclasses.replace(NEAR, floor=1)

    assert plan_run([upstairs], SITE, NOW).stops[0].travel_s == 450
    from_upstairs = dataclasses.replace(SITE, entrance_floor=1)
    assert plan_run([upstairs], from_upstairs, NOW).stops[0].travel_s == 390


def test_run_without_a_delivery_is_a_mistake():
    with pytest.raises(ValueError, match="needs a delivery"):
        plan_run([], SITE, NOW)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.integers(-20, 20), st.integers(-60, 120), st.integers(0, 120)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_stop_begins_before_the_one_before_can_end(orders: list[tuple[str, int, int, int]]):
    plan = plan_run(
        [
            dataclasses.replace(
                delivery(f"dlv_{number}", store, ord(store) - 96, door_km),
                ready_at=NOW + timedelta(minutes=ready),
                window_from=NOW + timedelta(minutes=begins),
                window_until=NOW + timedelta(hours=4),
            )
            for number, (store, door_km, ready, begins) in enumerate(orders)
        ],
        SITE,
        NOW,
    )

    assert plan.starts_at >= NOW
    for one, following in zip(plan.stops, plan.stops[1:], strict=False):
        earliest = one.planned_at + timedelta(seconds=one.service_s + following.travel_s)
        assert following.planned_at >= earliest
    end = plan.stops[-1].planned_at + timedelta(seconds=plan.stops[-1].service_s)
    assert end - plan.starts_at == timedelta(seconds=plan.duration_s)
