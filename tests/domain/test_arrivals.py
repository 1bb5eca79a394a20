"""Arrival windows as wide as arrivals have been wrong, and as by default until that is known."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.arrivals import (
    BINS,
    COUNT_MAX,
    COUNT_MIN,
    WIDTHS_MAX,
    Lead,
    counted,
    lead_of,
    miss,
    misses,
    spread_of,
)
from app.domain.eta import ARRIVAL_SHARE, DEFAULT_SPREAD
from app.domain.geo import Point
from app.domain.observing import DoneRun, DoneStop
from app.domain.run import StopKind
from app.domain.travel import estimate
from app.domain.walking import Spot
from tests.domain.run_cases import SITE

NOON = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def after(errors: list[float]) -> list[int]:
    counts: list[int] = []
    for each in errors:
        counts = counted(counts, each)
    return counts


def test_too_few_arrivals_leave_the_default():
    assert spread_of([]) == spread_of(after([0.0] * (COUNT_MIN - 1))) == DEFAULT_SPREAD


@given(st.integers(0, 1_000), st.floats(0.05, 1.2))
def test_spread_contains_the_promised_share_of_what_was_seen(seed: int, deviation: float):
    chance = random.Random(seed)  # noqa: S311 - Cases, not secrets.
    errors = [chance.gauss(0, deviation) for _ in range(400)]

    spread = spread_of(after(errors))

    inside = sum(-spread.early - 1e-9 <= each <= spread.late + 1e-9 for each in errors)
    assert inside >= ARRIVAL_SHARE * len(errors)
    assert spread.late <= min(WIDTHS_MAX, 4 * deviation + 0.2)


def test_arrivals_that_are_always_late_are_not_told_early():
    spread = spread_of(after([1.5] * 100))

    assert spread.early == 0
    assert 1.5 <= spread.late <= 1.7


def test_errors_beyond_every_width_count_at_the_edge():
    counts = after([99.0, -99.0])

    assert (counts[0], counts[-1], sum(counts), len(counts)) == (1, 1, 2, BINS)


def test_old_errors_fade():
    assert sum(after([0.0] * (COUNT_MAX + 1))) == COUNT_MAX // 2 + 1


def test_error_is_measured_in_the_width_of_its_side():
    told = NOON + 40 * MINUTE

    assert miss(NOON, told, told + 10 * MINUTE, 0).widths == 1
    assert miss(NOON, told, told - 6 * MINUTE, 0).widths == -1
    assert miss(NOON, told, told, 3).lead is Lead.MIDDLE


def test_lead_is_how_far_ahead():
    leads = [lead_of(minutes * MINUTE) for minutes in (-5, 15, 16, 45, 46)]

    assert leads == [Lead.NEAR, Lead.NEAR, Lead.MIDDLE, Lead.MIDDLE, Lead.FAR]


def stop(kind: StopKind, lat: float, at: float, *, told: bool = True) -> DoneStop:
    ref = "str_1" if kind is StopKind.PICKUP else "photo"
    arrived_at = NOON + at * MINUTE if told else None
    return DoneStop(
        kind, ref, Spot(Point(lat, -111.898), 0), arrived_at, NOON + (at + 2) * MINUTE, None
    )


def test_every_later_door_is_judged_as_told_at_every_stop_before():
    leg = (
        stop(StopKind.PICKUP, 33.3016, 0),
        stop(StopKind.PICKUP, 33.3026, 5),
        stop(StopKind.DROPOFF, 33.32, 15),
        stop(StopKind.DROPOFF, 33.33, 25, told=False),
        stop(StopKind.DROPOFF, 33.34, 35),
    )

    found = list(misses(DoneRun(SITE, UTC, (leg,)), estimate))

    # Two doors with a known arrival: two stops before the first, four before the last.
    assert len(found) == 6
    # 195 s were told for the last way, and it took 480.
    assert found[-1].widths == pytest.approx(4.75, abs=0.05)


def test_wait_for_a_window_was_expected():
    door = stop(StopKind.DROPOFF, 33.33, 60)
    waits = replace(door, ready_at=NOON + 60 * MINUTE)
    first = stop(StopKind.DROPOFF, 33.32, 0)

    (surprised,) = misses(DoneRun(SITE, UTC, ((first, door),)), estimate)
    (expected,) = misses(DoneRun(SITE, UTC, ((first, waits),)), estimate)

    assert surprised.widths > 1
    assert expected.widths == 0


def test_driver_who_waits_at_the_door_was_no_surprise():
    door = replace(stop(StopKind.DROPOFF, 33.33, 20), ready_at=NOON + 60 * MINUTE)
    first = stop(StopKind.DROPOFF, 33.32, 0)

    (found,) = misses(DoneRun(SITE, UTC, ((first, door),)), estimate)

    assert found.widths == 0
