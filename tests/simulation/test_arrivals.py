"""The arrival window that people are shown contains the share of arrivals that it promises."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.eta import ARRIVAL_SHARE, DOOR_S, arrival_window
from app.domain.travel import estimate
from app.simulation.day import simulate_site
from app.simulation.driving import Driven
from app.simulation.figures import POLICIES
from app.simulation.places import read_sites
from app.simulation.policies import Stage
from app.simulation.world import World


def windows(run: Driven) -> Iterator[tuple[datetime, tuple[datetime, datetime]]]:
    """Yield each later arrival with its window as told at every door before it."""
    for number, first in enumerate(run.drops):
        clock, here = first.at + timedelta(seconds=DOOR_S), first.order.dropoff
        for before, drop in enumerate(run.drops[number + 1 :]):
            way = estimate(here, drop.order.dropoff, first.at)
            clock = max(clock + timedelta(seconds=way.seconds), drop.order.window_from)
            yield drop.at, arrival_window(clock, first.at, before)
            clock, here = clock + timedelta(seconds=DOOR_S), drop.order.dropoff


@pytest.mark.parametrize("site_number", [0, 3])
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_window_contains_the_promised_share_of_arrivals(site_number: int, seed: int):
    site = read_sites()[site_number]
    policy = POLICIES["half_hourly"](Stage(site, estimate))
    day = simulate_site(site, seed, policy, World(seed, estimate), estimate)

    told = [each for run in day.runs for each in windows(run)]

    assert len(told) > 100
    kept = sum(start <= at <= end for at, (start, end) in told)
    assert kept / len(told) >= ARRIVAL_SHARE


def test_window_is_no_wider_than_half_an_hour_on_average():
    site = read_sites()[3]
    policy = POLICIES["half_hourly"](Stage(site, estimate))
    day = simulate_site(site, 1, policy, World(1, estimate), estimate)

    widths = [end - start for run in day.runs for _, (start, end) in windows(run)]

    assert sum(widths, timedelta()) / len(widths) < timedelta(minutes=30)
