"""Road engines over real HTTP: documented answers, and all the ways in which they fail."""

import logging
import threading
import time
from datetime import timedelta

import pytest

from app.domain.geo import Point
from app.domain.travel import Way, estimate
from app.runs import road_engines
from app.runs.road_engines import EngineError, osrm, valhalla
from app.runs.roads import Roads
from tests.domain.run_cases import NOW
from tests.road_servers import osrm_answer, server, valhalla_answer

A, B, C = Point(33.30, -111.90), Point(33.32, -111.92), Point(33.28, -111.88)


def test_osrm_table_becomes_ways_in_seconds_and_metres():
    with server(osrm_answer) as (url, asked):
        rows = osrm(url)([A, B], [C])

    assert rows == [[Way(301, 1001)], [Way(301, 1001)]]
    assert asked[0].startswith("/table/v1/driving/-111.900000,33.300000;-111.920000,33.320000;")


def test_valhalla_kilometres_become_metres_and_no_road_is_none():
    with server(valhalla_answer) as (url, _asked):
        rows = valhalla(url)([A], [B, C])

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
        osrm(url)([A], [B])


@pytest.mark.parametrize("cell", [b"3", b'{"time": "1", "distance": 1}'])
def test_valhalla_cell_that_makes_no_sense_is_no_answer(cell: bytes):
    body = b'{"sources_to_targets": [[' + cell + b"]]}"
    with server(lambda _path, _body: (200, body)) as (url, _asked), pytest.raises(EngineError):
        valhalla(url)([A], [B])


def test_slow_engine_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(road_engines, "ANSWER_WITHIN_S", 0.2)
    let_go = threading.Event()

    def slow(path: str, body: bytes) -> tuple[int, bytes]:
        let_go.wait(10)
        return osrm_answer(path, body)

    with server(slow) as (url, _asked):
        began = time.monotonic()
        with pytest.raises(EngineError):
            osrm(url)([A], [B])
        took = time.monotonic() - began
        let_go.set()

    assert took < 5


def test_nobody_listening_is_no_answer():
    with server(osrm_answer) as (url, _asked):
        pass

    with pytest.raises(EngineError):
        osrm(url)([A], [B])


def test_prepared_ways_are_the_engines_and_asked_for_once():
    with server(osrm_answer) as (url, asked):
        roads = Roads(osrm(url))
        assert roads.prepare([A, B, C], NOW)
        assert roads.prepare([C, B], NOW)
        way = roads(A, B, NOW)

    assert len(asked) == 1
    assert way.metres == 1001
    assert way != estimate(A, B, NOW)


def test_what_was_not_prepared_is_estimated_and_asks_nobody():
    with server(osrm_answer) as (url, asked):
        roads = Roads(osrm(url))

        assert roads(A, B, NOW) == estimate(A, B, NOW)
        assert asked == []


def test_pair_without_a_road_is_estimated():
    with server(valhalla_answer) as (url, _asked):
        roads = Roads(valhalla(url))
        roads.prepare([A, B, C], NOW)

    assert roads(A, C, NOW) == estimate(A, C, NOW)
    assert roads(A, B, NOW) == Way(240, 2500)


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
    assert roads(A, B, NOW) == estimate(A, B, NOW)


def test_many_places_are_asked_for_in_blocks_and_the_oldest_ways_go():
    points = [Point(33 + number / 1_000, -111.0) for number in range(120)]
    with server(osrm_answer) as (url, asked):
        roads = Roads(osrm(url), kept_max=500)
        assert roads.prepare(points, NOW)

    assert len(asked) == 9
    assert roads(points[0], points[1], NOW) == estimate(points[0], points[1], NOW)
    assert roads(points[119], points[100], NOW).metres == 1001
