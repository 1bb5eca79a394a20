"""When parcels come back: after the doors that are left, and never in the past."""

from datetime import datetime
from typing import Any

import pytest

from app import clock
from tests.factories import Mall
from tests.personas import Driver
from tests.places import DOOR

pytestmark = pytest.mark.both_engines

DOORS = 3


def planned(stop: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(stop["planned_at"])


def delivering_from_two_stores(mall: Mall, driver: Driver) -> None:
    """Let a driver have parcels for three doors: two from Lumen, one from Orbit."""
    for number, store in enumerate((mall.store, mall.store, mall.other_store)):
        mall.places(store, lat=DOOR[0] + number / 100)
    (run_id,) = mall.forms_runs()
    assert driver.claim(run_id).status_code == 200
    for _ in range(2):
        assert driver.collect("Tablet is off", kind="assertion").status_code == 200


def test_return_comes_after_the_doors_that_are_left(mall: Mall, dina: Driver):
    delivering_from_two_stores(mall, dina)

    for left in range(DOORS - 1, 0, -1):
        door = dina.stops("dropoff")[0]
        dina.arrive(door)
        dina.fail(door)

        doors, returns = dina.stops("dropoff"), dina.stops("return")
        assert len(doors) == left
        assert max(map(planned, doors)) < min(map(planned, returns))
        assert all(planned(stop) > clock.now() for stop in (*doors, *returns))


def test_stores_that_get_parcels_back_are_walked_to_in_turn(mall: Mall, dina: Driver):
    delivering_from_two_stores(mall, dina)
    for _ in range(DOORS):
        door = dina.stops("dropoff")[0]
        dina.arrive(door)
        dina.fail(door)

    first, second = sorted(dina.stops("return"), key=lambda stop: stop["seq"])

    assert planned(first) < planned(second)
    assert first["distance_m"] > 1_000
    assert second["distance_m"] < 100
