"""Runs are formed with a road engine's times, and go on without them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app import clock
from app.domain.geo import Point
from app.domain.travel import estimate
from app.extensions import db
from app.jobs.handlers import HANDLERS
from app.runs import forming, queries, roads
from app.runs.forming import forming_site
from app.runs.road_engines import osrm
from app.runs.roads import Roads
from tests.factories import Mall
from tests.road_servers import osrm_answer, server

DrivesBy = Callable[[str], None]

DOOR: dict[str, Any] = {"lat": 33.33, "lon": -111.93}


def run_metres(mall: Mall, kind: str) -> int:
    """Do a job as the worker does, and return how far the one run on offer is driven."""
    with mall.reading():
        HANDLERS[kind](site_id=mall.site_id, now=clock.now())
        (run,) = queries.offered_runs(mall.site_id, now=clock.now())
        return run.distance_m


@pytest.fixture
def drives_by(mall: Mall) -> Iterator[DrivesBy]:
    """Let everything be planned by an engine's times, until the test ends."""
    with mall.reading():
        database = db.engine
    yield lambda url: roads.serve(database, Roads(osrm(url)))
    roads.serve(database, None)


def test_new_order_is_planned_with_the_engines_ways(mall: Mall, drives_by: DrivesBy):
    mall.places(**DOOR)
    with server(osrm_answer) as (url, asked):
        drives_by(url)
        metres = run_metres(mall, "form_runs")

    assert len(asked) == 1
    assert metres == 1001


def test_order_is_planned_with_the_estimate_while_the_engine_fails(mall: Mall, drives_by: DrivesBy):
    mall.places(**DOOR)
    with server(lambda _path, _body: (500, b"")) as (url, asked):
        drives_by(url)
        metres = run_metres(mall, "form_runs")

        with mall.reading():
            parking = forming_site(mall.site_id).parking

    assert asked
    assert metres == estimate(parking, Point(DOOR["lat"], DOOR["lon"]), clock.now()).metres


def test_regrouping_asks_the_engine_too(mall: Mall, drives_by: DrivesBy):
    mall.offers(DOOR)
    with server(osrm_answer) as (url, asked):
        drives_by(url)
        run_metres(mall, "regroup_runs")

    assert asked


def test_run_on_offer_that_loses_an_order_is_planned_by_the_engine_too(
    mall: Mall, drives_by: DrivesBy
):
    run_id = mall.offers(DOOR, DOOR | {"lat": 33.34, "merchant_ref": "A-2"})
    with server(osrm_answer) as (url, _asked):
        drives_by(url)
        run_metres(mall, "regroup_runs")
    with mall.writing():
        first, rest = forming.waiting_in([run_id])
        run = queries.run(run_id)
        assert run is not None
        first.run_id = None
        forming.plan_offer(run, [rest], now=clock.now())

    assert mall.run(run_id).distance_m == 1001
