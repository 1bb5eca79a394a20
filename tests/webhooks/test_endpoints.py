"""Addresses for webhooks: proved, given up, rotated, removed; and only their owner's."""

from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from app import clock
from app.webhooks import service
from tests import merchants
from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of
from tests.webhooks.receiver import OK, Receiver, answer
from tests.webhooks.subscribing import send, subscribed

pytestmark = pytest.mark.both_engines


def test_nothing_is_sent_before_the_address_is_proved(
    mall: Mall, shop: Program, receiver: Receiver
):
    made = shop.post("webhooks", {"url": receiver.url}).get_json()
    ordered(shop)
    send(mall)
    assert receiver.requests == []

    receiver.script = lambda *_: OK
    refused = shop.post(f"webhooks/{made['id']}/verify")

    assert code_of(refused) == "webhook_not_echoed"
    assert not shop.get("webhooks").get_json()["webhooks"][0]["is_verified"]


def test_two_secrets_sign_during_a_rotation(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    rotated = shop.post(f"webhooks/{made['id']}/rotate").get_json()
    ordered(shop)
    send(mall)

    (request,) = receiver.requests
    for secret in (made["secret"], rotated["secret"]):
        assert Webhook(secret).verify(request.body, request.headers)
    assert code_of(shop.post(f"webhooks/{made['id']}/rotate")) == "webhook_rotating"
    with mall.reading():
        row = service.own(made["id"], mall.store.merchant_id)
        later = clock.now() + timedelta(hours=25)
        assert len(service.secrets_of(row, mall.keys, now=later)) == 1


def test_endpoint_that_is_gone_is_stopped_at_once(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    receiver.script = lambda *_: answer(410)
    ordered(shop)
    send(mall)
    ordered(shop)
    send(mall)

    found = shop.get("webhooks").get_json()["webhooks"][0]

    assert (found["is_verified"], found["trouble"]) == (False, "gone")
    assert len(receiver.requests) == 1
    refused = shop.post(f"webhooks/{made['id']}/replay", {"message_id": "msg_" + "a" * 26})
    assert code_of(refused) == "webhook_not_verified"


def test_endpoint_that_never_answers_is_given_up_and_comes_back(
    mall: Mall, shop: Program, receiver: Receiver
):
    made = subscribed(shop, receiver)
    receiver.script = lambda *_: answer(500)
    ordered(shop)
    for hours in range(80):
        send(mall, after=timedelta(hours=hours))

    assert len(receiver.requests) == 10
    assert shop.get("webhooks").get_json()["webhooks"][0]["trouble"] == "failing"
    receiver.echo()
    assert shop.post(f"webhooks/{made['id']}/verify").get_json()["trouble"] is None
    receiver.requests.clear()
    span = {
        "since": (clock.now() - timedelta(hours=1)).isoformat(),
        "until": (clock.now() + timedelta(hours=1)).isoformat(),
    }
    shop.post(f"webhooks/{made['id']}/replay", span)
    send(mall)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://127.0.0.2:99999/",
        "https://169.254.169.254/",
        "https://user@shop.example/",
        "file:///etc/passwd",
    ],
)
def test_impossible_address_is_refused_when_it_is_saved(shop: Program, url: str):
    answered = shop.post("webhooks", {"url": url})

    assert (answered.status_code, code_of(answered)) == (422, "webhook_address")


def test_number_of_addresses_is_bounded(shop: Program, receiver: Receiver):
    codes = [shop.post("webhooks", {"url": receiver.url}).status_code for _ in range(11)]

    assert codes == [201] * 10 + [409]


def test_removed_address_hears_nothing_more(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    ordered(shop)

    assert shop.ask("DELETE", f"webhooks/{made['id']}").status_code == 200
    send(mall)

    assert receiver.requests == []
    assert shop.get("webhooks").get_json() == {"webhooks": []}


def test_anothers_webhook_is_not_there(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    rival = merchants.a_key(mall, mall.other_store)

    for method, path in (
        ("POST", "/verify"),
        ("POST", "/rotate"),
        ("DELETE", ""),
        ("GET", "/attempts"),
    ):
        assert rival.ask(method, f"webhooks/{made['id']}{path}").status_code == 404
