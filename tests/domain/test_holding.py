"""When runs are shown to drivers."""

from datetime import datetime, timedelta

from app.domain import holding
from app.domain.forming import ORDERS_MAX
from app.domain.holding import FINDING, SAFETY_MIN, shown_at
from app.domain.run_plan import OpenDelivery, RunPlan, slack
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


def opens_at(plan: RunPlan, orders: list[OpenDelivery]) -> datetime:
    return holding.opens_at(plan, {each.id: each.window_until for each in orders})


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


def test_time_is_a_full_minute_that_is_not_later_than_the_rule():
    orders = _easy(3)
    plan = plan_run(orders, SITE, NOW)
    until = {each.id: each.window_until for each in orders}

    at = shown_at(plan, until, NOW)

    assert at is not None
    assert (at.second, at.microsecond) == (0, 0)
    assert timedelta(0) <= holding.opens_at(plan, until) - at < timedelta(minutes=1)


def test_time_that_has_come_is_now():
    orders = _easy(1)
    plan = plan_run(orders, SITE, NOW)
    until = {each.id: each.window_until for each in orders}

    assert shown_at(plan, until, NOW + timedelta(hours=4)) is None


def test_full_run_waits_too_but_shorter_than_any_other():
    times = [opens_at(plan_run(_easy(n), SITE, NOW), _easy(n)) for n in range(1, ORDERS_MAX + 1)]

    assert times == sorted(times, reverse=True)
    assert times[-1] > NOW
