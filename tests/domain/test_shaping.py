"""What runs cost as they are and as they could be."""

from dataclasses import replace
from datetime import timedelta

from app.domain.pay_rules import CURRENT_PAY_RULE, PAY_RULES
from app.domain.sequencing import plan_run
from app.domain.shaping import RunCost, cost_of, cost_together, why_together
from tests.domain.run_cases import NOW, SITE, random_run

RULE = PAY_RULES[CURRENT_PAY_RULE]
HOUR = timedelta(hours=1)
ORDERS = [
    replace(each, window_from=NOW, window_until=NOW + 4 * HOUR, store_id="str_0")
    for each in random_run(3, 4)
]


def test_cost_is_that_of_the_plan_without_tips():
    plan = plan_run(ORDERS, SITE, NOW)

    cost = cost_of(plan, ORDERS, RULE)

    assert (cost.duration_s, cost.distance_m, cost.late_s) == (
        plan.duration_s,
        plan.distance_m,
        0,
    )
    assert cost.pay_minor > RULE.minimum_minor


def test_lateness_is_added_up():
    late = [replace(each, window_until=NOW + timedelta(seconds=1)) for each in ORDERS]

    assert cost_together(late, SITE, NOW, RULE).late_s > 4 * 60


def test_nothing_costs_nothing_and_costs_add_up():
    cost = cost_together(ORDERS, SITE, NOW, RULE)

    assert cost_together([], SITE, NOW, RULE) == RunCost()
    assert cost.plus(cost).less(cost) == cost


def test_why_says_what_an_order_costs_here_and_alone():
    found = why_together(ORDERS, SITE, NOW, RULE)

    assert [each.delivery_id for each in found] == [each.id for each in ORDERS]
    assert {each.same_store for each in found} == {3}
    assert {each.shared_window for each in found} == {(NOW, NOW + 4 * HOUR)}
    for each in found:
        assert each.nearest_door_m is not None
        assert each.here.duration_s < each.alone.duration_s
        assert each.here.pay_minor < each.alone.pay_minor


def test_an_order_alone_has_nobody_beside_it():
    (only,) = why_together(ORDERS[:1], SITE, NOW, RULE)

    assert (only.same_store, only.nearest_door_m) == (0, None)
    assert only.here == only.alone


def test_windows_may_share_nothing():
    later = replace(ORDERS[0], window_from=NOW + 5 * HOUR, window_until=NOW + 6 * HOUR)

    assert {each.shared_window for each in why_together([later, ORDERS[1]], SITE, NOW, RULE)} == {
        None
    }
