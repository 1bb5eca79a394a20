"""Other services' sample orders become deliveries when only the address and the key change."""

from typing import Any

import pytest

from app.domain.api_key import Scope
from app.sites.models import Store
from tests import merchants
from tests.api.compat.conftest import DOORDASH, UBER, ask, is_known
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of

pytestmark = pytest.mark.both_engines


def test_uber_sample_becomes_a_delivery(shop: Program, new_york: dict[str, Any]):
    made = ask(shop, "POST", UBER, new_york)

    answer = made.get_json()
    ours = shop.get(f"deliveries/{answer['id']}").get_json()
    assert made.status_code == 200, made.text
    assert (answer["kind"], answer["status"], answer["complete"]) == ("delivery", "pending", False)
    assert (answer["external_id"], answer["tracking_url"]) == (
        ours["merchant_ref"],
        ours["tracking_url"],
    )
    door = ours["dropoff"]
    assert (door["street"], door["city"]) == ("285 Fulton St", "New York")
    assert (door["postal_code"], door["lat"], door["lon"]) == ("10006", 40.71301, -74.01317)
    assert ours["recipient"] == {"name": "Reese Ippient", "phone": "5555555555"}
    assert ask(shop, "GET", f"{UBER}/{answer['id']}").get_json() == answer


def test_doordash_sample_becomes_a_delivery(
    mall: Mall, shop: Program, san_francisco: dict[str, Any]
):
    is_known(mall)

    made = ask(shop, "POST", DOORDASH, san_francisco)

    answer = made.get_json()
    assert made.status_code == 200, made.text
    ours = shop.get(f"deliveries/{answer['support_reference']}").get_json()
    assert (answer["external_delivery_id"], answer["delivery_status"]) == ("D-12345", "created")
    assert (answer["order_value"], answer["tracking_url"]) == (1999, ours["tracking_url"])
    door = ours["dropoff"]
    assert (door["street"], door["unit"]) == ("901 Market Street", "6th Floor")
    assert (door["city"], door["postal_code"]) == ("San Francisco", "94103")
    assert answer["dropoff_location"] == {"lat": 37.7826, "lng": -122.4071}
    assert ask(shop, "GET", f"{DOORDASH}/D-12345").get_json() == answer


def test_same_order_again_is_the_same_delivery(shop: Program, new_york: dict[str, Any]):
    named = new_york | {"external_id": "order-1", "idempotency_key": "try-1"}

    nameless = [ask(shop, "POST", UBER, new_york).get_json()["id"] for _ in range(2)]
    known = [ask(shop, "POST", UBER, named).get_json()["id"] for _ in range(2)]

    assert (len(set(nameless)), len(set(known)), len({*nameless, *known})) == (1, 1, 2)


def test_other_order_under_one_name_is_refused_in_their_form(
    mall: Mall, shop: Program, san_francisco: dict[str, Any]
):
    is_known(mall)
    first = ask(shop, "POST", DOORDASH, san_francisco)

    again = ask(shop, "POST", DOORDASH, san_francisco)
    other = ask(shop, "POST", DOORDASH, san_francisco | {"tip": 1})

    assert again.get_json() == first.get_json()
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert set(other.get_json()) == {"code", "message", "field_errors"}


def test_address_that_nobody_knows_needs_its_point(shop: Program, san_francisco: dict[str, Any]):
    refused = ask(shop, "POST", DOORDASH, san_francisco)
    placed = san_francisco | {"dropoff_location": {"lat": 37.78255, "lng": -122.40701}}

    made = ask(shop, "POST", DOORDASH, placed)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "address_unknown")
    assert made.get_json()["dropoff_location"] == {"lat": 37.78255, "lng": -122.40701}


def test_wrong_fields_are_named_as_they_name_them(shop: Program, new_york: dict[str, Any]):
    wrong = ask(shop, "POST", UBER, new_york | {"dropoff_phone_number": "call me", "tip": -1})
    missing = ask(shop, "POST", DOORDASH, {"dropoff_phone_number": "+16505555555"})
    broken = ask(shop, "POST", UBER, "{")

    assert wrong.get_json()["code"] == "invalid_input"
    assert set(wrong.get_json()["params"]) == {"dropoff_phone_number", "tip"}
    (error,) = missing.get_json()["field_errors"]
    assert error == {"field": "external_delivery_id", "error": "This is missing."}
    assert broken.get_json()["kind"] == "error"


def test_window_and_pin_are_taken_over(shop: Program, new_york: dict[str, Any]):
    wanted = {
        "dropoff_ready_dt": "2099-01-05T18:00:00Z",
        "dropoff_deadline_dt": "2099-01-05T20:00:00Z",
        "dropoff_verification": {"pincode": {"enabled": True}},
        "dropoff_address": "20 W 34th St, Apt 5, New York, NY 10001, US",
    }

    made = ask(shop, "POST", UBER, new_york | wanted).get_json()

    ours = shop.get(f"deliveries/{made['id']}").get_json()
    assert ours["window"] == {
        "from": "2099-01-05T18:00:00.000Z",
        "until": "2099-01-05T20:00:00.000Z",
        "planned_until": "2099-01-05T20:00:00.000Z",
    }
    assert (ours["proof"], ours["dropoff"]["unit"]) == ("pin", "Apt 5")


def test_one_of_several_stores_must_be_named(
    mall: Mall, shop: Program, san_francisco: dict[str, Any]
):
    with mall.writing() as current:
        lumen = current.get_one(Store, mall.store.store_id)
        current.get_one(Store, mall.other_store.store_id).merchant_id = lumen.merchant_id

    is_known(mall)

    refused = ask(shop, "POST", DOORDASH, san_francisco)
    named = ask(shop, "POST", DOORDASH, san_francisco | {"pickup_business_name": "LUMEN"})

    assert refused.get_json()["code"] == "store_unknown"
    assert named.get_json()["pickup_external_store_id"] == mall.store.store_id


def test_key_and_scope_are_asked_for(mall: Mall, new_york: dict[str, Any], shop: Program):
    reader = merchants.a_key(mall, mall.store, scopes=frozenset({Scope.DELIVERIES_READ}))
    rival = merchants.a_key(mall, mall.other_store)
    made = ask(shop, "POST", UBER, new_york).get_json()["id"]

    assert code_of(ask(reader, "POST", UBER, new_york)) == "scope_missing"
    assert code_of(ask(rival, "GET", f"{UBER}/{made}")) == "not_found"
    assert shop.client.post(f"/compat/{UBER}", json=new_york).get_json()["code"] == "api_key_wrong"
