"""What a run would cost with other orders: as planned where nothing changes, never far off else."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.run_plan import OpenDelivery
from app.domain.sequencing import plan_run
from app.domain.sketches import Sketches
from app.domain.travel import estimate
from tests.domain.run_cases import NOW, SITE, random_run


def at_hand(seed: int, count: int) -> list[OpenDelivery]:
    """Orders that are packed, and whose windows have begun and are long."""
    return [
        replace(
            each,
            ready_at=NOW - timedelta(hours=1),
            window_from=NOW,
            window_until=NOW + timedelta(hours=9),
        )
        for each in random_run(seed, count)
    ]


def sketches_of(orders: list[OpenDelivery]) -> Sketches:
    return Sketches({each.id: each for each in orders}, SITE, NOW, estimate)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_sketch_of_a_plan_costs_what_the_plan_says(seed: int, count: int):
    orders = at_hand(seed, count)
    plan, sketches = plan_run(orders, SITE, NOW), sketches_of(orders)

    assert sketches.cost_s(sketches.of(plan)) == (0, plan.duration_s)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8), st.data())
def test_what_goes_and_comes_back_costs_at_least_as_much_as_the_plan(
    seed: int, count: int, data: st.DataObject
):
    orders = at_hand(seed, count)
    names = [each.id for each in orders]
    leaving = data.draw(st.lists(st.sampled_from(names), max_size=count - 1, unique=True))
    plan, sketches = plan_run(orders, SITE, NOW), sketches_of(orders)

    rest = sketches.without(sketches.of(plan), leaving)
    again = sketches.extended(rest, leaving)

    assert set(rest.doors) == set(names) - set(leaving)
    assert set(again.doors) == set(names)
    assert sorted(again.stores) == sorted({each.store_id for each in orders})
    assert plan.duration_s <= sketches.cost_s(again)[1]
    left = plan_run([each for each in orders if each.id not in leaving], SITE, NOW)
    assert left.duration_s <= sketches.cost_s(rest)[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8))
def test_sketch_is_never_in_time_where_no_order_of_doors_is(seed: int, count: int):
    orders = random_run(seed, count)
    plan, sketches = plan_run(orders, SITE, NOW), sketches_of(orders)

    late_s, _seconds = sketches.cost_s(sketches.of(plan))

    # A sketch forgets who waits for whom between counters, so it may be in time too often.
    assert late_s == 0 or not plan.keeps_windows


def test_order_for_later_is_brought_after_those_for_now():
    soon = at_hand(3, 4)
    evening = NOW + timedelta(hours=5)
    later = replace(
        soon[0], id="later", window_from=evening, window_until=evening + timedelta(hours=2)
    )
    sketches = sketches_of([*soon, later])

    first = sketches.of(plan_run(soon, SITE, NOW))
    both = sketches.extended(first, ["later"])
    other = sketches.of(plan_run([later], SITE, NOW))

    assert both.doors == (*first.doors, "later")
    assert sketches.extended(other, ["dlv_1"]).doors == ("dlv_1", "later")
    # At the last door one waits for the evening.
    assert sketches.cost_s(both)[1] > 4 * 3600
