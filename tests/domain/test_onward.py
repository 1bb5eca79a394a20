"""When the stops ahead are reached: never before a window begins, and waits count for later."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.onward import StopAhead, early_s, reached

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def stop(
    travel: float = 10,
    work: float = 2,
    *,
    planned: float = 60,
    opens: float | None = None,
    arrived: float | None = None,
) -> StopAhead:
    """Return a stop; everything in minutes, instants from now."""
    return StopAhead(
        round(travel * 60),
        round(work * 60),
        NOW + planned * MINUTE,
        NOW + opens * MINUTE if opens is not None else None,
        NOW + arrived * MINUTE if arrived is not None else None,
    )


def minutes(*stops: StopAhead, has_begun: bool = True) -> list[float]:
    return [(at - NOW) / MINUTE for at in reached(stops, NOW, has_begun=has_begun)]


def test_without_windows_each_is_a_way_and_a_work_after_the_one_before():
    assert minutes(stop(), stop(), stop(5)) == [10, 22, 29]


def test_quick_driver_is_told_the_begin_of_the_window_and_later_stops_follow_from_it():
    assert minutes(stop(opens=30), stop()) == [30, 42]


def test_wait_at_a_later_door_takes_up_a_delay():
    in_time, late = (minutes(stop(way), stop(opens=60), stop()) for way in (10, 40))

    assert in_time == [10, 60, 72]
    assert late == [40, 60, 72]


def test_driver_who_waits_at_the_door_leaves_after_its_window_has_begun():
    assert minutes(stop(arrived=-5, opens=15), stop()) == [15, 27]


def test_arrival_within_the_window_is_when_it_was():
    assert minutes(stop(work=8, arrived=-5, opens=-20), stop()) == [-5, 13]


def test_nobody_leaves_before_now_however_long_ago_the_arrival_was():
    assert minutes(stop(arrived=-60), stop()) == [-60, 10]


def test_store_that_is_ready_later_is_waited_for():
    assert minutes(stop(2, 3, opens=20), stop(1, 2)) == [20, 24]


def test_plan_for_later_stays_until_the_run_has_begun():
    assert minutes(stop(planned=60), stop(), has_begun=False) == [60, 72]
    assert minutes(stop(planned=5), stop(), has_begun=False) == [10, 22]
    assert minutes(stop(planned=60), stop()) == [10, 22]


def test_door_out_of_order_puts_off_the_others_only_by_its_own_work():
    assert minutes(stop(), stop(arrived=0), stop()) == [10, 0, 22]


def test_nothing_ahead_is_reached_never():
    assert minutes() == []


stays = st.builds(
    stop,
    st.integers(0, 40),
    st.integers(0, 10),
    planned=st.integers(0, 90),
    opens=st.none() | st.integers(-60, 120),
)


@given(stops=st.lists(stays, max_size=8), has_begun=st.booleans())
def test_no_stop_begins_before_it_opens_or_before_it_can_be_reached(
    stops: list[StopAhead], *, has_begun: bool
):
    clock = NOW
    for each, at in zip(stops, reached(stops, NOW, has_begun=has_begun), strict=True):
        there_at = clock + timedelta(seconds=each.travel_s)
        assert at >= there_at
        assert each.opens_at is None or at >= each.opens_at
        clock = at + timedelta(seconds=each.work_s)


@pytest.mark.parametrize(("minutes_before", "seconds"), [(20, 1_200), (0, 0), (-5, 0)])
def test_early_is_only_before_the_window(minutes_before: int, seconds: int):
    assert early_s(NOW - minutes_before * MINUTE, NOW) == seconds
