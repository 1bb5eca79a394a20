"""A simulated day at a small site: reproducible, complete, and under the product's rules."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.domain.forming import ORDERS_MAX
from app.domain.traffic import Area
from app.domain.travel import estimate
from app.simulation import figures, world
from app.simulation.day import SiteDay, simulate_site
from app.simulation.figures import POLICIES, figures_of, simulate, table
from app.simulation.picture import picture
from app.simulation.places import Kind, SimSite, read_sites
from app.simulation.policies import Stage
from app.simulation.world import World

ROOT = Path(__file__).resolve().parents[2]


def small(count: int = 24) -> SimSite:
    """A mall with a quiet day."""
    return replace(read_sites()[0], order_count=count, driver_count=8)


def day_of(policy: str, *, seed: int = 1, site: SimSite | None = None) -> SiteDay:
    site = site or small()
    stage = Stage(site, estimate)
    return simulate_site(site, seed, POLICIES[policy](stage), World(seed, estimate), estimate)


def test_five_sites_share_two_thousand_orders_and_a_hundred_and_fifty_drivers():
    sites = read_sites()

    assert sum(site.order_count for site in sites) == 2_000
    assert sum(site.driver_count for site in sites) == 150
    assert sorted(site.kind for site in sites) == [Kind.HUB, *[Kind.MALL] * 3, Kind.STATION]


def test_day_is_driven_on_the_roads_of_its_place(monkeypatch: pytest.MonkeyPatch):
    areas = {site.key: site.area for site in read_sites()}
    minutes: dict[Area, float] = {}
    for area in (Area.SUBURBAN, Area.RURAL):
        quiet = replace(small(12), area=area)
        monkeypatch.setattr(figures, "read_sites", lambda quiet=quiet: (quiet,))
        minutes[area] = simulate(3, lambda _text: None).figures["one_each"].minutes_per_drop

    assert areas["fashion_show"] is Area.URBAN
    assert areas["felton"] is Area.RURAL
    assert minutes[Area.SUBURBAN] != minutes[Area.RURAL]


@pytest.mark.parametrize("policy", POLICIES)
def test_no_order_is_driven_twice_and_no_run_is_too_full(policy: str):
    day = day_of(policy)

    driven = [drop.order.id for run in day.runs for drop in run.drops]
    assert driven
    assert len(driven) == len(set(driven))
    assert set(driven) <= {order.open.id for order in day.orders}
    assert max(len(run.drops) for run in day.runs) <= ORDERS_MAX


def test_nothing_is_delivered_before_it_is_packed_or_its_window_begins():
    day = day_of("formed")
    packed = World(1, estimate)

    for run in day.runs:
        for drop in run.drops:
            assert drop.at >= max(drop.order.window_from, packed.packed_at(drop.order))
            assert run.claimed_at <= run.started_at < drop.at < run.ended_at


def test_every_order_of_a_quiet_day_is_delivered():
    day = day_of("formed")

    assert sum(len(run.drops) for run in day.runs) == len(day.orders)


def test_forming_drives_fewer_runs_than_one_for_each_order():
    site = small(40)

    formed, alone = (day_of(policy, site=site) for policy in ("formed", "one_each"))

    assert len(formed.runs) * 3 < len(alone.runs)
    assert figures_of([formed]).cost_per_drop < figures_of([alone]).cost_per_drop


def test_claims_of_drivers_who_never_come_lapse_and_the_orders_go_on(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(world, "IDLE_CLAIM_SHARE", 0.5)

    for policy in POLICIES:
        day = day_of(policy)
        driven = [drop.order.id for run in day.runs for drop in run.drops]

        assert day.lapsed > 0
        assert len(driven) == len(set(driven)) > 0


def test_other_seed_gives_another_day():
    assert day_of("formed", seed=1).runs != day_of("formed", seed=2).runs


_PRINT = """
import json, sys
sys.path.insert(0, "")
from tests.simulation.test_day import simulated
from app.simulation.picture import picture
found = simulated()
print(json.dumps(found.as_json()), picture(found))
"""


def simulated() -> Any:
    figures.read_sites = lambda: (small(12),)  # pyright: ignore[reportAttributeAccessIssue]
    return simulate(7, lambda _text: None)


def test_same_seed_gives_the_same_bytes_in_processes_that_hash_differently():
    outs = {
        subprocess.run(
            [sys.executable, "-c", _PRINT],
            cwd=ROOT,
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }

    assert len(outs) == 1
    assert outs.pop()


def test_figures_table_and_picture_tell_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(figures, "read_sites", lambda: (small(12),))
    heard: list[str] = []

    found = simulate(3, heard.append)
    told = json.loads(json.dumps(found.as_json()))

    assert len(heard) == len(POLICIES)
    assert {"on_time_share", "cost_per_drop", "cost_ratio_to_naive"} <= set(told)
    assert 0 <= told["on_time_share"] <= 1
    assert any(f"${told['cost_per_drop']:.2f}" in line for line in table(found))
    drawn = ET.fromstring(picture(found))  # noqa: S314 - Our own text.
    assert f"${told['cost_per_drop']:.2f}" in "".join(drawn.itertext())
