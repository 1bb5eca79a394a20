"""Giving a run back before the first collection."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.events import EventType
from app.domain.run import PAUSE, RELEASES_BEFORE_PAUSE
from tests.factories import Mall
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def release(driver: Driver, run_id: str):
    return driver.post(f"runs/{run_id}/release", reason="mistake", note="")


def test_released_run_is_on_offer_again(mall: Mall, dina: Driver, dan: Driver):
    run_id = claimed(dina)

    answer = release(dina, run_id)

    assert answer.status_code == 200
    assert answer.get_json()["state"]["run"] is None
    assert dan.claim(run_id).status_code == 200
    assert [row.status for row in mall.deliveries_of(run_id)] == ["enroute_to_pickup"]


def test_release_gives_every_delivery_the_status_it_had(mall: Mall, dina: Driver, carl: Clerk):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})
    packed, waiting = mall.deliveries_of(run_id)
    carl.post(f"deliveries/{packed.id}/pack")
    dina.claim(run_id)

    release(dina, run_id)

    assert mall.delivery(packed.id).status == "ready_for_pickup"
    assert mall.delivery(waiting.id).status == "created"
    assert mall.count(run_id, EventType.RUN_RELEASED) == 2


def test_release_after_the_arrival_takes_the_arrival_back(dina: Driver):
    run_id = claimed(dina)
    dina.arrive(dina.stops("pickup")[0])

    release(dina, run_id)
    dina.claim(run_id)

    assert [stop["status"] for stop in dina.stops("pickup")] == ["ahead"]


def test_run_with_a_cancelled_delivery_can_be_released_and_claimed(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    gone, kept = mall.deliveries_of(run_id)
    carl.post(f"deliveries/{gone.id}/cancel", reason="Out of stock")
    release(dina, run_id)

    answer = dan.claim(run_id)

    assert answer.status_code == 200
    assert [stop["delivery"]["id"] for stop in dan.stops("dropoff")] == [kept.id]
    assert mall.run(run_id).parcel_count == kept.parcel_count


def test_release_is_refused_after_the_first_collection(mall: Mall, dina: Driver, carl: Clerk):
    run_id = collected(dina, carl)

    assert code_of(release(dina, run_id)) == "run_not_releasable"
    assert mall.run(run_id).driver_id == dina.person_id


def test_released_run_is_no_longer_the_drivers(dina: Driver):
    run_id = claimed(dina)
    (stop,) = dina.stops("pickup")
    release(dina, run_id)

    assert code_of(dina.arrive(stop)) == "run_reassigned"
    assert code_of(release(dina, run_id)) == "run_reassigned"


def test_run_of_another_driver_is_not_found(mall: Mall, dina: Driver, dan: Driver):
    run_id = claimed(dina)

    assert code_of(release(dan, run_id)) == "not_found"
    assert mall.run(run_id).driver_id == dina.person_id


def test_claiming_and_releasing_in_a_loop_is_paused(mall: Mall, dina: Driver):
    run_id = mall.offers()
    for _ in range(RELEASES_BEFORE_PAUSE):
        dina.claim(run_id)
        release(dina, run_id)

    refused = dina.claim(run_id)

    assert (refused.status_code, code_of(refused)) == (429, "claim_cool_down")
    assert 0 < int(refused.headers["Retry-After"]) <= PAUSE.total_seconds() + 1


def test_pause_ends(mall: Mall, dina: Driver):
    run_id = mall.offers()
    for _ in range(RELEASES_BEFORE_PAUSE):
        dina.claim(run_id)
        release(dina, run_id)

    with clock.frozen(clock.now() + PAUSE + timedelta(seconds=2)):
        assert dina.claim(run_id).status_code == 200


def test_driver_with_a_run_stays_on_duty(dina: Driver):
    claimed(dina)

    assert code_of(dina.post("duty", on_duty=False, site_id=None)) == "run_busy"
