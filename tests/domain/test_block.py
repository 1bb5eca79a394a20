"""Blocks: real hours, what counts of them, and what is missing to their guarantee."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.block import (
    PLACES_SHOWN,
    Hours,
    counted_s,
    guarantee,
    hours_on,
    is_reasonable,
    least_minor,
    places_near,
)
from app.domain.geo import Point

NEW_YORK = ZoneInfo("America/New_York")
PHOENIX = ZoneInfo("America/Phoenix")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
BEGIN = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
BLOCK = Hours(BEGIN, BEGIN + 4 * HOUR)


def test_hours_of_an_evening():
    hours = hours_on(date(2026, 11, 24), time(16), time(20), PHOENIX)

    assert hours == Hours(
        datetime(2026, 11, 24, 23, tzinfo=UTC), datetime(2026, 11, 25, 3, tzinfo=UTC)
    )
    assert hours.seconds == 4 * 3_600


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        # 22:00 to 04:00 on the clocks of a plain night, of the one with an hour more, and less.
        (date(2026, 11, 24), 6),
        (date(2026, 10, 31), 7),
        (date(2027, 3, 13), 5),
    ],
)
def test_night_of_the_clock_change_counts_real_hours(day: date, hours: int):
    block = hours_on(day, time(22), time(4), NEW_YORK)

    assert block.seconds == hours * 3_600
    assert least_minor(2_000, block.seconds) == hours * 2_000


def test_a_time_shown_twice_is_the_first_and_a_skipped_one_is_told():
    twice = hours_on(date(2026, 11, 1), time(1, 30), time(5), NEW_YORK)
    skipped = hours_on(date(2027, 3, 14), time(2, 30), time(6), NEW_YORK)

    assert twice.starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert skipped.starts_at == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_blocks_last_from_one_to_twelve_hours():
    lasting = {
        hours: is_reasonable(Hours(BEGIN, BEGIN + hours * HOUR)) for hours in (-1, 0.5, 1, 12, 12.5)
    }

    assert lasting == {-1: False, 0.5: False, 1: True, 12: True, 12.5: False}


def test_hours_that_touch_do_not_overlap():
    after = Hours(BLOCK.ends_at, BLOCK.ends_at + HOUR)

    assert not BLOCK.overlaps(after)
    assert not after.overlaps(BLOCK)
    assert BLOCK.overlaps(Hours(BLOCK.ends_at - MINUTE, BLOCK.ends_at + HOUR))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], 0),
        ([(-60, 300)], 4 * 3_600),
        # Ten minutes in all take nothing away; eleven take what was missed.
        ([(5, 235)], 4 * 3_600),
        ([(6, 235)], 229 * 60),
        ([(0, 60), (90, 240)], 210 * 60),
        ([(-300, -10), (250, 300)], 0),
    ],
)
def test_time_on_duty_within_the_block_counts(spans: list[tuple[int, int]], expected: int):
    on_duty = [Hours(BEGIN + start * MINUTE, BEGIN + end * MINUTE) for start, end in spans]

    assert counted_s(BLOCK, on_duty) == expected


def test_what_is_missing_is_paid_and_nothing_is_taken():
    assert guarantee(2_000, 4 * 3_600, 6_500).amount_minor == 1_500
    assert guarantee(2_000, 4 * 3_600, 9_900).amount_minor == 0
    assert guarantee(2_001, 1_800, 0).guaranteed_minor == 1_001


@given(st.integers(0, 10_000), st.integers(0, 43_200), st.integers(0, 200_000))
def test_pay_and_guarantee_come_to_the_least_or_more(hourly: int, seconds: int, earned: int):
    due = guarantee(hourly, seconds, earned)

    assert due.earned_minor + due.amount_minor >= due.guaranteed_minor
    assert due.amount_minor in {0, due.guaranteed_minor - earned}


def test_places_are_shown_nearest_first_and_not_from_far_away():
    here = Point(33.30, -111.89)
    places = {
        "far": Point(36.1, -115.2),
        "near": Point(33.31, -111.89),
        "next": Point(33.6, -112.0),
    }

    found = places_near(places, here)

    assert list(found) == ["near", "next"]
    assert 1_000 < (found["near"] or 0) < 1_200


def test_only_so_many_places_are_read_through():
    places = {f"sit_{n:02}": Point(33.30 + n / 1_000, -111.89) for n in range(PLACES_SHOWN + 5)}

    assert list(places_near(places, Point(33.30, -111.89))) == sorted(places)[:PLACES_SHOWN]


def test_without_knowing_where_somebody_is_every_place_counts():
    places = {"b": Point(36.1, -115.2), "a": Point(33.31, -111.89)}

    assert places_near(places, None) == {"b": None, "a": None}
