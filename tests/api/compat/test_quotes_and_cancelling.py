"""Quotes and cancelling in other services' forms, from their public samples."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from tests.api.compat.conftest import DOORDASH, UBER, ask, is_in, is_known, sample
from tests.factories import Mall
from tests.journeys import claimed
from tests.merchants import Program
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

UBER_QUOTES = "uber-direct/v1/customers/cus_0001/delivery_quotes"
DOORDASH_QUOTES = "doordash-drive/v2/quotes"


@pytest.fixture
def maiden_lane(mall: Mall) -> dict[str, Any]:
    is_in(mall, "New York", 40.7066581, -74.0071868)
    return sample("uber_direct_quote")


def uber_order(quote: dict[str, Any], quoted: dict[str, Any]) -> dict[str, Any]:
    person = {"dropoff_name": "Reese Ippient", "external_id": "order-7"}
    return quoted | person | {"quote_id": quote["id"]}


def test_uber_quote_is_good_for_its_order(shop: Program, maiden_lane: dict[str, Any]):
    quote = ask(shop, "POST", UBER_QUOTES, maiden_lane).get_json()

    made = ask(shop, "POST", UBER, uber_order(quote, maiden_lane)).get_json()

    lasts = datetime.fromisoformat(quote["expires"]) - datetime.fromisoformat(quote["created"])
    assert (quote["kind"], quote["currency"], quote["currency_type"]) == (
        "delivery_quote",
        "usd",
        "USD",
    )
    assert lasts == timedelta(minutes=15)
    assert quote["duration"] >= quote["pickup_duration"] > 0
    assert (made["fee"], made["dropoff_deadline"]) == (quote["fee"], quote["dropoff_deadline"])
    assert shop.get(f"quotes/{quote['id']}").get_json()["delivery_id"] == made["id"]


def test_uber_quote_that_ran_out_or_is_used_is_refused(shop: Program, maiden_lane: dict[str, Any]):
    quote = ask(shop, "POST", UBER_QUOTES, maiden_lane).get_json()
    order = uber_order(quote, maiden_lane)
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        late = ask(shop, "POST", UBER, order)

    used = ask(shop, "POST", UBER, order)
    again = ask(shop, "POST", UBER, order | {"external_id": "order-8"})

    assert (late.status_code, late.get_json()["code"]) == (409, "quote_expired")
    assert used.status_code == 200
    assert again.get_json()["code"] == "quote_expired"


def test_uber_window_is_quoted_and_ordered(shop: Program, maiden_lane: dict[str, Any]):
    window = {
        "dropoff_ready_dt": "2099-01-05T18:00:00.000Z",
        "dropoff_deadline_dt": "2099-01-05T20:00:00.000Z",
    }

    quote = ask(shop, "POST", UBER_QUOTES, maiden_lane | window).get_json()
    made = ask(shop, "POST", UBER, uber_order(quote, maiden_lane | window)).get_json()
    past = ask(
        shop,
        "POST",
        UBER_QUOTES,
        maiden_lane | window | {"dropoff_deadline_dt": "2020-01-05T20:00:00Z"},
    )

    assert quote["dropoff_deadline"] == window["dropoff_deadline_dt"]
    assert (made["dropoff_ready"], made["dropoff_deadline"]) == tuple(window.values())
    assert past.get_json()["code"] == "window_past"


def test_order_says_when_though_the_quote_said_otherwise(
    shop: Program, maiden_lane: dict[str, Any]
):
    quote = ask(shop, "POST", UBER_QUOTES, maiden_lane).get_json()
    window = {
        "dropoff_ready_dt": "2099-01-05T18:00:00.000Z",
        "dropoff_deadline_dt": "2099-01-05T20:00:00.000Z",
    }

    made = ask(shop, "POST", UBER, uber_order(quote, maiden_lane) | window).get_json()

    assert made["fee"] == quote["fee"]
    assert (made["dropoff_ready"], made["dropoff_deadline"]) == tuple(window.values())


@pytest.mark.parametrize("times", [1, 2])
def test_doordash_quote_is_accepted_once(
    mall: Mall, shop: Program, san_francisco: dict[str, Any], times: int
):
    is_known(mall)
    quote = ask(shop, "POST", DOORDASH_QUOTES, san_francisco).get_json()

    accept = f"{DOORDASH_QUOTES}/D-12345/accept"
    answers = [ask(shop, "POST", accept, sample("doordash_drive_accept")) for _ in range(times)]

    (made,) = {answer.get_json()["support_reference"] for answer in answers}
    answer = answers[-1].get_json()
    assert (quote["delivery_status"], quote["currency"]) == ("quote", "USD")
    assert (answer["delivery_status"], answer["fee"], answer["tip"]) == (
        "created",
        quote["fee"],
        600,
    )
    assert answer["dropoff_time_estimated"] == quote["dropoff_time_estimated"]
    assert shop.get(f"deliveries/{made}").get_json()["merchant_ref"] == "D-12345"


def test_doordash_quote_is_accepted_without_a_body_by_its_shop_only(
    mall: Mall, shop: Program, rival: Program, san_francisco: dict[str, Any]
):
    is_known(mall)
    ask(shop, "POST", DOORDASH_QUOTES, san_francisco)
    accept = f"{DOORDASH_QUOTES}/D-12345/accept"

    others = ask(rival, "POST", accept)
    unknown = ask(shop, "POST", f"{DOORDASH_QUOTES}/D-1/accept")
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        late = ask(shop, "POST", accept)
    mine = ask(shop, "POST", accept)

    assert {each.get_json()["code"] for each in (others, unknown)} == {"not_found"}
    assert late.get_json()["code"] == "quote_expired"
    assert mine.get_json()["delivery_status"] == "created"


def test_order_that_is_placed_is_not_quoted_again(
    mall: Mall, shop: Program, san_francisco: dict[str, Any]
):
    is_known(mall)
    ask(shop, "POST", DOORDASH, san_francisco)

    refused = ask(shop, "POST", DOORDASH_QUOTES, san_francisco)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "merchant_ref_taken")


def test_uber_order_is_cancelled_by_their_route(shop: Program, new_york: dict[str, Any]):
    made = ask(shop, "POST", UBER, new_york).get_json()["id"]

    cancelled = [ask(shop, "POST", f"{UBER}/{made}/cancel") for _ in range(2)]

    assert {(each.status_code, each.get_json()["status"]) for each in cancelled} == {
        (200, "canceled")
    }
    assert cancelled[0].get_json()["complete"] is True
    assert shop.get(f"deliveries/{made}").get_json()["status"] == "cancelled"


def test_doordash_order_is_cancelled_by_their_route(
    mall: Mall, shop: Program, rival: Program, san_francisco: dict[str, Any]
):
    is_known(mall)
    ask(shop, "POST", DOORDASH, san_francisco)

    others = ask(rival, "PUT", f"{DOORDASH}/D-12345/cancel")
    answer = ask(shop, "PUT", f"{DOORDASH}/D-12345/cancel").get_json()

    assert others.get_json()["code"] == "not_found"
    assert (answer["delivery_status"], answer["cancellation_reason"]) == (
        "cancelled",
        "cancelled_by_creator",
    )


def test_what_a_driver_has_is_not_cancelled(mall: Mall, shop: Program, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    dina.collect(carl.shows(dina, run_id))

    refused = ask(shop, "POST", f"{UBER}/{row.id}/cancel")

    assert (refused.status_code, refused.get_json()["kind"]) == (409, "error")
    assert refused.get_json()["code"] == "delivery_not_cancellable"


def test_nameless_uber_order_is_one_a_day(shop: Program, new_york: dict[str, Any]):
    noon = datetime.fromisoformat("2099-01-05T12:00:00Z")
    with clock.frozen(noon):
        today = [ask(shop, "POST", UBER, new_york).get_json()["id"] for _ in range(2)]
        other = ask(shop, "POST", UBER, new_york | {"tip": 100}).get_json()["id"]
    with clock.frozen(noon + timedelta(hours=12)):
        tomorrow = ask(shop, "POST", UBER, new_york).get_json()["id"]

    assert len(set(today)) == 1
    assert len({today[0], other, tomorrow}) == 3
