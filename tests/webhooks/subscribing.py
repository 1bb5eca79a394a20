"""Setting a webhook up, and letting what is due be sent."""

import json
from datetime import timedelta
from typing import Any

from app import clock
from app.jobs import webhooks
from tests.factories import Mall
from tests.merchants import Program
from tests.webhooks.receiver import Receiver


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


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.requests]
