"""An order that was typed with a wrong address goes to the right one, and is not placed again."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.deliveries import queries as deliveries
from app.domain.events import EventType
from app.eventlog import queries as eventlog
from app.persistence.transaction import session
from app.runs.models import Run
from tests import merchants
from tests.factories import Mall
from tests.personas import Clerk, Driver, code_of
from tests.places import DOOR, ELM

pytestmark = pytest.mark.both_engines

#: Twelve miles up north, and nine.
TOO_FAR = {"lat": 33.48}
FAR = {"lat": 33.43}


def send(carl: Clerk, delivery_id: str, **given: Any) -> TestResponse:
    return carl.post(f"deliveries/{delivery_id}/address", **{**ELM, **given})


def where(mall: Mall, delivery_id: str) -> tuple[str, str, float, float]:
    row = mall.delivery(delivery_id)
    with mall.reading():
        person = deliveries.recipient(delivery_id)
        assert person is not None
        return person.street, person.unit, row.lat, row.lon


def test_goes_to_the_new_door_with_window_price_and_link_as_they_were(mall: Mall, carl: Clerk):
    delivery_id = mall.places(is_by_hand=True)
    before, link = mall.delivery(delivery_id), mall.link(delivery_id)

    answer = send(carl, delivery_id)

    after = mall.delivery(delivery_id)
    (entry,) = answer.get_json()["state"]["to_pack"]
    assert where(mall, delivery_id) == ("9 Elm St", "", 33.33, -111.87)
    assert "85233" in entry["area"]
    kept = ("window_from", "window_until", "price_minor", "tracking_version", "status")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert mall.link(delivery_id) == link


def test_record_says_what_was_changed_and_keeps_the_address_apart(mall: Mall, carl: Clerk):
    delivery_id = mall.places(is_by_hand=True)

    send(carl, delivery_id)

    facts = mall.facts(delivery_id, EventType.DELIVERY_CHANGED)
    with mall.reading():
        (event,) = eventlog.timeline(delivery_id, {EventType.DELIVERY_CHANGED})
        personal, record = eventlog.personal_values([event.id])[event.id], event.record
    assert facts["fields"] == ["city", "point", "postal_code", "street", "unit"]
    assert personal == {"street": "9 Elm St", "unit": ""}
    assert "Elm" not in record


def test_customer_reads_the_new_address_and_the_board_no_street(
    mall: Mall, carl: Clerk, cleo: FlaskClient
):
    delivery_id = mall.places(is_by_hand=True)

    answer = send(carl, delivery_id)

    state = cleo.get(f"{mall.link(delivery_id)}/state").get_json()
    assert "Elm St" in state["address"]
    assert [line["text"] for line in state["timeline"]][-1] == "Address changed by Lumen"
    assert (state["dropoff"]["lat"], state["dropoff"]["lon"]) == (33.33, -111.87)
    assert "Elm" not in answer.text


def test_customer_is_not_told_of_other_changes(mall: Mall, cleo: FlaskClient):
    shop = merchants.a_key(mall, mall.store)
    delivery_id = mall.places()
    shop.ask("PATCH", f"deliveries/{delivery_id}", json={"value_minor": 900})

    state = cleo.get(f"{mall.link(delivery_id)}/state").get_json()

    assert mall.events(delivery_id)[-1] == EventType.DELIVERY_CHANGED.value
    assert [line["type"] for line in state["timeline"]] == ["delivery.created"]


def test_leaves_its_run_on_offer_and_finds_another(mall: Mall, carl: Clerk, dina: Driver):
    run_id = mall.offers({"is_by_hand": True}, {"merchant_ref": "A-2"})
    moved = next(row for row in mall.deliveries_of(run_id) if row.is_by_hand)

    assert send(carl, moved.id).status_code == 200

    assert moved.id not in {row.id for row in mall.deliveries_of(run_id)}
    mall.forms_runs()
    again = mall.delivery(moved.id).run_id
    assert dina.claim(again).status_code == 200
    assert "9 Elm St" in {stop["delivery"]["street"] for stop in dina.stops("dropoff")}


def test_not_once_a_driver_comes(mall: Mall, carl: Clerk, dina: Driver):
    run_id = mall.offers({"is_by_hand": True})
    row = mall.only_delivery(run_id)
    before = carl.state()["to_pack"][0]["can_readdress"]
    dina.claim(run_id)

    refused = send(carl, row.id)

    assert (before, carl.state()["to_pack"][0]["can_readdress"]) == (True, False)
    assert (refused.status_code, code_of(refused)) == (409, "address_fixed")
    assert where(mall, row.id) == ("123 N Dobson Rd", "Apt 4", *DOOR)


def test_not_once_its_parcels_are_sorted(mall: Mall, carl: Clerk):
    run_id = mall.offers({"is_by_hand": True})
    with mall.writing():
        run = session().get(Run, run_id)
        assert run is not None
        run.sealed_at = clock.now()

    refused = send(carl, mall.only_delivery(run_id).id)

    assert code_of(refused) == "address_fixed"
    assert carl.state()["to_pack"][0]["can_readdress"] is False


def test_not_farther_than_deliveries_go(mall: Mall, carl: Clerk):
    delivery_id = mall.places(is_by_hand=True)

    refused = send(carl, delivery_id, **TOO_FAR)

    assert (refused.status_code, code_of(refused)) == (422, "address_outside")
    assert where(mall, delivery_id) == ("123 N Dobson Rd", "Apt 4", *DOOR)


def test_not_where_nobody_is_before_the_window_ends(mall: Mall, carl: Clerk):
    until = clock.now() + timedelta(minutes=25)
    delivery_id = mall.places(is_by_hand=True, window_until=until)

    refused = send(carl, delivery_id, **FAR)
    near = send(carl, delivery_id)

    assert (refused.status_code, code_of(refused)) == (422, "address_not_in_time")
    assert near.status_code == 200
    assert where(mall, delivery_id)[0] == "9 Elm St"


def test_order_of_another_system_is_changed_there(mall: Mall, carl: Clerk):
    delivery_id = mall.places()

    assert code_of(send(carl, delivery_id)) == "not_by_hand"
    assert carl.state()["to_pack"][0]["can_readdress"] is False


def test_other_stores_order_is_not_there(mall: Mall, mallory: Clerk):
    delivery_id = mall.places(is_by_hand=True)

    assert send(mallory, delivery_id).status_code == 404
    assert where(mall, delivery_id)[0] == "123 N Dobson Rd"


def test_cancelled_order_goes_nowhere(mall: Mall, carl: Clerk):
    delivery_id = mall.places(is_by_hand=True)
    carl.post(f"deliveries/{delivery_id}/cancel", reason="mistake")

    assert code_of(send(carl, delivery_id)) == "delivery_closed"


@pytest.mark.parametrize(("field", "value"), [("street", ""), ("lat", 91), ("postal_code", "8")])
def test_what_is_no_address_is_named(mall: Mall, carl: Clerk, field: str, value: object):
    delivery_id = mall.places(is_by_hand=True)

    refused = send(carl, delivery_id, **{field: value})

    assert refused.status_code == 422
    assert [error["loc"].strip("/") for error in refused.get_json()["errors"]] == [field]


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    """Cleo's browser; all she has is the link."""
    return mall.app.test_client()
