"""Runs are formed with a road engine's times, and go on without them."""

from typing import Any

import pytest

from app import clock
from app.domain.geo import Point
from app.domain.travel import estimate
from app.jobs.handlers import HANDLERS
from app.runs import queries
from app.runs.forming import forming_site
from app.runs.road_engines import osrm
from app.runs.roads import Roads
from tests.factories import Mall
from tests.road_servers import osrm_answer, server

DOOR: dict[str, Any] = {"lat": 33.33, "lon": -111.93}


def run_metres(mall: Mall, kind: str) -> int:
    """Do a job as the worker does, and return how far the one run on offer is driven."""
    with mall.reading():
        HANDLERS[kind](site_id=mall.site_id, now=clock.now())
        (run,) = queries.offered_runs(mall.site_id, now=clock.now())
        return run.distance_m


def test_new_order_is_planned_with_the_engines_ways(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    mall.places(**DOOR)
    with server(osrm_answer) as (url, asked):
        monkeypatch.setitem(mall.app.extensions, "mallrun_roads", Roads(osrm(url)))
        metres = run_metres(mall, "form_runs")

    assert len(asked) == 1
    assert metres == 1001


def test_order_is_planned_with_the_estimate_while_the_engine_fails(
    mall: Mall, monkeypatch: pytest.MonkeyPatch
):
    mall.places(**DOOR)
    with server(lambda _path, _body: (500, b"")) as (url, asked):
        monkeypatch.setitem(mall.app.extensions, "mallrun_roads", Roads(osrm(url)))
        metres = run_metres(mall, "form_runs")

        with mall.reading():
            parking = forming_site(mall.site_id).parking

    assert asked
    assert metres == estimate(parking, Point(DOOR["lat"], DOOR["lon"]), clock.now()).metres


def test_regrouping_asks_the_engine_too(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    mall.offers(DOOR)
    with server(osrm_answer) as (url, asked):
        monkeypatch.setitem(mall.app.extensions, "mallrun_roads", Roads(osrm(url)))
        run_metres(mall, "regroup_runs")

    assert asked
