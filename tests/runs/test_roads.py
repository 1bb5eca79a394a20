"""Road engines over real HTTP: documented answers, and all the ways in which they fail."""

import json
import logging
import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.domain.geo import Point
from app.domain.traffic import Area
from app.domain.travel import Driving, Way
from app.runs import road_engines
from app.runs.road_engines import EngineError, osrm, valhalla
from app.runs.roads import Roads, SiteRoads
from tests.domain.run_cases import NOW
from tests.road_servers import osrm_answer, server, valhalla_answer

A, B, C = Point(33.30, -111.90), Point(33.32, -111.92), Point(33.28, -111.88)
ZONE = ZoneInfo("America/Phoenix")
DRIVING = Driving(Area.SUBURBAN, ZONE)
#: On one Monday.
NIGHT = datetime(2026, 11, 23, 5, 30, tzinfo=ZONE)
PEAK = datetime(2026, 11, 23, 16, 30, tzinfo=ZONE)


def test_osrm_table_becomes_ways_in_seconds_and_metres():
    with server(osrm_answer) as (url, asked):
        rows = osrm(url).ask([A, B], [C], NOW)

    assert rows == [[Way(301, 1001)], [Way(301, 1001)]]
    assert asked[0].startswith("/table/v1/driving/-111.900000,33.300000;-111.920000,33.320000;")


def test_valhalla_kilometres_become_metres_and_no_road_is_none():
    with server(valhalla_answer) as (url, _asked):
        rows = valhalla(url).ask([A], [B, C], NOW)

    assert rows == [[None, Way(240, 2500)]]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"code": "NoTable"}'),
        (200, b'{"code": "Ok", "durations": [[1]], "distances": [[1, 2]]}'),
        (200, b'{"code": "Ok", "durations": [[-1]], "distances": [[1]]}'),
        (200, b'{"code": "Ok", "durations": [[NaN]], "distances": [[1]]}'),
        (200, b'{"code": "Ok", "durations": [["1"]], "distances": [[1]]}'),
        (200, b'{"code": "Ok", "durations": [[1e99]], "distances": [[1]]}'),
        (200, b'{"code": "Ok", "durations": 3, "distances": [[1]]}'),
        (200, b'{"code": "Ok"}'),
    ],
)
def test_answer_that_makes_no_sense_is_no_answer(status: int, body: bytes):
    with server(lambda _path, _body: (status, body)) as (url, _), pytest.raises(EngineError):
        osrm(url).ask([A], [B], NOW)


@pytest.mark.parametrize("cell", [b"3", b'{"time": "1", "distance": 1}'])
def test_valhalla_cell_that_makes_no_sense_is_no_answer(cell: bytes):
    body = b'{"sources_to_targets": [[' + cell + b"]]}"
    with server(lambda _path, _body: (200, body)) as (url, _asked), pytest.raises(EngineError):
        valhalla(url).ask([A], [B], NOW)


def test_slow_engine_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(road_engines, "ANSWER_WITHIN_S", 0.2)
    let_go = threading.Event()

    def slow(path: str, body: bytes) -> tuple[int, bytes]:
        # Longer than anybody waits: who is answered late has not given up.
        let_go.wait(60)
        return osrm_answer(path, body)

    with server(slow) as (url, _asked):
        with pytest.raises(EngineError):
            osrm(url).ask([A], [B], NOW)
        let_go.set()


def test_nobody_listening_is_no_answer():
    with server(osrm_answer) as (url, _asked):
        pass

    with pytest.raises(EngineError):
        osrm(url).ask([A], [B], NOW)


def test_prepared_ways_are_the_engines_and_asked_for_once():
    with server(osrm_answer) as (url, asked):
        roads = Roads(osrm(url))
        assert roads.prepare([A, B, C], NOW)
        assert roads.prepare([C, B], NOW)

    assert len(asked) == 1
    assert roads.known(A, B, NOW) == Way(602, 1001)


