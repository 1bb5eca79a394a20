"""No plan is better than the product's: shown against a solver that works another way."""

import dataclasses
import random
from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geo import Point, distance_m
from app.domain.run import StopKind
from app.domain.sequencing import plan_run
from app.domain.tour import Cost, Tour, Visit, shortest
from app.domain.travel import Way
from app.domain.visiting import Search
from tests.domain.run_cases import NOW, SITE, best_key, key_of, random_run


@pytest.mark.parametrize(
    "count", [*range(1, 7), *(pytest.param(count, marks=pytest.mark.slow) for count in (7, 8))]
)
def test_no_plan_of_up_to_eight_orders_is_better(count: int):
    for seed in range(60 if count < 7 else 12):
        orders = random_run(seed, count)

        assert key_of(plan_run(orders, SITE, NOW, revisits=True), orders) == best_key(orders), seed


@pytest.mark.slow
@pytest.mark.parametrize("count", [9, 10])
def test_hardly_any_plan_of_nine_or_ten_orders_is_better(count: int):
    runs = [random_run(seed, count) for seed in range(5)]

    # `make bench ONLY=sequencing` counts 1,000 runs.
    best = [
        key_of(plan_run(orders, SITE, NOW, revisits=True), orders) == best_key(orders)
        for orders in runs
    ]

    assert sum(best) >= 4


def test_more_doors_than_are_solved_exactly_are_all_reached_once():
    orders = random_run(3, 9)

    plan = plan_run(orders, SITE, NOW)

    doors = [stop.delivery_id for stop in plan.stops if stop.kind is StopKind.DROPOFF]
    assert sorted(filter(None, doors)) == sorted(each.id for each in orders)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(2, 6), st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(seed: int, count: int, chance: random.Random):
    orders = random_run(seed, count)
    shuffled = chance.sample(orders, count)

    assert plan_run(shuffled, SITE, NOW, revisits=True) == plan_run(
        orders, SITE, NOW, revisits=True
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000_000), st.integers(2, 6))
def test_roads_need_not_obey_the_triangle(seed: int, count: int):
    orders = random_run(seed, count)

    def one_way_town(start: Point, end: Point, _at: object) -> Way:
        chance = random.Random(f"{seed} {start} {end}")  # noqa: S311
        return Way(chance.randint(30, 2_000), chance.randint(100, 9_000))

    plan = plan_run(orders, SITE, NOW, travel=one_way_town, revisits=True)

    assert key_of(plan, orders) == best_key(orders, travel=one_way_town)


def test_late_order_is_taken_on_a_second_visit_when_a_window_is_kept_by_it():
    first = random_run(1, 1)[0]
    ready_at = NOW + timedelta(minutes=30)
    orders = [first, *(dataclasses.replace(first, id=f"dlv_{n}", ready_at=NOW) for n in (1, 2))]
    orders[0] = dataclasses.replace(first, id="dlv_late", ready_at=ready_at)
    free = plan_run(orders, SITE, NOW, revisits=True)
    until = free.stops[-1].planned_at - timedelta(minutes=1)
    tight = [dataclasses.replace(each, window_from=NOW, window_until=until) for each in orders]

    plan = plan_run(tight, SITE, NOW, revisits=True)
    once = plan_run(tight, SITE, NOW)

    assert [stop.kind for stop in once.stops].count(StopKind.PICKUP) == 1
    assert not once.keeps_windows
    assert [stop.kind for stop in free.stops].count(StopKind.PICKUP) == 1
    assert [stop.kind for stop in plan.stops].count(StopKind.PICKUP) == 2
    assert plan.keeps_windows


def test_second_visit_that_helps_no_window_is_not_made():
    first = dataclasses.replace(random_run(1, 1)[0], window_until=NOW + timedelta(minutes=5))
    later = dataclasses.replace(first, id="dlv_1", dropoff=first.dropoff, ready_at=first.ready_at)

    plan = plan_run([first, later], SITE, NOW, revisits=True)

    assert [stop.kind for stop in plan.stops].count(StopKind.PICKUP) == 1
    assert not plan.keeps_windows


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))]
)
def test_fourteen_doors_are_no_worse_than_nearest_next(seed: int):
    orders = random_run(seed, 14)
    nearest = _nearest_next([each.dropoff for each in orders])

    tour, start = _tour(orders), Cost(0, 0, 0)
    found = Search(tour).best([start])

    assert sorted(found.order) == list(range(14))
    assert found.cost == tour.cost(found.order, start) <= tour.cost(nearest, start)


def test_shortest_way_through_any_set_is_shortest():
    chance = random.Random(4)  # noqa: S311
    legs = [[chance.randint(1, 99) for _ in range(4)] for _ in range(5)]
    ends = [chance.randint(0, 50) for _ in range(4)]

    table = shortest(legs, ends)

    for left in range(1, 16):
        members = [n for n in range(4) if left >> n & 1]
        ways = [
            legs[4][order[0]] + sum(legs[a][b] for a, b in pairwise(order)) + ends[order[-1]]
            for order in permutations(members)
        ]
        assert table[left][4] == min(ways)


def _tour(orders: list) -> Tour:
    doors = [each.dropoff for each in orders]
    return Tour(
        tuple(Visit(0, 9_000, 90) for _ in doors),
        tuple(tuple(round(distance_m(a, b) / 10) for b in doors) for a in (*doors, SITE.parking)),
        (0,) * len(doors),
    )


def _nearest_next(doors: list[Point]) -> list[int]:
    order: list[int] = []
    here = SITE.parking
    while len(order) < len(doors):
        left = [n for n in range(len(doors)) if n not in order]
        order.append(min(left, key=lambda n: distance_m(here, doors[n])))
        here = doors[order[-1]]
    return order


def test_order_that_is_ready_last_of_all_leaves_nothing_to_come_back_for():
    first = random_run(1, 1)[0]
    late = dataclasses.replace(
        first, ready_at=NOW + timedelta(hours=1), window_until=NOW + timedelta(minutes=30)
    )

    plan = plan_run([late], SITE, NOW, revisits=True)

    assert plan == plan_run([late], SITE, NOW)
    assert not plan.keeps_windows
