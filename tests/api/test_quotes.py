"""Quotes, stores and hours."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from tests.api.ordering import DOOR, key, order
from tests.merchants import Program
from tests.personas import code_of

#: A Tuesday to come, 10 in the morning at the mall (UTC-7).
MORNING = datetime(2027, 11, 23, 17, 0, tzinfo=UTC)


def quoted(shop: Program, **given):
    return shop.post("quotes", {"store_id": shop.store_id, "dropoff": DOOR} | given)


def test_quote_is_what_the_order_then_costs(shop: Program):
    quote = quoted(shop, parcel_count=2).get_json()
    body = order(shop.store_id, quote=quote["id"], parcel_count=2)

    made = shop.post("deliveries", body, headers=key()).get_json()

    window = quote["window"] | {"planned_until": quote["window"]["until"]}
    assert (made["price"], made["window"]) == (quote["price"], window)
    used = shop.get(f"quotes/{quote['id']}").get_json()
    assert used["delivery_id"] == made["id"]
    again = shop.post("deliveries", order(shop.store_id, quote=quote["id"]), headers=key())
    assert code_of(again) == "quote_expired"


def test_quote_is_kept_for_a_quarter_of_an_hour(shop: Program):
    with clock.frozen(MORNING):
        quote = quoted(shop).get_json()
    body = order(shop.store_id, quote=quote["id"])

    with clock.frozen(MORNING + timedelta(minutes=15)):
        refused = shop.post("deliveries", body, headers=key())
    with clock.frozen(MORNING + timedelta(minutes=14, seconds=59)):
        taken = shop.post("deliveries", body, headers=key())

    assert quote["expires_at"] == "2027-11-23T17:15:00.000Z"
    assert code_of(refused) == "quote_expired"
    assert taken.status_code == 201


@pytest.mark.parametrize(
    "given", [{"parcel_count": 2}, {"dropoff": DOOR | {"lat": 33.33}}], ids=["parcels", "door"]
)
def test_other_order_than_quoted_is_refused(shop: Program, given: dict):
    quote = quoted(shop).get_json()

    answer = shop.post(
        "deliveries", order(shop.store_id, quote=quote["id"], **given), headers=key()
    )

    assert (answer.status_code, code_of(answer)) == (409, "quote_differs")


def test_quote_of_another_merchant_is_not_there(shop: Program, rival: Program):
    quote = quoted(shop).get_json()

    assert rival.get(f"quotes/{quote['id']}").status_code == 404
    foreign = order(rival.store_id, quote=quote["id"])
    assert code_of(rival.post("deliveries", foreign, headers=key())) == "not_found"


def test_far_door_is_not_quoted(shop: Program):
    answer = quoted(shop, dropoff=DOOR | {"lat": 34.5})

    assert code_of(answer) == "address_outside"


def test_window_follows_the_hours(shop: Program):
    week = [{"weekday": "wednesday", "opens": "12:00", "closes": "18:00"}]

    store = shop.ask("PUT", f"stores/{shop.store_id}/hours", json={"hours": week}).get_json()
    with clock.frozen(MORNING):
        quote = quoted(shop).get_json()

    assert store["hours"] == week
    # Wednesday noon at the mall.
    assert quote["ready_at"] == "2027-11-24T19:00:00.000Z"
    assert quote["window"] == {
        "from": "2027-11-24T19:00:00.000Z",
        "until": "2027-11-24T21:00:00.000Z",
    }


def test_store_without_told_hours_keeps_the_usual_ones(shop: Program):
    hours = shop.get(f"stores/{shop.store_id}").get_json()["hours"]

    assert len(hours) == 7
    assert hours[0] == {"weekday": "monday", "opens": "10:00", "closes": "21:00"}


@pytest.mark.parametrize(
    "hours",
    [
        [],
        [{"weekday": "monday", "opens": "12:00", "closes": "12:00"}],
        [{"weekday": "monday", "opens": "10:00", "closes": "25:00"}],
        [{"weekday": "monday", "opens": "10:00", "closes": "12:00"}] * 2,
    ],
)
def test_impossible_hours_are_refused(shop: Program, hours: list):
    answer = shop.ask("PUT", f"stores/{shop.store_id}/hours", json={"hours": hours})

    assert (answer.status_code, code_of(answer)) == (422, "invalid_input")
