"""Ordering, reading, changing, cancelling and calling back by API."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app import clock
from app.domain.api_key import Scope
from app.domain.events import EventType
from tests import merchants
from tests.api.conftest import ordered
from tests.api.ordering import DOOR, key, order
from tests.factories import Mall
from tests.journeys import claimed
from tests.merchants import Program
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_order_becomes_a_delivery_that_can_be_watched(mall: Mall, shop: Program):
    body = order(shop.store_id, parcel_count=3, tip_minor=200)

    answer = shop.post("deliveries", body, headers=key())

    made = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/deliveries/{made['id']}"
    assert (made["status"], made["mode"], made["sequence"]) == ("created", "live", 0)
    assert made["price"] == {"amount_minor": 999, "currency": "USD"}
    assert shop.get(f"deliveries/{made['id']}").get_json() == made
    assert mall.link(made["id"]) in made["tracking_url"]
    assert mall.events(made["id"]) == ["delivery.created"]


def test_status_is_said_in_the_words_of_others(shop: Program):
    made = ordered(shop)
    shop.post(f"deliveries/{made['id']}/cancel", {"reason": "Cleo moved"})

    after = shop.get(f"deliveries/{made['id']}").get_json()

    assert words_of_others(made) == ("CONFIRMED", "pending", "created")
    assert words_of_others(after) == ("FAILURE", "canceled", "cancelled")


def words_of_others(delivery: dict[str, str]) -> tuple[str, ...]:
    services = ("shopify", "uber_direct", "doordash_drive")
    return tuple(delivery[f"{service}_status"] for service in services)


def test_hundred_tries_at_once_make_one_delivery(mall: Mall, shop: Program):
    body, headers = order(shop.store_id), key()

    def send(_number: int):
        fresh = Program(mall.app.test_client(), shop.id, shop.text, shop.store_id)
        return fresh.post("deliveries", body, headers=headers)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(100)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    fresh = [answer for answer in answers if "Idempotency-Replayed" not in answer.headers]
    assert len(fresh) == 1


def test_one_order_number_is_one_delivery_under_any_key(mall: Mall, shop: Program):
    body = order(shop.store_id)

    def send(_number: int):
        fresh = Program(mall.app.test_client(), shop.id, shop.text, shop.store_id)
        return fresh.post("deliveries", body, headers=key())

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(20)))

    (made,) = [answer.get_json() for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {code_of(answer) for answer in refused} == {"merchant_ref_taken"}
    assert {answer.get_json()["delivery_id"] for answer in refused} == {made["id"]}


def test_other_order_under_a_used_key_is_refused(shop: Program):
    headers = key()
    shop.post("deliveries", order(shop.store_id), headers=headers)

    answer = shop.post("deliveries", order(shop.store_id), headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("text", ["", '""', "x" * 256, "a\tb"])
def test_order_without_a_usable_key_is_refused(shop: Program, text: str):
    answer = shop.post(
        "deliveries", order(shop.store_id), headers={"Idempotency-Key": text} if text else {}
    )

    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_missing")


def test_refused_order_may_try_again_under_its_key(shop: Program):
    headers, body = key(), order(shop.store_id)
    past = clock.now() - timedelta(hours=3)
    window = {"from": past.isoformat(), "until": (past + timedelta(hours=1)).isoformat()}
    refused = shop.post("deliveries", body | {"window": window}, headers=headers)

    assert code_of(refused) == "window_past"
    assert shop.post("deliveries", body, headers=headers).status_code == 201


@pytest.mark.parametrize("field", ["status", "driver_id", "price", "org_id", "id", "merchant_id"])
def test_fields_that_are_not_ones_to_set_are_refused(shop: Program, field: str):
    answer = shop.post("deliveries", order(shop.store_id, **{field: "x"}), headers=key())

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
    assert [error["loc"] for error in answer.get_json()["errors"]] == [f"/{field}"]


def test_wrong_field_is_named_by_its_place(shop: Program):
    body = order(shop.store_id, dropoff=DOOR | {"lat": 91}, parcel_count=True)

    errors = shop.post("deliveries", body, headers=key()).get_json()["errors"]

    assert [(error["in"], error["loc"]) for error in errors] == [
        ("body", "/dropoff/lat"),
        ("body", "/parcel_count"),
    ]


def test_known_address_needs_no_point(mall: Mall, shop: Program):
    mall.knows("77 W Ray Rd", postal_code="85225", lat=33.32, lon=-111.88)
    door = {"street": "77 West Ray Road", "city": "Chandler", "postal_code": "85225"}

    made = ordered(shop, dropoff=door)

    assert (made["dropoff"]["lat"], made["dropoff"]["lon"]) == (33.32, -111.88)
    unknown = order(shop.store_id, dropoff=door | {"street": "9999 Nowhere St"})
    assert code_of(shop.post("deliveries", unknown, headers=key())) == "address_unknown"


def test_list_goes_through_everything_once_while_more_comes(shop: Program):
    made = [ordered(shop)["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        page = shop.get(f"deliveries?limit=2{cursor}").get_json()
        seen += [each["id"] for each in page["deliveries"]]
        ordered(shop)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == made[::-1]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=x", "colour=red"])
def test_list_refuses_what_it_does_not_know(shop: Program, query: str):
    answer = shop.get(f"deliveries?{query}")

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["in"] == "query"


def test_order_is_found_by_its_number(shop: Program):
    made = ordered(shop)
    ordered(shop)

    page = shop.get(f"deliveries?merchant_ref={made['merchant_ref']}").get_json()

    assert [each["id"] for each in page["deliveries"]] == [made["id"]]


def test_nothing_of_anothers_is_there(shop: Program, rival: Program):
    made = ordered(shop)["id"]
    because = {"reason": "Mine now"}
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"proof": "pin"}),
        ("POST", "/cancel", because),
        ("POST", "/return", because),
        ("GET", "/label.pdf", None),
        ("GET", "/label.png", None),
        ("GET", "/proof.jpg", None),
        ("GET", "/custody", None),
        ("GET", "/custody/proof", None),
        ("POST", "/simulate", {"outcome": "lost"}),
    ):
        given = {"json": body} if body is not None else {}
        answer = rival.ask(method, f"deliveries/{made}{path}", **given)
        missing = rival.ask(method, f"deliveries/dlv_{'a' * 26}{path}", **given)

        assert (answer.status_code, code_of(answer)) == (404, "not_found"), path
        assert missing.get_json() | {"instance": ""} == answer.get_json() | {"instance": ""}


def test_change_reaches_the_delivery_and_its_history(mall: Mall, shop: Program):
    made = ordered(shop)
    changes = {"recipient": {"phone": "+1 480 555 0199"}, "dropoff": {"instructions": "Ring twice"}}

    changed = shop.ask("PATCH", f"deliveries/{made['id']}", json=changes).get_json()

    assert changed["recipient"] == {"name": "Cleo Cruz", "phone": "+1 480 555 0199"}
    assert changed["dropoff"]["instructions"] == "Ring twice"
    assert changed["sequence"] == made["sequence"] + 1
    assert mall.facts(made["id"], EventType.DELIVERY_CHANGED) == {
        "fields": ["instructions", "phone"]
    }


def test_new_address_takes_the_delivery_out_of_its_run(mall: Mall, shop: Program):
    made = ordered(shop)
    mall.forms_runs()
    door = {"street": "5 E Elm St", "city": "Chandler", "postal_code": "85225"}

    answer = shop.ask(
        "PATCH",
        f"deliveries/{made['id']}",
        json={"dropoff": door | {"lat": 33.31, "lon": -111.87}},
    )

    assert answer.status_code == 200
    assert mall.delivery(made["id"]).run_id is None
    assert len(mall.forms_runs()) == 1


def test_half_an_address_is_refused(shop: Program):
    made = ordered(shop)

    answer = shop.ask("PATCH", f"deliveries/{made['id']}", json={"dropoff": {"city": "Mesa"}})

    assert answer.status_code == 422


def test_claimed_delivery_keeps_its_address_and_takes_instructions(
    mall: Mall, shop: Program, dina: Driver
):
    claimed(dina)
    (row,) = mall.deliveries_of(dina.state()["run"]["id"])
    later = clock.now() + timedelta(hours=2)
    window = {"from": later.isoformat(), "until": (later + timedelta(hours=2)).isoformat()}

    refused = shop.ask("PATCH", f"deliveries/{row.id}", json={"window": window})
    taken = shop.ask("PATCH", f"deliveries/{row.id}", json={"dropoff": {"unit": "5"}})

    assert code_of(refused) == "delivery_not_changeable"
    assert taken.get_json()["dropoff"]["unit"] == "5"
    assert taken.get_json()["driver"] == {"first_name": "Dina", "vehicle": "white Prius"}


def test_cancelled_while_the_store_has_it(mall: Mall, shop: Program):
    made = ordered(shop)
    path = f"deliveries/{made['id']}/cancel"

    answer = shop.post(path, {"reason": "Sold out"})

    assert answer.get_json()["status"] == "cancelled"
    assert code_of(shop.post(path, {"reason": "Again"})) == "delivery_cancelled"
    assert mall.events(made["id"])[-1] == "delivery.cancelled"


def test_collected_parcels_are_called_back_and_not_cancelled(
    mall: Mall, shop: Program, dina: Driver, carl: Clerk
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    because = {"reason": "Customer moved"}
    too_early = shop.post(f"deliveries/{row.id}/return", because)
    dina.collect(carl.shows(dina, run_id))

    too_late = shop.post(f"deliveries/{row.id}/cancel", because)
    answer = shop.post(f"deliveries/{row.id}/return", because)
    again = shop.post(f"deliveries/{row.id}/return", because)

    assert code_of(too_early) == "parcels_at_store"
    assert code_of(too_late) == "delivery_not_cancellable"
    assert (answer.get_json()["status"], again.status_code) == ("enroute_to_return", 200)
    assert [stop["kind"] for stop in dina.stops("return")] == ["return"]
    assert dina.stops("dropoff") == []
    carl.post("returns", run_id=run_id, delivery_ids=[row.id])
    assert mall.delivery(row.id).status == "returned"


def test_pin_is_for_keys_that_may_read_it(mall: Mall, shop: Program):
    made = ordered(shop)
    plain = merchants.a_key(mall, mall.store, scopes=frozenset({Scope.DELIVERIES_READ}))

    assert made["pin"] == mall.pin(made["id"])
    assert plain.get(f"deliveries/{made['id']}").get_json()["pin"] is None
