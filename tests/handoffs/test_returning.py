"""Parcels that could not be handed over go back to their store."""

import pytest

from app.deliveries.models import Delivery
from app.domain.events import EventType
from tests.factories import Mall
from tests.journeys import at_door, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_failed_delivery_adds_a_way_back(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)

    assert dina.fail(stop).status_code == 200
    (back,) = dina.stops("return")
    assert back["store"]["name"] == "Lumen"
    assert mall.delivery(stop["delivery"]["id"]).status == "enroute_to_return"
    assert mall.holders(stop["delivery"]["id"]) == {("driver", dina.person_id)}


def test_drivers_word_brings_it_back_as_e0_and_ends_the_run(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop)

    answer = dina.give_back(dina.stops("return")[0])

    assert answer.get_json()["result"] == {"level": "E0"}
    row = mall.delivery(stop["delivery"]["id"])
    assert (row.status, row.verification) == ("returned", "E0")
    assert mall.holders(row.id) == {("store", mall.store.store_id)}
    assert answer.get_json()["state"]["last_finished"]["returned_count"] == 1


def test_what_two_drivers_prove_to_have_is_not_given_back(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop)
    with mall.writing() as current:
        current.get_one(Delivery, stop["delivery"]["id"]).is_held = True

    assert code_of(dina.give_back(dina.stops("return")[0])) == "delivery_on_hold"
    assert mall.delivery(stop["delivery"]["id"]).status == "enroute_to_return"


def test_desk_takes_back_as_e2_and_ends_the_run(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop)
    run_id, delivery_id = dina.state()["run"]["id"], stop["delivery"]["id"]

    answer = carl.post("returns", run_id=run_id, delivery_ids=[delivery_id])

    assert answer.status_code == 200
    row = mall.delivery(delivery_id)
    assert (row.status, row.verification) == ("returned", "E2")
    assert mall.run(run_id).status == "finished"


def test_both_say_it_and_it_is_returned_once(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop)
    run_id, delivery_id = dina.state()["run"]["id"], stop["delivery"]["id"]
    dina.give_back(dina.stops("return")[0])

    answer = carl.post("returns", run_id=run_id, delivery_ids=[delivery_id])

    assert answer.status_code == 200
    assert mall.events(delivery_id).count(EventType.HANDOFF_RETURNED.value) == 1


def test_driver_brings_back_on_the_way_of_the_other_doors(mall: Mall, dina: Driver, carl: Clerk):
    run_id = collected(dina, carl, {}, {"merchant_ref": "A-2"})
    first, second = dina.stops("dropoff")
    dina.fail(first)

    dina.deliver(second)

    assert mall.run(run_id).status == "delivering"
    assert dina.arrive(dina.stops("return")[0]).status_code == 200
    assert mall.delivery(first["delivery"]["id"]).status == "arrived_at_return"


def test_two_failures_make_one_way_back(dina: Driver, carl: Clerk):
    collected(dina, carl, {}, {"merchant_ref": "A-2"})
    for stop in dina.stops("dropoff"):
        dina.fail(stop)

    (back,) = dina.stops("return")
    assert len(back["deliveries"]) == 2


def test_another_store_takes_nothing_back(dina: Driver, carl: Clerk, mallory: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop)
    run_id = dina.state()["run"]["id"]

    refused = mallory.post("returns", run_id=run_id, delivery_ids=[stop["delivery"]["id"]])

    assert code_of(refused) == "not_found"


def test_delivery_not_of_the_run_is_not_taken_back(mall: Mall, dina: Driver, carl: Clerk):
    dina.fail(at_door(dina, carl))

    refused = carl.post("returns", run_id=dina.state()["run"]["id"], delivery_ids=[mall.places()])

    assert code_of(refused) == "not_found"


def test_delivery_on_its_way_is_not_taken_back(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    run_id, delivery_id = dina.state()["run"]["id"], stop["delivery"]["id"]

    carl.post("returns", run_id=run_id, delivery_ids=[delivery_id])

    assert mall.delivery(delivery_id).status == "arrived_at_dropoff"


def test_pickup_is_no_place_to_give_back(dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)

    assert code_of(dina.give_back(stop)) == "stop_closed"
