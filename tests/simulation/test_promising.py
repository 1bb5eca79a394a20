"""What a small mall's day makes of its promises."""

from dataclasses import replace

import pytest

from app.domain.travel import estimate
from app.simulation.places import Kind, SimSite, read_sites
from app.simulation.promising import Kept, kept, kept_at


def quiet(drivers: int, orders: int = 30) -> SimSite:
    return replace(read_sites()[0], order_count=orders, driver_count=drivers)


def test_quiet_day_keeps_what_it_promises():
    day = kept_at(quiet(drivers=12), 1, estimate)

    assert day.asked == 30
    assert 0 < day.promised <= 30
    assert day.missed_share <= 0.02


def test_without_drivers_nobody_is_promised_anything():
    assert kept_at(quiet(drivers=0, orders=5), 1, estimate) == Kept(5, 0, 0)


@pytest.mark.parametrize("count", [0, 2])
def test_missed_share_is_of_the_promised(count: int):
    assert Kept(100, 50, count).missed_share == count / 50
    assert Kept(0, 0, 0).missed_share == 0


def test_only_malls_are_asked():
    others = [site for site in read_sites() if site.kind is not Kind.MALL]

    assert kept(others, 1, estimate) == Kept(0, 0, 0)
