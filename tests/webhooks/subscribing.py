"""Setting a webhook up, and letting what is due be sent."""

import json
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from app import clock
from app.jobs import webhooks
from app.webhooks.outgoing import Answer, Sender
from tests import merchants
from tests.crossing import at_once
from tests.factories import Mall
from tests.merchants import Program
from tests.webhooks.receiver import Receiver


def a_shop(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Return Lumen's program; webhooks may go to this machine and must be quick."""
    sender = Sender(allows_loopback=True, timeout_s=1.0)
    monkeypatch.setitem(mall.app.extensions, "mallrun_webhooks", sender)
    return merchants.a_key(mall, mall.store)


def subscribed(shop: Program, receiver: Receiver, **given: Any) -> dict[str, Any]:
    """Set a webhook up, prove it, and forget what was sent for that."""
    made = shop.post("webhooks", {"url": receiver.url} | given).get_json()
    verified = shop.post(f"webhooks/{made['id']}/verify")
    assert verified.get_json()["is_verified"], verified.text
    receiver.requests.clear()
    return made


def send(mall: Mall, *, after: timedelta = timedelta()) -> None:
    with mall.app.app_context(), clock.frozen(clock.now() + after):
        webhooks.send_due()


class Together:
    """Sends webhooks whose answers come when two are on their way."""

    allows_loopback = True

    def __init__(self, status: int) -> None:
        self._status, self._both = status, Barrier(2)

    def post(self, *_: object) -> Answer:
        self._both.wait(10)
        return Answer(self._status, "", "", 1)


def send_two(mall: Mall) -> list[int]:
    """Let two loops send one message each at the same time; return how many each has sent."""

    def send_one() -> int:
        with mall.app.app_context():
            return webhooks.send_due(limit=1)

    return at_once(send_one, send_one)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.requests]
