"""When runs are shown to drivers."""

from datetime import timedelta

from app.domain.holding import FINDING, SAFETY_MIN, opens_at
from app.domain.run_plan import OpenDelivery, slack
from app.domain.sequencing import plan_run
from tests.domain.run_cases import NOW, SITE, random_run


def _easy(count: int) -> list[OpenDelivery]:
    """Orders whose windows leave hours."""
    return [
        OpenDelivery(
            id=f"dlv_{number}",
            store_id="str",
            store_point=SITE.entrance,
            floor=0,
            dropoff=SITE.parking,
            window_from=NOW,
            window_until=NOW + timedelta(hours=4),
            ready_at=NOW,
            parcels=1,
        )
        for number in range(count)
    ]


def test_run_with_time_left_waits_for_more_orders():
    orders = _easy(1)
    plan = plan_run(orders, SITE, NOW)

    assert opens_at(plan, orders) > NOW + timedelta(hours=2)


def test_fuller_run_waits_less_long():
    few, many = _easy(2), _easy(8)

    early = opens_at(plan_run(many, SITE, NOW), many)
    late = opens_at(plan_run(few, SITE, NOW), few)

    assert NOW < early < late


def test_run_that_must_start_now_is_shown_at_once():
    orders = random_run(3, 4)
    must_be_late = NOW + timedelta(hours=9)
    plan = plan_run(orders, SITE, must_be_late)

    assert opens_at(plan, orders) == plan.starts_at - FINDING <= must_be_late


def test_run_started_at_its_last_safe_instant_keeps_every_window():
    for seed in range(40):
        orders = random_run(seed, 1 + seed % 8)
        plan = plan_run(orders, SITE, NOW)
        if not plan.keeps_windows:
            continue
        start = max(NOW, opens_at(plan, orders) + FINDING)

        assert plan_run(orders, SITE, start).keeps_windows


def test_slack_is_what_the_tightest_door_leaves():
    orders = _easy(1)
    plan = plan_run(orders, SITE, NOW)

    left = slack(plan, {each.id: each for each in orders})

    assert left == orders[0].window_until - plan.stops[-1].planned_at
    assert left > SAFETY_MIN
