from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.eta import arrival_window, handover_s, road_distance_m, travel_s

NOW = datetime(2026, 11, 22, 22, 3, tzinfo=UTC)

ways = st.floats(0, 50_000)


@pytest.mark.parametrize(("straight_m", "seconds"), [(0, 0), (50, 65), (1_000, 184), (8_000, 884)])
def test_travel_time_is_linear_beyond_a_short_walk(straight_m: float, seconds: int):
    assert travel_s(straight_m) == seconds


def test_travel_time_takes_the_constants_of_a_market():
    assert travel_s(5_000, a=149, b=0.076) == 529


@given(ways, ways)
def test_farther_takes_longer_and_is_longer_by_road(one: float, other: float):
    near, far = sorted((one, other))

    assert travel_s(near) <= travel_s(far)
    assert road_distance_m(near) <= road_distance_m(far)


@pytest.mark.parametrize(
    ("straight_m", "circuity"), [(300, 2.83), (1_150, 2.10), (3_500, 1.60), (7_500, 1.47)]
)
def test_road_distance_meets_the_measured_circuity(straight_m: float, circuity: float):
    assert road_distance_m(straight_m) / straight_m == pytest.approx(circuity, rel=0.02)


@given(ways)
def test_road_is_never_shorter_than_the_straight_line(straight_m: float):
    assert road_distance_m(straight_m) >= straight_m - 0.5


@pytest.mark.parametrize(("orders", "seconds"), [(1, 120), (2, 180), (6, 420)])
def test_handover_takes_60_to_120_seconds_an_order(orders: int, seconds: int):
    assert handover_s(orders) == seconds


@pytest.mark.parametrize(
    ("minutes_to_go", "stops_before", "begins", "ends"),
    [
        (2, 0, "22:00", "22:10"),
        (12, 0, "22:10", "22:20"),
        (30, 2, "22:25", "22:45"),
        (90, 5, "23:15", "00:05"),
        (-20, 0, "22:00", "22:10"),
    ],
)
def test_window_widens_with_time_to_go_and_stops_before(
    minutes_to_go: int, stops_before: int, begins: str, ends: str
):
    start, end = arrival_window(NOW + timedelta(minutes=minutes_to_go), NOW, stops_before)

    assert (f"{start:%H:%M}", f"{end:%H:%M}") == (begins, ends)


@given(st.integers(-7_200, 28_800), st.integers(0, 12))
def test_window_is_on_five_minutes_and_holds_the_estimate(to_go_s: int, stops_before: int):
    eta = NOW + timedelta(seconds=to_go_s)

    start, end = arrival_window(eta, NOW, stops_before)

    assert start <= max(eta, NOW) <= end
    assert end - start >= timedelta(minutes=10)
    assert all((at.minute % 5, at.second, at.microsecond) == (0, 0, 0) for at in (start, end))
    assert start > NOW - timedelta(minutes=5)


@given(st.integers(-30, 90), st.integers(-60, 120), st.integers(0, 6))
def test_nobody_is_told_to_expect_the_driver_before_the_window(
    eta_min: int, opens: int, stops: int
):
    eta, opens_at = NOW + timedelta(minutes=eta_min), NOW + timedelta(minutes=opens)

    start, until = arrival_window(eta, NOW, stops, opens_at=opens_at)

    assert opens_at <= start
    assert max(eta, opens_at, NOW) <= until
    assert until - start >= timedelta(minutes=10)


def test_window_that_begins_between_two_steps_is_told_as_it_is():
    eta = opens_at = NOW + timedelta(minutes=29)

    start, _until = arrival_window(eta, NOW, 2, opens_at=opens_at)

    assert start == opens_at
