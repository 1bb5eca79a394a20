"""When a store can give parcels away, across nights, closed days and changed clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.opening import USUAL, Opening, ready_at, window_from

PHOENIX, NEW_YORK = "America/Phoenix", "America/New_York"
#: A Tuesday, ten in the morning in Phoenix.
OPENS = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "ready"),
    [
        (OPENS - timedelta(hours=3), OPENS),
        (OPENS + timedelta(hours=2), OPENS + timedelta(hours=2)),
        (OPENS + timedelta(hours=10, minutes=45), OPENS + timedelta(hours=10, minutes=45)),
        (OPENS + timedelta(hours=10, minutes=46), OPENS + timedelta(days=1)),
    ],
)
def test_parcels_are_ready_while_the_store_is_open(wanted: datetime, ready: datetime):
    assert ready_at(wanted, USUAL, PHOENIX) == ready


def test_closed_days_are_passed_over():
    # Friday only.
    assert ready_at(OPENS, {4: Opening(600, 720)}, PHOENIX) == OPENS + timedelta(days=3)


def test_store_that_never_opens_has_no_answer():
    assert ready_at(OPENS, {}, PHOENIX) is None


def test_today_is_over_and_the_same_day_next_week_counts():
    after = OPENS + timedelta(hours=5)

    assert ready_at(after, {1: Opening(600, 720)}, PHOENIX) == OPENS + timedelta(days=7)


def test_store_that_is_open_around_the_clock_gives_at_once():
    day = {weekday: Opening(0, 1_440) for weekday in range(7)}

    assert ready_at(OPENS, day, PHOENIX) == OPENS


def test_doors_open_by_the_wall_clock_when_clocks_change():
    # The night of 1 November 2026 New York's clocks go back; the store still opens at ten.
    night = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)

    assert ready_at(night, USUAL, NEW_YORK) == datetime(2026, 11, 1, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "start"), [(0, 0), (1, 15), (14, 15), (15, 15), (59, 60)])
def test_windows_begin_on_quarters_and_last_two_hours(minutes: int, start: int):
    window = window_from(OPENS + timedelta(minutes=minutes))

    begin = OPENS + timedelta(minutes=start)
    assert window == (begin, begin + timedelta(hours=2))


def test_a_second_past_the_quarter_is_the_next_one():
    assert window_from(OPENS + timedelta(seconds=1))[0] == OPENS + timedelta(minutes=15)
