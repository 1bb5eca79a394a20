import dataclasses
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.delivery import DeliveryStatus
from app.domain.geo import Point, distance_m
from app.domain.position import (
    Fix,
    confirms,
    is_plausible,
    is_update_due,
    should_store,
    shown_point,
    visible_position,
)

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
FIX = Fix(33.3015, -111.8990, 8.0, NOW)


def after(seconds: float, north_m: float = 0.0) -> Fix:
    """A fix this much later and farther north than `FIX`."""
    return dataclasses.replace(
        FIX, lat_deg=FIX.lat_deg + north_m / 111_195, fixed_at=NOW + timedelta(seconds=seconds)
    )


def test_position_is_visible_when_every_condition_holds():
    assert visible_position(
        DeliveryStatus.ENROUTE_TO_DROPOFF, is_next_stop=True, fix_age_s=120, on_duty=True
    )


@pytest.mark.parametrize(
    "status", [each for each in DeliveryStatus if each is not DeliveryStatus.ENROUTE_TO_DROPOFF]
)
def test_position_is_hidden_in_every_other_status(status: DeliveryStatus):
    assert not visible_position(status, is_next_stop=True, fix_age_s=1, on_duty=True)


@pytest.mark.parametrize(
    ("is_next_stop", "fix_age_s", "on_duty"),
    [
        (False, 1, True),
        (True, 120.1, True),
        (True, -31, True),
        (True, math.nan, True),
        (True, 1, False),
    ],
)
def test_position_is_hidden_when_one_condition_fails(is_next_stop, fix_age_s: float, on_duty):
    assert not visible_position(
        DeliveryStatus.ENROUTE_TO_DROPOFF,
        is_next_stop=is_next_stop,
        fix_age_s=fix_age_s,
        on_duty=on_duty,
    )


@given(st.floats(-80, 80), st.floats(-180, 180))
def test_shown_point_is_near_but_not_exact(lat_deg: float, lon_deg: float):
    shown = shown_point(Fix(lat_deg, lon_deg, 5.0, NOW))

    assert distance_m(shown, Point(lat_deg, lon_deg)) <= 19


def test_small_moves_do_not_show():
    assert len({shown_point(after(0, north_m)) for north_m in range(0, 100, 2)}) <= 5


@pytest.mark.parametrize(("passed_s", "due"), [(4.9, False), (5, True), (60, True)])
def test_customers_get_a_position_every_five_seconds(passed_s: float, due):
    assert is_update_due(NOW, NOW + timedelta(seconds=passed_s)) is due


def test_first_position_is_sent_at_once():
    assert is_update_due(None, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"lat_deg": 91.0},
        {"lon_deg": -181.0},
        {"lat_deg": math.nan},
        {"accuracy_m": -5.0},
        {"accuracy_m": 5_001.0},
        {"accuracy_m": math.nan},
        {"fixed_at": NOW + timedelta(seconds=31)},
    ],
)
def test_impossible_fix_is_refused(changes: dict[str, float]):
    assert not is_plausible(dataclasses.replace(FIX, **changes), None, NOW)


@pytest.mark.parametrize("ahead_s", [30, 0, -3_600])
def test_clock_a_little_ahead_or_long_behind_is_accepted(ahead_s: int):
    assert is_plausible(after(ahead_s), None, NOW)


@pytest.mark.parametrize(
    ("passed_s", "north_m", "plausible"),
    [
        (10, 300, True),
        (10, 715, True),
        (10, 730, False),
        (0, 0, False),
        (-5, 0, False),
    ],
)
def test_fix_must_be_newer_and_within_reach(passed_s: float, north_m: float, plausible):
    now = NOW + timedelta(minutes=1)

    assert is_plausible(after(passed_s, north_m), FIX, now) is plausible


@pytest.mark.parametrize(
    ("passed_s", "north_m", "confirmed"),
    [(0, 9_000, True), (3, 9_100, True), (3, 20_000, False), (-1, 9_000, False)],
)
def test_two_fixes_that_agree_outweigh_an_older_one(passed_s: float, north_m: float, confirmed):
    doubted = after(0, 9_000)

    assert confirms(after(passed_s, north_m), doubted, NOW + timedelta(hours=1)) is confirmed


def test_a_first_jump_confirms_nothing():
    assert not confirms(after(0), None, NOW)


def test_impossible_fix_confirms_nothing():
    broken = dataclasses.replace(after(0), accuracy_m=-1.0)

    assert not confirms(broken, after(0), NOW)


@pytest.mark.parametrize(
    ("passed_s", "north_m", "stored"),
    [(10, 100, False), (15, 20, False), (15, 30, True), (120, 0, True), (-60, 500, False)],
)
def test_fixes_are_thinned_for_storage(passed_s: float, north_m: float, stored):
    assert should_store(after(passed_s, north_m), FIX) is stored


def test_first_fix_is_stored():
    assert should_store(FIX, None)
