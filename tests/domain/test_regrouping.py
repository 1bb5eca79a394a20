import dataclasses
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import grouping
from app.domain.forming import ORDERS_MAX, OfferedRun, OpenDelivery, form, may_travel_together
from app.domain.geo import Point
from app.domain.group_costs import RUN_COST_S, Memory
from app.domain.regrouping import Regrouping, Scope, regroup
from tests.domain.run_cases import NOW, SITE, random_run

LONG = NOW + timedelta(hours=4)


def order(name: str, north_km: float, **changes: object) -> OpenDelivery:
    """An order of one store, ready now, due within four hours, so far north of the mall."""
    usual = OpenDelivery(
        id=name,
        store_id="str_one",
        store_point=Point(33.3022, -111.8997),
        floor=0,
        dropoff=Point(33.3012 + north_km / 111.195, -111.8990),
        window_from=NOW,
        window_until=LONG,
        ready_at=NOW,
        parcels=1,
    )
    return dataclasses.replace(usual, **changes)  # pyright: ignore[reportArgumentType]


def after(offered: list[OfferedRun], change: Regrouping) -> list[list[str]]:
    """Return what the runs carry once the change is made."""
    changed = {plan.run_id for plan in change.plans} | set(change.emptied)
    stay = [[each.id for each in run.deliveries] for run in offered if run.id not in changed]
    return sorted(sorted(ids) for ids in [*stay, *(plan.delivery_ids for plan in change.plans)])


@st.composite
def offers(draw: st.DrawFn) -> list[OfferedRun]:
    """Runs on offer of one to three orders each, put together by chance."""
    chance = random.Random(draw(st.integers(0, 10_000)))  # noqa: S311
    left = random_run(chance.randrange(10_000), draw(st.integers(1, 9)))
    found: list[OfferedRun] = []
    while left:
        count = chance.randint(1, min(3, len(left)))
        found.append(OfferedRun(f"run_{len(found)}", tuple(left[:count])))
        left = left[count:]
    return found


@settings(max_examples=30, deadline=None)
@given(offers())
def test_nothing_is_lost_and_nothing_gets_worse(offered: list[OfferedRun]):
    change = regroup(offered, SITE, NOW)

    everything = sorted(each.id for run in offered for each in run.deliveries)
    assert sorted(name for ids in after(offered, change) for name in ids) == everything
    assert change.after <= change.before
    assert (change.after < change.before) == bool(change.plans)
    assert len({plan.run_id for plan in change.plans if plan.run_id}) == sum(
        plan.run_id is not None for plan in change.plans
    )


@settings(max_examples=20, deadline=None)
@given(offers(), st.randoms(use_true_random=False))
def test_order_of_the_offers_does_not_matter(offered: list[OfferedRun], chance: random.Random):
    shuffled = chance.sample(offered, len(offered))

    assert regroup(shuffled, SITE, NOW) == regroup(offered, SITE, NOW)


@settings(max_examples=20, deadline=None)
@given(offers())
def test_new_groups_may_travel_together(offered: list[OfferedRun]):
    by_id = {each.id: each for run in offered for each in run.deliveries}

    for plan in regroup(offered, SITE, NOW).plans:
        orders = [by_id[name] for name in plan.delivery_ids]
        assert len(orders) == 1 or may_travel_together(orders)


def test_two_runs_the_same_way_become_one_under_the_older_id():
    offered = [OfferedRun("run_a", (order("dlv_1", 3),)), OfferedRun("run_b", (order("dlv_2", 4),))]

    change = regroup(offered, SITE, NOW)

    assert [(plan.run_id, plan.delivery_ids) for plan in change.plans] == [
        ("run_a", ("dlv_1", "dlv_2"))
    ]
    assert change.emptied == ("run_b",)
    assert change.after.work_s < change.before.work_s - RUN_COST_S


def test_crossed_runs_are_disentangled_and_keep_their_ids():
    offered = [
        OfferedRun("run_a", (order("dlv_1", 6), order("dlv_2", 6.2), order("dlv_3", -6))),
        OfferedRun("run_b", (order("dlv_4", -6.1), order("dlv_5", -6.3), order("dlv_6", 6.1))),
    ]

    change = regroup(offered, SITE, NOW)

    assert sorted((plan.run_id, sorted(plan.delivery_ids)) for plan in change.plans) in (
        [("run_a", ["dlv_1", "dlv_2", "dlv_6"]), ("run_b", ["dlv_3", "dlv_4", "dlv_5"])],
        [("run_a", [f"dlv_{number}" for number in range(1, 7)])],
    )


