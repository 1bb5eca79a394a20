"""Arriving at a stop, told at once or late."""

from datetime import datetime, timedelta

import pytest

from app import clock
from tests.factories import command
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_arrival_told_an_hour_late_moves_no_later_stop_into_the_past(dina: Driver):
    claimed(dina)
    pickup = dina.stops("pickup")[0]
    late = (clock.now() - timedelta(hours=1)).isoformat()

    body = command(position=None) | {"occurred_at": late}
    answer = dina.client.post(f"/driver/api/stops/{pickup['id']}/arrive", json=body)

    assert answer.status_code == 200
    door = dina.stops("dropoff")[0]
    assert datetime.fromisoformat(door["planned_at"]) > clock.now()


def test_door_is_not_reached_before_the_parcels_are(dina: Driver):
    claimed(dina)

    assert code_of(dina.arrive(dina.stops("dropoff")[0])) == "stop_not_next"


def test_arriving_twice_is_arriving_once(dina: Driver, carl: Clerk):
    collected(dina, carl)
    door = dina.stops("dropoff")[0]

    first, second = dina.arrive(door), dina.arrive(door)

    assert (first.status_code, second.status_code) == (200, 200)
    arrived = {
        each.get_json()["state"]["run"]["stops"][-1]["arrived_at"] for each in (first, second)
    }
    assert len(arrived) == 1
