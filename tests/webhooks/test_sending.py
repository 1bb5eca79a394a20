"""Events to a receiver that fails by script: each at least once, and they can be ordered."""

import json
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from app import clock
from app.deliveries import placing
from app.domain.act import Act
from app.domain.errors import DomainError
from app.jobs import webhooks
from app.webhooks import queries, sending, service
from tests import merchants
from tests.api.conftest import ordered
from tests.factories import Mall, new_delivery
from tests.journeys import claimed
from tests.merchants import Program
from tests.personas import Clerk, Driver
from tests.webhooks.receiver import OK, Receiver, answer
from tests.webhooks.subscribing import Together, bodies, send, send_two, subscribed

pytestmark = pytest.mark.both_engines


def test_official_library_verifies_every_message(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    delivery = ordered(shop)
    send(mall)

    (request,) = receiver.requests
    message = Webhook(made["secret"]).verify(request.body, request.headers)

    assert message["type"] == "delivery.created"
    assert message["data"]["sequence"] == 0
    assert message["data"]["head"] == delivery["head"]
    shown = message["data"]["delivery"]
    same = ("tracking_url", "shopify_status", "uber_direct_status", "doordash_drive_status")
    assert {name: shown[name] for name in same} == {name: delivery[name] for name in same}


def test_thin_message_has_ids_only(mall: Mall, shop: Program, receiver: Receiver):
    subscribed(shop, receiver, payload="thin")
    delivery = ordered(shop)
    send(mall)

    (body,) = bodies(receiver)

    assert set(body["data"]) == {"delivery_id", "merchant_ref", "event_id", "sequence", "head"}
    assert body["data"]["delivery_id"] == delivery["id"]


def test_no_message_names_the_customer(mall: Mall, shop: Program, receiver: Receiver):
    subscribed(shop, receiver)
    made = ordered(shop)
    shop.post(f"deliveries/{made['id']}/cancel", {"reason": "Cleo moved"})
    send(mall)

    sent = b" ".join(request.body for request in receiver.requests)
    for personal in (b"Cleo", b"480 555", b"480555", b"Dobson", b"Gate code"):
        assert personal not in sent


def test_failing_receiver_gets_everything_and_can_order_it(
    mall: Mall, shop: Program, receiver: Receiver, dina: Driver, carl: Clerk
):
    subscribed(shop, receiver)
    script = iter([answer(500), None, answer(302, "Location: /x"), answer(429)] * 3)
    receiver.script = lambda *_: next(script, OK)
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    dina.collect(carl.shows(dina, run_id))

    for hours in range(80):
        send(mall, after=timedelta(hours=hours))

    seen = [body["data"]["sequence"] for body in bodies(receiver)]
    expected = list(range(len(mall.events(row.id))))
    assert sorted(set(seen)) == expected
    assert len(seen) > len(expected)
    by_id: dict[str, set[bytes]] = {}
    for request in receiver.requests:
        by_id.setdefault(request.headers["webhook-id"], set()).add(request.body)
    assert all(len(each) == 1 for each in by_id.values())


def test_change_that_is_rolled_back_is_told_to_nobody(
    mall: Mall, shop: Program, receiver: Receiver
):
    subscribed(shop, receiver)
    with pytest.raises(RuntimeError, match="in between"):
        place_and_fail(mall)

    send(mall)

    assert receiver.requests == []


def place_and_fail(mall: Mall) -> None:
    with mall.writing():
        placing.place(new_delivery(), store_id=mall.store.store_id, act=Act.of_system(clock.now()))
        message = "in between"
        raise RuntimeError(message)


def test_other_merchants_hear_nothing(mall: Mall, shop: Program, receiver: Receiver):
    subscribed(shop, receiver)
    rival = merchants.a_key(mall, mall.other_store)

    ordered(rival)
    send(mall)

    assert receiver.requests == []


def test_only_wanted_types_are_sent(mall: Mall, shop: Program, receiver: Receiver):
    subscribed(shop, receiver, types=["delivery.cancelled"])
    made = ordered(shop)
    shop.post(f"deliveries/{made['id']}/cancel", {"reason": "Sold out", "code": "out_of_stock"})
    send(mall)

    (body,) = bodies(receiver)
    assert body["type"] == "delivery.cancelled"
    assert body["data"]["delivery"]["cancel_reason"] == "out_of_stock"
    assert "Sold out" not in json.dumps(body)


def test_every_try_is_listed_with_request_and_answer(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    script = iter([answer(500, body=b"busy"), answer(200, body=b"fine")])
    receiver.script = lambda *_: next(script)
    ordered(shop)
    send(mall)
    send(mall, after=timedelta(seconds=10))

    page = shop.get(f"webhooks/{made['id']}/attempts?limit=1").get_json()
    rest = shop.get(f"webhooks/{made['id']}/attempts?cursor={page['next_cursor']}").get_json()

    tries = page["attempts"] + rest["attempts"]
    assert [(each["number"], each["status"], each["answer"]) for each in tries] == [
        (2, 200, "fine"),
        (1, 500, "busy"),
    ]
    assert tries[0]["message_id"] == tries[1]["message_id"]
    assert "webhook-signature: v1," in tries[0]["request"]
    assert rest["next_cursor"] is None


def test_message_is_sent_again_under_its_id(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    ordered(shop)
    send(mall)
    message_id = receiver.requests[0].headers["webhook-id"]

    answered = shop.post(f"webhooks/{made['id']}/replay", {"message_id": message_id})
    send(mall)

    assert answered.get_json() == {"messages": 1}
    assert [request.headers["webhook-id"] for request in receiver.requests] == [message_id] * 2


def test_span_is_sent_again_with_what_was_never_sent(mall: Mall, shop: Program, receiver: Receiver):
    before = ordered(shop)
    made = subscribed(shop, receiver)
    after = ordered(shop)
    send(mall)
    span = {
        "since": (clock.now() - timedelta(hours=1)).isoformat(),
        "until": (clock.now() + timedelta(hours=1)).isoformat(),
    }

    answered = shop.post(f"webhooks/{made['id']}/replay", span)
    send(mall)

    assert answered.get_json() == {"messages": 2}
    told = [body["data"]["delivery_id"] for body in bodies(receiver)]
    assert sorted(told) == sorted([before["id"], after["id"], after["id"]])


@pytest.mark.parametrize("body", [{}, {"since": "2026-01-01T00:00:00Z"}])
def test_half_a_span_is_refused(shop: Program, receiver: Receiver, body: dict[str, str]):
    made = subscribed(shop, receiver)

    assert shop.post(f"webhooks/{made['id']}/replay", body).status_code == 422


def leased() -> bool:
    """Take a message as a process does that dies before it sends."""
    return sending.take(webhooks.outbox(), now=clock.now()) is not None


def test_two_answers_at_once_are_both_noted(
    mall: Mall, shop: Program, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """Neither waits for what the other holds: an answer that is undone would be sent for again."""
    made = subscribed(shop, receiver)
    ordered(shop)
    ordered(shop)
    monkeypatch.setitem(mall.app.extensions, "mallrun_webhooks", Together(200))

    assert send_two(mall) == [1, 1]

    attempts = shop.get(f"webhooks/{made['id']}/attempts").get_json()["attempts"]
    assert [each["status"] for each in attempts] == [200, 200]
    send(mall)
    with mall.reading():
        assert queries.counts_of(made["id"]) == {"delivered": 2}


def test_message_that_cannot_be_written_holds_up_no_other(
    mall: Mall, shop: Program, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    made = subscribed(shop, receiver)
    ordered(shop)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "body_of", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(mall)
    ordered(shop)
    send(mall)
    assert len(receiver.requests) == 1

    send(mall, after=sending.LEASE + timedelta(seconds=1))

    assert len(receiver.requests) == 2
    with mall.reading():
        assert queries.counts_of(made["id"]) == {"delivered": 2}


def test_lease_of_a_dead_process_runs_out(mall: Mall, shop: Program, receiver: Receiver):
    subscribed(shop, receiver)
    ordered(shop)
    with mall.app.app_context():
        assert leased()
        assert webhooks.send_due() == 0

    send(mall, after=timedelta(seconds=40))

    assert len(receiver.requests) == 1


def test_old_messages_are_forgotten(mall: Mall, shop: Program, receiver: Receiver):
    made = subscribed(shop, receiver)
    ordered(shop)
    send(mall)

    with mall.writing():
        service.erase_old(now=clock.now() + timedelta(days=15))

    assert shop.get(f"webhooks/{made['id']}/attempts").get_json()["attempts"] == []


def test_span_has_a_limit(
    mall: Mall, shop: Program, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(service, "REPLAY_MAX", 1)
    made = subscribed(shop, receiver)
    ordered(shop)
    ordered(shop)
    now = clock.now()

    with mall.writing(), pytest.raises(DomainError, match="webhook_span"):
        service.replay_span(
            made["id"],
            now - timedelta(hours=1),
            now + timedelta(hours=1),
            merchant_id=mall.store.merchant_id,
            now=now,
        )