def test_what_was_not_prepared_is_estimated_and_asks_nobody():
    with server(osrm_answer) as (url, asked):
        around = SiteRoads(Roads(osrm(url)), DRIVING)

        assert around(A, B, NOW) == DRIVING(A, B, NOW)
        assert asked == []


def test_pair_without_a_road_is_estimated():
    with server(valhalla_answer) as (url, _asked):
        around = SiteRoads(Roads(valhalla(url)), DRIVING)
        around.prepare([A, B, C], NOW)

    # Places are asked for from south to north; the first column has no roads.
    assert around(A, C, NOW) == DRIVING(A, C, NOW)
    assert around(A, B, NOW) == Way(240, 2500)


def test_failing_engine_is_told_of_once_and_left_alone_for_a_minute(
    caplog: pytest.LogCaptureFixture,
):
    with server(lambda _path, _body: (500, b"")) as (url, asked):
        roads = Roads(osrm(url))
        with caplog.at_level(logging.WARNING):
            assert not roads.prepare([A, B], NOW)
            assert not roads.prepare([A, B], NOW + timedelta(seconds=59))
            assert len(asked) == len(caplog.records) == 1
            assert not roads.prepare([A, B], NOW + timedelta(seconds=61))

    assert len(asked) == 2
    assert SiteRoads(roads, DRIVING)(A, B, NOW) == DRIVING(A, B, NOW)


def test_many_places_are_asked_for_in_blocks_and_the_oldest_ways_go():
    points = [Point(33 + number / 1_000, -111.0) for number in range(120)]
    with server(osrm_answer) as (url, asked):
        roads = Roads(osrm(url), kept_max=500)
        assert roads.prepare(points, NOW)

    assert len(asked) == 9
    assert roads.known(points[0], points[1], NOW) is None
    assert roads.known(points[119], points[100], NOW) is not None


def test_free_roads_hold_for_a_day_and_get_the_hours_of_traffic_on_top():
    with server(osrm_answer) as (url, asked):
        around = SiteRoads(Roads(osrm(url)), DRIVING)
        around.prepare([A, B], NIGHT)
        around.prepare([A, B], PEAK)

    assert len(asked) == 1
    assert around(A, B, NIGHT) == Way(402, 1001)
    assert around(A, B, PEAK) == Way(535, 1001)


def test_engine_that_knows_hours_is_asked_for_each_in_the_places_own_time():
    questions: list[dict[str, Any]] = []

    def answer(path: str, body: bytes) -> tuple[int, bytes]:
        questions.append(json.loads(body))
        return valhalla_answer(path, body)

    with server(answer) as (url, _asked):
        around = SiteRoads(Roads(valhalla(url)), DRIVING)
        around.prepare([A, B], PEAK)
        around.prepare([A, B], PEAK + timedelta(hours=1))
        around.prepare([A, B], PEAK)

    assert [each["date_time"] for each in questions] == [
        {"type": 1, "value": "2026-11-23T16:30"},
        {"type": 1, "value": "2026-11-23T17:30"},
    ]
    # Its answer is taken as it is, and stands in for the other hours of the day.
    assert around(A, B, PEAK) == around(A, B, NIGHT) == Way(240, 2500)
    assert around(A, B, PEAK + timedelta(days=2)) == DRIVING(A, B, PEAK + timedelta(days=2))


def test_valhalla_tells_no_hours_times_from_more_places_than_to_places():
    questions: list[dict[str, Any]] = []

    def answer(path: str, body: bytes) -> tuple[int, bytes]:
        questions.append(json.loads(body))
        return valhalla_answer(path, body)

    with server(answer) as (url, _asked):
        valhalla(url).ask([A, B], [C], PEAK)

    assert "date_time" not in questions[0]


def test_neighbours_are_walked_to_whatever_the_engine_says():
    near = Point(A.lat_deg + 0.0003, A.lon_deg)
    with server(osrm_answer) as (url, _asked):
        around = SiteRoads(Roads(osrm(url)), DRIVING)
        around.prepare([A, near], NOW)

    assert around(A, near, NOW) == DRIVING(A, near, NOW)
