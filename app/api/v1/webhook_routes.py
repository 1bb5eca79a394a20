"""Webhooks: where messages go, proving that it is yours, and sending them again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from flask import current_app

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import caller, my_merchant
from app.api.v1.once import in_transaction
from app.api.v1.operation import Operation, operation
from app.api.v1.paging import cursor_of, read_cursor
from app.api.v1.shapes import AttemptOut, AttemptPage, ReplayOut, WebhookList, WebhookOut
from app.domain.api_key import Scope
from app.domain.errors import DomainError
from app.domain.webhooks import Payload, Trouble, secret_text
from app.extensions import limiter
from app.web.formats import iso, iso_or_none
from app.web.limits import rate
from app.webhooks import queries, service
from app.webhooks.outgoing import Sender
from app.webhooks.queries import WebhookAttempt, WebhookEndpoint

GROUP = "Webhooks"


def sender() -> Sender:
    """Return what sends webhooks here."""
    found: Sender = current_app.extensions["mallrun_webhooks"]
    return found


def webhook_out(row: WebhookEndpoint, *, shows_secret: bool = False) -> WebhookOut:
    """Return an endpoint, with its newest secret in the answer that made it."""
    keys = current_app.extensions["mallrun_keys"]
    secret = service.secrets_of(row, keys, now=clock.now())[0] if shows_secret else None
    return WebhookOut(
        id=row.id,
        url=row.url,
        payload=Payload(row.payload),
        types=row.types.split(),
        is_verified=row.verified_at is not None and row.trouble is None,
        trouble=Trouble(row.trouble) if row.trouble is not None else None,
        failing_since=iso_or_none(row.failing_since),
        created_at=iso(row.created_at),
        old_secret_until=iso_or_none(row.old_secret_until),
        secret=secret_text(secret) if secret is not None else None,
    )


def count_test() -> None:
    """Count a message that somebody asks us to send at once: it could be aimed at others.

    Raises:
        RateLimitExceeded: Answered as `too_many_requests`.
    """
    kind = "webhook_test"
    with limiter.shared_limit(lambda: rate(kind), scope=kind, key_func=caller):
        pass


_CREATE: Final = Operation(
    method="POST",
    path="/webhooks",
    name="createWebhook",
    summary="Hear of events",
    description="The answer holds the secret, once. Nothing is sent before the address is "
    "verified.",
    group=GROUP,
    scope=Scope.WEBHOOKS,
    body=bodies.CreateWebhook,
    answer=WebhookOut,
    status=201,
    codes=("webhook_address", "webhooks_full"),
)


@operation(_CREATE)
def create_webhook(body: bodies.CreateWebhook) -> WebhookOut:
    merchant_id, now = my_merchant(), clock.now()

    def effect() -> str:
        return service.add(
            body.url,
            merchant_id=merchant_id,
            payload=body.payload,
            types=[each.value for each in body.types],
            allows_loopback=sender().allows_loopback,
            now=now,
        ).id

    made = in_transaction(effect)
    return webhook_out(service.own(made, merchant_id), shows_secret=True)


@operation(
    Operation(
        method="GET",
        path="/webhooks",
        name="listWebhooks",
        summary="List your webhooks",
        group=GROUP,
        scope=Scope.WEBHOOKS,
        answer=WebhookList,
    )
)
def list_webhooks() -> WebhookList:
    return WebhookList(webhooks=[webhook_out(row) for row in queries.endpoints_of(my_merchant())])


@operation(
    Operation(
        method="POST",
        path="/webhooks/{endpoint_id}/verify",
        name="verifyWebhook",
        summary="Prove that an address is yours",
        description="We send a signed `endpoint.verification` with `data.challenge`, and your "
        "address answers 2xx with that text in its body. Also ends whatever has stopped it.",
        group=GROUP,
        scope=Scope.WEBHOOKS,
        answer=WebhookOut,
        codes=("webhook_not_echoed", "too_many_requests"),
    )
)
def verify_webhook(endpoint_id: str) -> WebhookOut:
    merchant_id, now = my_merchant(), clock.now()
    row = service.own(endpoint_id, merchant_id)
    count_test()
    keys = current_app.extensions["mallrun_keys"]
    if not service.ask_to_prove(row, sender(), keys, now=now):
        raise DomainError("webhook_not_echoed")
    in_transaction(lambda: service.mark_verified(endpoint_id, merchant_id=merchant_id, now=now))
    return webhook_out(service.own(endpoint_id, merchant_id))


@operation(
    Operation(
        method="POST",
        path="/webhooks/{endpoint_id}/rotate",
        name="rotateWebhookSecret",
        summary="Get another secret",
        description="For 24 hours every message carries a signature of each.",
        group=GROUP,
        scope=Scope.WEBHOOKS,
        answer=WebhookOut,
        codes=("webhook_rotating",),
    )
)
def rotate_webhook(endpoint_id: str) -> WebhookOut:
    merchant_id, now = my_merchant(), clock.now()
    in_transaction(lambda: service.rotate_secret(endpoint_id, merchant_id=merchant_id, now=now))
    return webhook_out(service.own(endpoint_id, merchant_id), shows_secret=True)


_REPLAY: Final = Operation(
    method="POST",
    path="/webhooks/{endpoint_id}/replay",
    name="replayWebhook",
    summary="Send messages again",
    description="One by its webhook-id, or all of a time: also those that were never sent.",
    group=GROUP,
    scope=Scope.WEBHOOKS,
    body=bodies.Replay,
    answer=ReplayOut,
    status=202,
    codes=("webhook_not_verified", "webhook_span"),
)


@operation(_REPLAY)
def replay_webhook(endpoint_id: str, body: bodies.Replay) -> ReplayOut:
    effect = replay_effect(endpoint_id, body, merchant_id=my_merchant(), now=clock.now())
    return ReplayOut(messages=in_transaction(effect))


def replay_effect(
    endpoint_id: str, body: bodies.Replay, *, merchant_id: str, now: datetime
) -> Callable[[], int]:
    """Return what a replay does in its transaction."""
    given: dict[str, Any] = {"merchant_id": merchant_id, "now": now}
    since, until = body.since, body.until
    if body.message_id is not None or since is None or until is None:
        message_id = body.message_id or ""
        return lambda: service.replay_one(endpoint_id, message_id, **given)
    return lambda: service.replay_span(endpoint_id, since, until, **given)


@operation(
    Operation(
        method="DELETE",
        path="/webhooks/{endpoint_id}",
        name="removeWebhook",
        summary="Hear of nothing more",
        group=GROUP,
        scope=Scope.WEBHOOKS,
        answer=WebhookOut,
    )
)
def remove_webhook(endpoint_id: str) -> WebhookOut:
    merchant_id, now = my_merchant(), clock.now()
    shown = webhook_out(service.own(endpoint_id, merchant_id))
    in_transaction(lambda: service.remove(endpoint_id, merchant_id=merchant_id, now=now))
    return shown


@operation(
    Operation(
        method="GET",
        path="/webhooks/{endpoint_id}/attempts",
        name="listAttempts",
        summary="What was sent, and what came back",
        description="Kept for 14 days.",
        group=GROUP,
        scope=Scope.WEBHOOKS,
        query=bodies.ListAttempts,
        answer=AttemptPage,
    )
)
def list_attempts(endpoint_id: str, query: bodies.ListAttempts) -> AttemptPage:
    row = service.own(endpoint_id, my_merchant())
    before = read_cursor(query.cursor) if query.cursor is not None else None
    found = queries.attempts_of(row.id, before=before, limit=query.limit + 1)
    rows = found[: query.limit]
    last = rows[-1] if len(found) > query.limit else None
    return AttemptPage(
        attempts=[attempt_out(each) for each in rows],
        next_cursor=cursor_of(last.at, last.id) if last is not None else None,
    )


def attempt_out(row: WebhookAttempt) -> AttemptOut:
    """Return a try."""
    return AttemptOut(
        id=row.id,
        message_id=row.message_id,
        type=row.event_type,
        number=row.number,
        at=iso(row.at),
        duration_ms=row.duration_ms,
        request=row.request,
        status=row.status,
        answer=row.answer,
        error=row.error,
    )
