"""Sending what is due: lease a message, try it without a transaction, write what came of it.

A process that dies in the middle leaves a lease that runs out: the message is tried again, under
the same id. So every message arrives at least once, or is listed as failed.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import aliased

from app.domain.webhooks import (
    AT_ONCE,
    GIVE_UP_AFTER,
    GONE,
    TIMEOUT_S,
    Payload,
    Trouble,
    is_taken,
    wait_after,
)
from app.eventlog.queries import EventRow
from app.keys import Keys
from app.notify import service as notify
from app.persistence.ids import new_id
from app.persistence.transaction import session, transaction
from app.webhooks import service
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from app.webhooks.outgoing import Answer, Sender
from app.webhooks.payload import Links, body_of

#: Longer than a try can take.
LEASE: Final = timedelta(seconds=TIMEOUT_S * 2)
_JITTER = random.SystemRandom()

# Made once: an idle process looks every second.
_OTHER: Final = aliased(WebhookMessage)
_BUSY: Final = (
    select(func.count())
    .where(_OTHER.endpoint_id == WebhookMessage.endpoint_id, _OTHER.leased_until > bindparam("at"))
    .correlate(WebhookMessage)
    .scalar_subquery()
)
_DUE: Final = (
    select(WebhookMessage.id)
    .join(EventRow, EventRow.id == WebhookMessage.event_id)
    .where(
        WebhookMessage.status == "pending",
        WebhookMessage.next_at <= bindparam("at"),
        (WebhookMessage.leased_until.is_(None)) | (WebhookMessage.leased_until < bindparam("at")),
        _BUSY < AT_ONCE,
    )
    .order_by(WebhookMessage.next_at, EventRow.seq)
    .limit(1)
)
_LEASE_DUE: Final = (
    update(WebhookMessage)
    .where(
        WebhookMessage.id
        == _DUE.with_for_update(skip_locked=True, of=WebhookMessage).scalar_subquery()
    )
    .values(leased_until=bindparam("until"), tries=WebhookMessage.tries + 1)
    .returning(WebhookMessage.id)
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class Outbox:
    """What sending needs of the installation; `has_mail`: it can write to people."""

    sender: Sender
    keys: Keys
    links: Links
    has_mail: bool


@dataclass(frozen=True, slots=True)
class Try:
    """A leased message with all that is sent of it.

    Attributes:
        number: Which try it is, from 1.
    """

    message_id: str
    endpoint_id: str
    event_type: str
    number: int
    url: str
    headers: dict[str, str]
    body: str


def send_one(outbox: Outbox, *, now: datetime) -> bool:
    """Try the message that has waited longest; tell whether there was one. Opens transactions."""
    taken = take(outbox, now=now)
    if taken is None:
        return False
    send(taken, outbox, now=now)
    return True


def take(outbox: Outbox, *, now: datetime) -> Try | None:
    """Lease the message that has waited longest and write it; None when there is none.

    Both in one transaction. A message that cannot be written keeps its lease, and so holds up no
    other until it runs out. A look that finds nothing does not take the write lock.
    """
    moment = {"at": now}
    if session().scalar(_DUE, moment) is None:
        session().rollback()
        return None
    with transaction() as current:
        message_id = current.scalar(_LEASE_DUE, moment | {"until": now + LEASE})
        if message_id is None:
            return None
        prepared, fault = None, None
        try:
            with current.begin_nested():
                prepared = _prepare(message_id, outbox, now=now)
        except Exception as error:  # noqa: BLE001 - Raised below, once the lease is written.
            fault = error
    if fault is not None:
        raise fault
    return prepared


def send(taken: Try, outbox: Outbox, *, now: datetime) -> None:
    """Try a message that was taken, and write down what came of it. Opens a transaction."""
    answer = outbox.sender.post(taken.url, taken.headers, taken.body.encode())
    with transaction():
        _note(taken, answer, outbox, now=now)


def _prepare(message_id: str, outbox: Outbox, *, now: datetime) -> Try | None:
    message = session().get(WebhookMessage, message_id)
    endpoint = session().get(WebhookEndpoint, message.endpoint_id) if message is not None else None
    event = session().get(EventRow, message.event_id) if message is not None else None
    if message is None or endpoint is None or event is None or message.status != "pending":
        return None
    if message.body is None:
        message.body = body_of(event, Payload(endpoint.payload), outbox.links)
        session().flush()
    secrets = service.secrets_of(endpoint, outbox.keys, now=now)
    headers = service.headers_of(message.id, message.body.encode(), secrets, now=now)
    return Try(
        message.id, endpoint.id, event.type, message.tries, endpoint.url, headers, message.body
    )


def _note(tried: Try, answer: Answer, outbox: Outbox, *, now: datetime) -> None:
    has_arrived = answer.status is not None and is_taken(answer.status)
    error = "" if has_arrived else (answer.error or "refused")
    # Before anything that names it is written: two tries that each held a share of the endpoint's
    # row would wait for each other, and PostgreSQL would undo one.
    endpoint = session().get(WebhookEndpoint, tried.endpoint_id, with_for_update=True)
    head = "\n".join(f"{name}: {value}" for name, value in tried.headers.items())
    session().add(
        WebhookAttempt(
            id=new_id("atp"),
            endpoint_id=tried.endpoint_id,
            message_id=tried.message_id,
            event_type=tried.event_type,
            number=tried.number,
            at=now,
            duration_ms=answer.duration_ms,
            request=f"POST {tried.url}\n{head}\n\n{tried.body}",
            status=answer.status,
            answer=answer.text,
            error=error,
        )
    )
    message = session().get(WebhookMessage, tried.message_id)
    if message is None or endpoint is None:
        return
    message.leased_until = None
    if has_arrived:
        message.status, message.ended_at = "delivered", now
        endpoint.failing_since = None
    elif message.status == "pending":
        endpoint.failing_since = endpoint.failing_since or now
        trouble = _after_failure(message, endpoint, answer, now=now)
        if trouble is not None:
            _stop(endpoint, trouble, outbox, now=now)
    session().flush()


def _after_failure(
    message: WebhookMessage, endpoint: WebhookEndpoint, answer: Answer, *, now: datetime
) -> Trouble | None:
    """Plan the next try or give the message up; return why the endpoint must be stopped, if so."""
    if answer.status == GONE:
        return Trouble.GONE
    wait = wait_after(message.tries, _JITTER.random())
    if wait is not None:
        message.next_at = now + wait
        return None
    message.status, message.ended_at = "failed", now
    # Days without a single success: nobody listens there any more.
    is_over = endpoint.failing_since is not None and now - endpoint.failing_since >= GIVE_UP_AFTER
    return Trouble.FAILING if is_over else None


def _stop(endpoint: WebhookEndpoint, trouble: Trouble, outbox: Outbox, *, now: datetime) -> None:
    """Stop an endpoint and have its people told, once: a try beside this one finds it stopped."""
    if endpoint.trouble is not None:
        return
    service.stop(endpoint, trouble, now=now)
    if outbox.has_mail:
        notify.webhook_stopped(endpoint.id, merchant_id=endpoint.merchant_id, now=now)
