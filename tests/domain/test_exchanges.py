"""Single steps between runs: what they find, that they are counted right, and what they cost."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.exchanges import Step, Steps
from app.domain.forming import ORDERS_MAX, OfferedRun, may_travel_together
from app.domain.geo import Point, distance_m
from app.domain.group_costs import GroupCosts, GroupsCost
from app.domain.regrouping import Regrouping, regroup
from app.domain.run_plan import OpenDelivery
from app.domain.travel import TravelTimes, Way, estimate
from tests.domain.run_cases import NOW, SITE, random_run

FULL = 4 * ORDERS_MAX


def at(model: OpenDelivery, name: str, north_km: float) -> OpenDelivery:
    """An order of one store, ready now, due within four hours, so far north of the mall."""
    return replace(
        model,
        id=name,
        store_id="str_one",
        dropoff=Point(SITE.parking.lat_deg + north_km / 111.195, SITE.parking.lon_deg),
        window_from=NOW,
        window_until=NOW + timedelta(hours=4),
        ready_at=NOW,
    )


def two_full_runs(swapped: int) -> list[OfferedRun]:
    """A full run to the north and one to the south, with so many orders in the wrong one."""
    (model,) = random_run(1, 1)
    north = [at(model, f"north_{n}", 4 + n / 10) for n in range(ORDERS_MAX)]
    south = [at(model, f"south_{n}", -4 - n / 10) for n in range(ORDERS_MAX)]
    return [
        OfferedRun("run_a", (*north[swapped:], *south[:swapped])),
        OfferedRun("run_b", (*south[swapped:], *north[:swapped])),
    ]


def directions(change: Regrouping) -> list[list[str]]:
    return [sorted({name.split("_")[0] for name in plan.delivery_ids}) for plan in change.plans]


def steps_of(
    orders: list[OpenDelivery], now: datetime = NOW, travel: TravelTimes = estimate
) -> tuple[Steps, GroupCosts]:
    """Steps among all orders: each is near each."""
    by_id = {each.id: each for each in orders}

    def near(name: str) -> list[str]:
        others = sorted(set(by_id) - {name})
        return sorted(others, key=lambda each: distance_m(by_id[each].dropoff, by_id[name].dropoff))

    costs = GroupCosts(by_id, SITE, now, travel)
    costs.plans_left = 10_000
    return Steps(costs, lambda name: near(name)[:8]), costs


@pytest.mark.parametrize("swapped", [1, 2, 3])
def test_full_runs_exchange_what_lies_in_the_other_direction(swapped: int):
    change = regroup(two_full_runs(swapped), SITE, NOW)

    assert directions(change) == [["north"], ["south"]]
    assert change.emptied == ()
    assert change.after.late_s == change.before.late_s == 0


def test_exchange_that_helps_nobody_is_not_found():
    offered = two_full_runs(0)
    steps, _costs = steps_of([each for run in offered for each in run.deliveries])
    group_of = {
        each.id: frozenset(other.id for other in run.deliveries)
        for run in offered
        for each in run.deliveries
    }

    assert [name for name in group_of if steps.best(name, group_of)] == []


def test_orders_that_may_not_travel_together_are_not_exchanged():
    first, second = two_full_runs(1)
    evening = NOW + timedelta(hours=4)
    late = [
        replace(each, window_from=evening, window_until=evening + timedelta(hours=2))
        for each in second.deliveries
    ]

    change = regroup([first, OfferedRun("run_b", tuple(late))], SITE, NOW)

    assert change.plans == ()


def test_late_order_changes_places_with_one_that_has_time():
    (model,) = random_run(1, 1)
    hasty = replace(at(model, "hasty", 3), window_until=NOW + timedelta(minutes=40))
    slow = replace(at(model, "slow", 3.1), ready_at=NOW + timedelta(minutes=35))
    # Both runs are full, so nothing but an exchange can help.
    waiting = [at(model, f"waiting_{n}", 3.2 + n / 10) for n in range(ORDERS_MAX - 2)]
    ready = [at(model, f"ready_{n}", 3 + n / 10) for n in range(ORDERS_MAX)]
    offered = [
        OfferedRun("run_a", (hasty, slow, *waiting)),
        OfferedRun("run_b", tuple(ready)),
    ]

    change = regroup(offered, SITE, NOW)

    assert change.before.late_s > 0
    assert change.after.late_s == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), counts=st.lists(st.integers(1, 8), min_size=2, max_size=4))
def test_step_keeps_all_orders_in_two_runs_that_are_allowed_and_gains_what_it_says(
    seed: int, counts: list[int]
):
    orders = random_run(seed, sum(counts))
    by_id = {each.id: each for each in orders}
    left = iter(by_id)
    groups = [frozenset(next(left) for _ in range(count)) for count in counts]
    group_of = {name: group for group in groups for name in group}
    steps, costs = steps_of(orders)

    for name in by_id:
        step = steps.best(name, group_of)
        if step is None:
            continue
        assert step.gain > GroupsCost(0, 0)
        assert step.gain.late_s >= 0
        assert set(step.before) <= set(groups)
        assert name in step.before[0]
        assert sorted([*step.after[0], *step.after[1]]) == sorted(
            [*step.before[0], *step.before[1]]
        )
        assert all(
            len(group) < 2 or may_travel_together([by_id[each] for each in group])
            for group in step.after
        )
        before, after = costs.total(step.before), costs.total(step.after)
        assert step.gain == (before.late_s - after.late_s, before.work_s - after.work_s)


def test_look_at_one_order_costs_no_more_in_a_mall_with_more_runs():
    asked: list[int] = []

    def counting(start: Point, end: Point, when: datetime) -> Way:
        asked[-1] += 1
        return estimate(start, end, when)

    chance = random.Random(1)  # noqa: S311 - Cases, not secrets.
    near = random_run(1, 3 * ORDERS_MAX)
    for more in (0, FULL, 4 * FULL):
        far = [
            replace(near[0], id=f"far_{n}", dropoff=Point(34 + chance.random(), -111.9))
            for n in range(more)
        ]
        asked.append(0)
        orders = [*near, *far]
        steps, _costs = steps_of(orders, travel=counting)
        names = [each.id for each in orders]
        group_of = {
            name: frozenset(names[n : n + ORDERS_MAX])
            for n in range(0, len(names), ORDERS_MAX)
            for name in names[n : n + ORDERS_MAX]
        }
        steps.best("dlv_0", group_of)

    assert asked[0] == asked[1] == asked[2] > 0


def test_step_says_what_becomes_of_which_runs():
    offered = two_full_runs(1)
    steps, _costs = steps_of([each for run in offered for each in run.deliveries])
    runs = [frozenset(each.id for each in run.deliveries) for run in offered]
    group_of = {name: run for run in runs for name in run}

    step = steps.best("south_0", group_of)

    assert isinstance(step, Step)
    assert step.before == (runs[0], runs[1])
    assert step.after == (
        frozenset(f"north_{n}" for n in range(ORDERS_MAX)),
        frozenset(f"south_{n}" for n in range(ORDERS_MAX)),
    )
