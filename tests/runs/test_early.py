"""A driver who is quicker than a window: nobody is told earlier, he waits or hands over early."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.domain.eta import DOOR_S
from app.domain.events import EventType
from app.domain.learned import Timed
from tests.factories import Mall
from tests.paces import has_learned
from tests.personas import Clerk, Driver
from tests.places import DOOR

pytestmark = pytest.mark.both_engines

MINUTE = timedelta(minutes=1)
#: Long before the first window begins.
WAIT = 50 * MINUTE


@pytest.fixture
def opens(mall: Mall, dina: Driver, carl: Clerk) -> datetime:
    """Let Dina collect for two doors at once whose windows begin later; return when the first."""
    opens = (clock.now() + WAIT).replace(microsecond=0)
    run_id = mall.offers(
        {"window_from": opens, "merchant_ref": "A-1"},
        {"window_from": opens + 2 * MINUTE, "merchant_ref": "A-2", "lat": DOOR[0] + 0.02},
    )
    assert dina.claim(run_id).status_code == 200
    assert dina.collect(carl.shows(dina, run_id)).status_code == 200
    return opens


def planned(stop: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(stop["planned_at"])


def page(mall: Mall, stop: dict[str, Any]) -> dict[str, Any]:
    client = mall.app.test_client()
    return client.get(f"{mall.link(stop['delivery']['id'])}/state").get_json()


def test_door_is_never_told_before_its_window_and_the_next_follows(dina: Driver, opens: datetime):
    first, second = dina.stops("dropoff")

    assert planned(first) == opens
    assert planned(second) == opens + timedelta(seconds=DOOR_S + second["drive_s"])


def test_customer_is_not_told_to_expect_anybody_before_the_window(
    mall: Mall, dina: Driver, opens: datetime
):
    first, _second = dina.stops("dropoff")
    dina.arrive(first)
    with clock.frozen(opens - MINUTE):
        early = page(mall, first)
    with clock.frozen(opens):
        in_time = page(mall, first)

    assert early["headline"] == in_time["headline"] == "Dina is at your door"
    assert "early and can wait until" in early["sentence"]
    assert "early" not in in_time["sentence"]


def test_driver_who_waits_goes_on_when_the_window_has_begun(dina: Driver, opens: datetime):
    first, _second = dina.stops("dropoff")
    dina.arrive(first)

    first, second = dina.stops("dropoff")

    assert planned(first) == opens
    assert planned(second) == opens + timedelta(seconds=DOOR_S + second["drive_s"])


def test_early_is_recorded_with_the_handoff_and_the_dispatcher_reads_it(
    mall: Mall, dina: Driver, opens: datetime
):
    first, _second = dina.stops("dropoff")
    dina.arrive(first)
    with clock.frozen(opens - 20 * MINUTE):
        assert dina.deliver(first).status_code == 200

    facts = mall.facts(first["delivery"]["id"], EventType.HANDOFF_DELIVERED)
    assert facts["early_s"] == 1_200
    (second,) = dina.stops("dropoff")
    assert planned(second) == opens + 2 * MINUTE


def test_handoff_within_the_window_is_not_called_early(mall: Mall, dina: Driver, opens: datetime):
    first, _second = dina.stops("dropoff")
    dina.arrive(first)
    with clock.frozen(opens):
        assert dina.deliver(first).status_code == 200

    assert "early_s" not in mall.facts(first["delivery"]["id"], EventType.HANDOFF_DELIVERED)


def test_way_to_the_first_door_begins_at_the_counter_and_not_at_the_car(
    mall: Mall, dina: Driver, carl: Clerk
):
    run_id = mall.offers()
    dina.claim(run_id)
    now = clock.now() + MINUTE
    with clock.frozen(now):
        dina.collect(carl.shows(dina, run_id))
        (door,) = dina.stops("dropoff")

    assert planned(door) > now + timedelta(seconds=door["drive_s"] + 60)


def test_doors_that_take_long_here_put_off_the_next(mall: Mall, dina: Driver, carl: Clerk):
    has_learned(mall, Timed.DOOR, "none", 3.5)
    run_id = mall.offers({"merchant_ref": "A-1"}, {"merchant_ref": "A-2", "lat": DOOR[0] + 0.02})
    dina.claim(run_id)
    dina.collect(carl.shows(dina, run_id))

    first, second = dina.stops("dropoff")

    work = planned(second) - planned(first) - timedelta(seconds=second["drive_s"])
    assert work > timedelta(seconds=3 * DOOR_S)