def test_order_that_makes_its_run_late_leaves_it():
    hasty = order("dlv_hasty", 5, window_until=NOW + timedelta(minutes=40))
    slow = order("dlv_slow", 5.1, ready_at=NOW + timedelta(minutes=35))
    offered = [OfferedRun("run_a", (hasty, slow)), OfferedRun("run_b", (order("dlv_3", 5.2),))]

    change = regroup(offered, SITE, NOW)

    assert change.before.late_s > 0
    assert change.after.late_s == 0


def test_runs_that_are_best_already_stay():
    offered = [OfferedRun("run_a", tuple(order(f"dlv_{n}", 3 + n / 10) for n in range(ORDERS_MAX)))]

    change = regroup(offered, SITE, NOW)

    assert (change.plans, change.emptied) == ((), ())
    assert change.after == change.before


def test_no_run_means_no_change():
    assert regroup([], SITE, NOW).plans == ()


def test_proposal_is_taken_when_it_is_better(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouping, "NEIGHBOURS", 0)
    offered = [OfferedRun("run_a", (order("dlv_1", 3),)), OfferedRun("run_b", (order("dlv_2", 4),))]

    blind = regroup(offered, SITE, NOW)
    change = regroup(offered, SITE, NOW, [lambda orders, _site, _now: [[o.id for o in orders]]])

    assert blind.plans == ()
    assert after(offered, change) == [["dlv_1", "dlv_2"]]


def test_group_that_may_not_travel_together_is_formed_simply():
    orders = [order(f"dlv_{n}", 3 + n / 10) for n in range(ORDERS_MAX + 1)]
    offered = [OfferedRun(f"run_{each.id}", (each,)) for each in orders]

    change = regroup(offered, SITE, NOW, [lambda given, _site, _now: [[o.id for o in given]]])

    assert sorted(name for ids in after(offered, change) for name in ids) == [o.id for o in orders]
    assert all(len(ids) <= ORDERS_MAX for ids in after(offered, change))


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouping, "PLANS_MAX", 1)
    offered = [OfferedRun(f"run_{n}", (order(f"dlv_{n}", 3 + n),)) for n in range(5)]

    change = regroup(offered, SITE, NOW)

    assert change.after <= change.before


def test_forming_simply_first_is_never_worse_afterwards():
    orders = random_run(77, 30)
    plans = form(orders, (), SITE, NOW)
    by_id = {each.id: each for each in orders}
    offered = [
        OfferedRun(f"run_{n:02}", tuple(by_id[name] for name in plan.delivery_ids))
        for n, plan in enumerate(plans)
    ]

    change = regroup(offered, SITE, NOW)

    assert change.after < change.before


def test_look_around_leaves_alone_what_is_not_near(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouping, "NEIGHBOURS", 2)
    offered = [
        OfferedRun("run_a", (order("far", 5.0), order("stray", -1.0))),
        OfferedRun("run_b", (order("near", -1.1),)),
        OfferedRun("run_c", (order("other", 5.1), order("lost", -1.2))),
        OfferedRun("run_d", (order("tangled_1", 9.0), order("tangled_2", -9.0))),
        OfferedRun("run_e", (order("tangled_3", -9.1), order("tangled_4", 9.1))),
    ]

    change = regroup(offered, SITE, NOW, scope=Scope(Memory(), {"stray"}))
    nothing = regroup(offered, SITE, NOW, scope=Scope(Memory(), set()))

    groups = after(offered, change)
    assert ["tangled_1", "tangled_2"] in groups
    assert ["tangled_3", "tangled_4"] in groups
    assert {"near", "stray"} <= next(set(ids) for ids in groups if "stray" in ids)
    assert change.after < change.before
    assert nothing.plans == nothing.emptied == ()


def test_second_look_remembers_what_still_holds():
    offered = [
        OfferedRun(f"run_{n}", (order(f"dlv_{n}", 0.4 * n, window_until=LONG),)) for n in range(6)
    ]
    memory = Memory()

    first = regroup(offered, SITE, NOW, scope=Scope(memory))
    known = dict(memory.groups)
    again = regroup(offered, SITE, NOW + timedelta(minutes=5), scope=Scope(memory))

    assert known
    assert again == regroup(offered, SITE, NOW + timedelta(minutes=5))
    assert after(offered, again) == after(offered, first)
    assert all(known[group] == memory.groups[group] for group in known)
