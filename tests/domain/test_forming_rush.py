"""Forming under load and on odd nights: nobody forgotten, nothing broken silently, time bounded."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.forming import ORDERS_MAX, OfferedRun, form
from app.domain.geo import Point
from app.domain.run_plan import OpenDelivery, RunPlan
from app.domain.travel import Way, estimate
from tests.domain.run_cases import NOW, SITE, random_run

#: The night on which Virginia's clocks go back: 1:30 comes twice.
CLOCKS_BACK = datetime(2026, 11, 1, 0, 0, tzinfo=ZoneInfo("America/New_York")).astimezone(UTC)


def many(count: int) -> list[OpenDelivery]:
    """Orders all over the suburb, due within four hours."""
    chance = random.Random(count)  # noqa: S311 - Cases, not secrets.
    (model,) = random_run(1, 1)
    return [
        replace(
            model,
            id=f"dlv_{number:05}",
            store_id=f"str_{number % 12}",
            dropoff=Point(33.30 + chance.gauss(0, 0.04), -111.90 + chance.gauss(0, 0.04)),
            window_from=NOW,
            window_until=NOW + timedelta(minutes=chance.randint(90, 240)),
            ready_at=NOW + timedelta(minutes=chance.randint(0, 30)),
        )
        for number in range(count)
    ]


def broken(plan: RunPlan, orders: dict[str, OpenDelivery]) -> bool:
    """Tell whether a door is reached after its window."""
    return any(
        stop.planned_at > orders[stop.delivery_id].window_until
        for stop in plan.stops
        if stop.delivery_id is not None
    )


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    counts=st.lists(st.integers(1, 6), max_size=4),
    new=st.integers(1, 6),
)
def test_each_order_is_in_one_run_that_is_not_too_full_and_says_when_it_is_late(
    seed: int, counts: list[int], new: int
):
    orders = random_run(seed, sum(counts) + new)
    left = iter(orders)
    offered = [
        OfferedRun(f"run_{number}", tuple(next(left) for _ in range(count)))
        for number, count in enumerate(counts)
    ]

    plans = form(list(left), offered, SITE, NOW)

    changed = {plan.run_id for plan in plans}
    stay = [each.id for run in offered if run.id not in changed for each in run.deliveries]
    placed = [name for plan in plans for name in plan.delivery_ids]
    assert sorted([*stay, *placed]) == sorted(each.id for each in orders)
    by_id = {each.id: each for each in orders}
    assert all(len(plan.delivery_ids) <= ORDERS_MAX for plan in plans)
    assert all(plan.keeps_windows != broken(plan, by_id) for plan in plans)


@pytest.mark.slow
def test_rush_is_planned_in_proportion_to_its_orders():
    asked: list[int] = []

    def counting(start: Point, end: Point, at: datetime) -> Way:
        asked[-1] += 1
        return estimate(start, end, at)

    for count in (100, 200, 400):
        asked.append(0)
        plans = form(many(count), (), SITE, NOW, counting)
        assert sum(len(plan.delivery_ids) for plan in plans) == count

    # An order is tried in a few runs, however many there are: the ways asked for grow with it.
    assert asked[2] < 6 * asked[0]


@pytest.mark.parametrize("hours", [0.5, 1, 1.5, 2, 3])
def test_windows_of_the_night_when_clocks_change_are_real_hours(hours: float):
    zone = ZoneInfo("America/New_York")
    until = CLOCKS_BACK + timedelta(hours=hours)
    (model,) = random_run(1, 1)
    now = CLOCKS_BACK - timedelta(hours=1)
    night = replace(
        model,
        window_from=(CLOCKS_BACK - timedelta(hours=1)).astimezone(zone),
        window_until=until.astimezone(zone),
        ready_at=now,
    )
    plain = replace(night, window_from=night.window_from.astimezone(UTC), window_until=until)

    (told,), (real,) = (form([each], (), SITE, now) for each in (night, plain))

    assert told.starts_at == real.starts_at
    assert told.keeps_windows == real.keeps_windows
    assert told.duration_s == real.duration_s
