"""Webhook attempts per second, beside a bare loop that sends the same bodies.

Both send one after another to the same receiver on this machine, on a new connection each. Ours
also leases the message in the database, makes its body, checks the address, signs, and writes what
was sent and what came back, so that a process that dies loses nothing.
"""

import http.client
import time
from collections.abc import Iterator

from sqlalchemy import select

from app import clock
from app.deliveries import placing
from app.domain.act import Act
from app.domain.webhooks import Payload
from app.jobs import webhooks as jobs
from app.persistence.transaction import session, transaction
from app.webhooks import service
from app.webhooks.models import WebhookAttempt
from app.webhooks.outgoing import Sender
from bench.figures import Figure, say
from bench.stage import Stage, stages
from tests.factories import new_delivery
from tests.promises import crowd
from tests.webhooks.receiver import listening

MESSAGES = 400
WARM_UP = 40


def measure() -> Iterator[Figure]:
    """Measure on both engines."""
    for engine in ("sqlite", "postgres"):
        say(f"webhook_attempts {engine}")
        with stages(engine) as make, listening() as receiver:
            stage = make("product")
            _subscribe(stage, receiver.url)
            _send(stage, WARM_UP)
            ours = MESSAGES / _send(stage, MESSAGES)
            bodies = [request.body for request in receiver.requests[WARM_UP:]]
            peer = MESSAGES / _post_all(receiver.port, bodies)
        yield Figure(
            name=f"webhook_attempts_{engine}",
            ours=f"{ours:.0f}/s",
            peer=f"{peer:.0f}/s",
            ratio=ours / peer,
            judged=ours / peer,
        )


def _subscribe(stage: Stage, url: str) -> None:
    """Let a merchant hear of the orders that follow."""
    stage.app.extensions["mallrun_webhooks"] = Sender(allows_loopback=True)
    with stage.app.app_context():
        now = clock.now()
        with transaction():
            place = crowd.add_place()
            row = service.add(
                url,
                merchant_id=place.merchant_id,
                payload=Payload.FULL,
                types=[],
                allows_loopback=True,
                now=now,
            )
            service.mark_verified(row.id, merchant_id=place.merchant_id, now=now)
        with transaction():
            for number in range(WARM_UP + MESSAGES):
                new = new_delivery(merchant_ref=f"order-{number}")
                placing.place(new, store_id=place.store_id, act=Act.of_system(now))


def _send(stage: Stage, count: int) -> float:
    """Send so many messages and return the seconds it took; all must have arrived."""
    with stage.app.app_context():
        began = time.perf_counter()
        sent = jobs.send_due(limit=count)
        seconds = time.perf_counter() - began
        lost = session().scalar(select(WebhookAttempt.id).where(WebhookAttempt.error != ""))
        session().rollback()
    if sent != count or lost is not None:
        message = f"{sent} of {count} messages were tried, and some failed: {lost}"
        raise RuntimeError(message)
    return seconds


def _post_all(port: int, bodies: list[bytes]) -> float:
    began = time.perf_counter()
    for body in bodies:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        headers = {"Content-Type": "application/json", "Connection": "close"}
        connection.request("POST", "/hook", body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            message = f"the receiver answered {answer.status}"
            raise RuntimeError(message)
    return time.perf_counter() - began
