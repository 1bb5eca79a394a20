"""What a small mall's day makes of its promises."""

from dataclasses import replace

import pytest

from app.domain.promise import SPARE
from app.domain.travel import estimate
from app.simulation.day import simulate_site
from app.simulation.places import Kind, SimSite, read_sites
from app.simulation.policies import OneEach, Stage
from app.simulation.promising import Kept, Promised, kept, kept_at
from app.simulation.world import World


def quiet(drivers: int, orders: int = 30) -> SimSite:
    return replace(read_sites()[0], order_count=orders, driver_count=drivers)


def test_quiet_day_keeps_what_it_promises():
    day = kept_at(quiet(drivers=12), 1, estimate)

    assert day.asked == 30
    assert 0 < day.promised <= 30
    assert day.missed_share <= 0.02


def test_order_is_planned_for_less_than_was_promised():
    site = quiet(drivers=12)
    stage = Stage(site, estimate)
    policy = Promised(stage, 1, OneEach(stage))
    day = simulate_site(site, 1, policy, World(1, estimate), estimate)

    planned = {drop.order.id: drop.order.window_until for run in day.runs for drop in run.drops}
    spared = {until - planned[order_id] for order_id, until in policy.windows.items()}

    assert spared == {SPARE}


def test_without_drivers_nobody_is_promised_anything():
    assert kept_at(quiet(drivers=0, orders=5), 1, estimate) == Kept(5, 0, 0)


@pytest.mark.parametrize("count", [0, 2])
def test_missed_share_is_of_the_promised(count: int):
    assert Kept(100, 50, count).missed_share == count / 50
    assert Kept(0, 0, 0).missed_share == 0


def test_only_malls_are_asked():
    others = [site for site in read_sites() if site.kind is not Kind.MALL]

    assert kept(others, 1) == Kept(0, 0, 0)
