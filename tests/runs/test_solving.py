"""What the solver proposes holds together, is the same every time, and is worth having."""

import dataclasses
import sys
from datetime import timedelta

import pytest

from app.domain.forming import ORDERS_MAX, OfferedRun, OpenDelivery, form
from app.domain.regrouping import regroup
from app.domain.vehicle import LARGEST_L
from app.runs import regrouping
from app.runs.solving import propose
from tests.domain.run_cases import NOW, SITE, random_run


def wide(seed: int, count: int) -> list[OpenDelivery]:
    """Orders that all can be brought in time."""
    orders = random_run(seed, count)
    until = NOW + timedelta(hours=4)
    return [dataclasses.replace(each, window_from=NOW, window_until=until) for each in orders]


@pytest.mark.parametrize("count", [0, 1, 2, 25])
def test_every_order_is_in_exactly_one_group(count: int):
    orders = wide(3, count) if count else []

    groups = propose(orders, SITE, NOW)

    assert sorted(name for group in groups for name in group) == sorted(o.id for o in orders)
    assert all(1 <= len(group) <= ORDERS_MAX for group in groups)


def test_same_input_gives_the_same_groups():
    orders = wide(4, 25)

    assert propose(orders, SITE, NOW) == propose(orders, SITE, NOW)


def test_order_that_is_late_even_alone_is_alone():
    orders = wide(5, 10)
    orders[4] = dataclasses.replace(orders[4], window_until=NOW + timedelta(minutes=1))

    assert [orders[4].id] in propose(orders, SITE, NOW)


def test_windows_are_minded():
    orders = wide(6, 12)
    soon = NOW + timedelta(minutes=75)
    orders[:4] = [dataclasses.replace(each, window_until=soon) for each in orders[:4]]
    offered = [OfferedRun(f"run_{each.id}", (each,)) for each in orders]

    change = regroup(offered, SITE, NOW, [propose])

    assert change.after.late_s == 0


def test_groups_fit_the_largest_vehicle():
    orders = [dataclasses.replace(each, litres=LARGEST_L // 3) for each in wide(9, 12)]

    assert all(len(group) <= 3 for group in propose(orders, SITE, NOW))


def test_with_the_solver_forty_orders_cost_no_more_than_without():
    orders = wide(7, 40)
    by_id = {each.id: each for each in orders}
    offered = [
        OfferedRun(f"run_{n:02}", tuple(by_id[name] for name in plan.delivery_ids))
        for n, plan in enumerate(form(orders, (), SITE, NOW))
    ]

    plain, solved = regroup(offered, SITE, NOW), regroup(offered, SITE, NOW, [propose])

    assert solved.after <= plain.after < plain.before


def test_where_there_is_no_solver_runs_are_regrouped_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setitem(sys.modules, "app.runs.solving", None)
    offered = tuple(OfferedRun(f"run_{each.id}", (each,)) for each in wide(8, 4))

    change = regrouping.compute(regrouping.Seen("sit_one", SITE, offered, {}), now=NOW)

    assert change.plans
    assert "no route solver here" in caplog.text
