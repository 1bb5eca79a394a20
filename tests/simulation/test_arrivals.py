"""The arrival window that people are shown contains the share of arrivals that it promises."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.arrivals import Lead, counted, lead_of, miss, spread_of
from app.domain.eta import ARRIVAL_SHARE, DOOR_S, arrival_window, widths
from app.domain.travel import estimate
from app.simulation.day import simulate_site
from app.simulation.driving import Driven
from app.simulation.figures import POLICIES
from app.simulation.places import read_sites
from app.simulation.policies import Stage
from app.simulation.world import World


def told(run: Driven) -> Iterator[tuple[datetime, datetime, datetime, int]]:
    """Yield what was told at every door of each later one: real, told at, told, stops before."""
    for number, first in enumerate(run.drops):
        clock, here = first.at + timedelta(seconds=DOOR_S), first.order.dropoff
        for before, drop in enumerate(run.drops[number + 1 :]):
            way = estimate(here, drop.order.dropoff, first.at)
            clock = max(clock + timedelta(seconds=way.seconds), drop.order.window_from)
            yield drop.at, first.at, clock, before
            clock, here = clock + timedelta(seconds=DOOR_S), drop.order.dropoff


def windows(run: Driven) -> Iterator[tuple[datetime, tuple[datetime, datetime]]]:
    """Yield each later arrival with its window as told at every door before it."""
    for real, told_at, expected, before in told(run):
        yield real, arrival_window(expected, told_at, before)


def a_day(site_number: int, seed: int) -> list[tuple[datetime, datetime, datetime, int]]:
    """Return what was told on one simulated day."""
    site = read_sites()[site_number]
    policy = POLICIES["half_hourly"](Stage(site, estimate))
    day = simulate_site(site, seed, policy, World(seed, estimate), estimate)
    return [each for run in day.runs for each in told(run)]


@pytest.mark.parametrize("site_number", [0, 3])
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_window_contains_the_promised_share_of_arrivals(site_number: int, seed: int):
    site = read_sites()[site_number]
    policy = POLICIES["half_hourly"](Stage(site, estimate))
    day = simulate_site(site, seed, policy, World(seed, estimate), estimate)

    shown = [each for run in day.runs for each in windows(run)]

    assert len(shown) > 100
    kept = sum(start <= at <= end for at, (start, end) in shown)
    assert kept / len(shown) >= ARRIVAL_SHARE


def test_window_is_no_wider_than_half_an_hour_on_average():
    site = read_sites()[3]
    policy = POLICIES["half_hourly"](Stage(site, estimate))
    day = simulate_site(site, 1, policy, World(1, estimate), estimate)

    found = [end - start for run in day.runs for _, (start, end) in windows(run)]

    assert sum(found, timedelta()) / len(found) < timedelta(minutes=30)


@pytest.mark.parametrize("site_number", [0, 3])
def test_window_learned_on_one_day_keeps_its_promise_on_the_next(site_number: int):
    counts: dict[Lead, list[int]] = {}
    for real, told_at, expected, before in a_day(site_number, 1):
        each = miss(told_at, expected, real, before)
        counts[each.lead] = counted(counts.get(each.lead, []), each.widths)

    shown, exact, following = 0, 0, a_day(site_number, 2)
    for real, told_at, expected, before in following:
        spread = spread_of(counts[lead_of(expected - told_at)])
        start, end = arrival_window(expected, told_at, before, spread)
        early, late = widths(expected - told_at, before)
        shown += start <= real <= end
        exact += expected - spread.early * early <= real <= expected + spread.late * late

    assert shown / len(following) >= ARRIVAL_SHARE
    # Before it is rounded to five minutes it contains what it says, neither less nor much more.
    assert exact / len(following) == pytest.approx(ARRIVAL_SHARE, abs=0.04)
