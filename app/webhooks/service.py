"""Setting up endpoints, proving that they are the merchant's, and sending messages again."""

import json
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select, update

from app.deliveries.queries import Delivery
from app.domain.errors import DomainError
from app.domain.reachable import target_of
from app.domain.retention import JOBS
from app.domain.webhooks import OVERLAP, SECRET_BYTES, Payload, Trouble, is_taken, signature
from app.eventlog.queries import EventRow
from app.keys import Keys
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.webhooks import queries
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from app.webhooks.outgoing import Sender

#: Endpoints of a merchant.
ENDPOINTS_MAX: Final = 10
#: Messages that one replay sends again.
REPLAY_MAX: Final = 10_000
VERIFICATION: Final = "endpoint.verification"


def add(
    url: str,
    *,
    merchant_id: str,
    payload: Payload,
    types: list[str],
    allows_loopback: bool,
    now: datetime,
) -> WebhookEndpoint:
    """Add an endpoint; nothing is sent before it has proved to be the merchant's.

    Raises:
        DomainError: `webhook_address`, `webhooks_full`.
    """
    if target_of(url, allows_loopback=allows_loopback) is None:
        raise DomainError("webhook_address")
    if len(queries.endpoints_of(merchant_id)) >= ENDPOINTS_MAX:
        raise DomainError("webhooks_full", most=ENDPOINTS_MAX)
    row = WebhookEndpoint(
        id=new_id("whk"),
        merchant_id=merchant_id,
        url=url,
        payload=payload.value,
        types=f" {' '.join(sorted(set(types)))} " if types else "",
        secret_version=1,
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row


def own(endpoint_id: str, merchant_id: str) -> WebhookEndpoint:
    """Return a merchant's endpoint.

    Raises:
        DomainError: `not_found`, also for another merchant's.
    """
    row = queries.endpoint(endpoint_id, merchant_id)
    if row is None:
        raise DomainError("not_found")
    return row


def secrets_of(row: WebhookEndpoint, keys: Keys, *, now: datetime) -> list[bytes]:
    """Return the secrets that sign now, the newest first: two for a day after a rotation."""
    versions = [row.secret_version]
    if row.old_secret_until is not None and now < row.old_secret_until:
        versions.append(row.secret_version - 1)
    return [keys.derive(f"webhook/{row.id}/{version}", SECRET_BYTES) for version in versions]


def challenge(row: WebhookEndpoint, keys: Keys) -> str:
    """Return what an endpoint must echo to prove that its owner wants our messages."""
    return keys.mac("webhook-challenge")(f"{row.id} {row.url}".encode()).hex()[:32]


def ask_to_prove(row: WebhookEndpoint, sender: Sender, keys: Keys, *, now: datetime) -> bool:
    """Send an endpoint its challenge; tell whether the answer has it. Needs no transaction."""
    expected = challenge(row, keys)
    body = json.dumps({"type": VERIFICATION, "data": {"challenge": expected}}).encode()
    headers = headers_of(new_id("msg"), body, secrets_of(row, keys, now=now), now=now)
    url = row.url
    # Ends reading: nothing is held while the other side takes its time.
    session().rollback()
    answer = sender.post(url, headers, body)
    return answer.status is not None and is_taken(answer.status) and expected in answer.text


def headers_of(
    message_id: str, body: bytes, secrets: list[bytes], *, now: datetime
) -> dict[str, str]:
    """Return the headers of a try."""
    timestamp_s = int(now.timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Mallrun-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": signature(secrets, message_id, timestamp_s, body),
    }


def mark_verified(endpoint_id: str, *, merchant_id: str, now: datetime) -> None:
    """Let messages go to an endpoint from now on, and end whatever trouble there was.

    Raises:
        DomainError: `not_found`.
    """
    row = own(endpoint_id, merchant_id)
    row.verified_at = now
    row.trouble = row.trouble_at = row.failing_since = None
    session().flush()


def rotate_secret(endpoint_id: str, *, merchant_id: str, now: datetime) -> WebhookEndpoint:
    """Give an endpoint another secret; for a day every message has a signature of each.

    Raises:
        DomainError: `not_found`; `webhook_rotating` within that day, when a third would be needed.
    """
    row = own(endpoint_id, merchant_id)
    if row.old_secret_until is not None and now < row.old_secret_until:
        raise DomainError("webhook_rotating")
    row.secret_version += 1
    row.old_secret_until = now + OVERLAP
    session().flush()
    return row


def stop(row: WebhookEndpoint, trouble: Trouble, *, now: datetime) -> None:
    """Send nothing more to an endpoint; what waits is listed as failed and can be sent again."""
    row.trouble, row.trouble_at = trouble.value, now
    session().execute(
        update(WebhookMessage)
        .where(WebhookMessage.endpoint_id == row.id, WebhookMessage.status == "pending")
        .values(status="failed", ended_at=now, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    session().flush()


def remove(endpoint_id: str, *, merchant_id: str, now: datetime) -> None:
    """Remove an endpoint; what waits for it is given up.

    Raises:
        DomainError: `not_found`.
    """
    row = own(endpoint_id, merchant_id)
    stop(row, Trouble.PAUSED, now=now)
    row.removed_at = now
    session().flush()


def replay_one(endpoint_id: str, message_id: str, *, merchant_id: str, now: datetime) -> int:
    """Send one message again, under its own id; return how many that is.

    Raises:
        DomainError: `not_found`, `webhook_not_verified`.
    """
    row = _able(endpoint_id, merchant_id)
    found = queries.message(message_id)
    if found is None or found.endpoint_id != row.id:
        raise DomainError("not_found")
    return _again(row, [found.id], now=now)


def replay_span(
    endpoint_id: str, since: datetime, until: datetime, *, merchant_id: str, now: datetime
) -> int:
    """Send everything again that happened from an instant until another; return how much that is.

    Also what was never sent, because the endpoint was not there or was stopped.

    Raises:
        DomainError: `not_found`, `webhook_not_verified`; `webhook_span` for more than we send
            again at a time.
    """
    row = _able(endpoint_id, merchant_id)
    events = (
        select(EventRow.id, EventRow.type)
        .join(Delivery, Delivery.id == EventRow.delivery_id)
        .where(
            Delivery.merchant_id == row.merchant_id,
            EventRow.received_at >= since,
            EventRow.received_at < until,
        )
    )
    wanted = [
        each.id
        for each in session().execute(events.limit(REPLAY_MAX + 1))
        if _wants(row, each.type)
    ]
    if len(wanted) > REPLAY_MAX:
        raise DomainError("webhook_span", most=REPLAY_MAX)
    ids: list[str] = []
    for start in range(0, len(wanted), 500):
        ids += _messages(row, wanted[start : start + 500], now=now)
    return _again(row, ids, now=now)


def _wants(row: WebhookEndpoint, event_type: str) -> bool:
    return not row.types or f" {event_type} " in row.types


def _messages(row: WebhookEndpoint, event_ids: list[str], *, now: datetime) -> list[str]:
    """Return the messages of events, made now where there is none."""
    query = select(WebhookMessage.id, WebhookMessage.event_id).where(
        WebhookMessage.endpoint_id == row.id, WebhookMessage.event_id.in_(event_ids)
    )
    known = {each.event_id: each.id for each in session().execute(query)}
    fresh = [each for each in event_ids if each not in known]
    if fresh:
        session().execute(
            insert(WebhookMessage),
            [
                {
                    "id": new_id("msg"),
                    "endpoint_id": row.id,
                    "event_id": each,
                    "status": "pending",
                    "tries": 0,
                    "next_at": now,
                    "created_at": now,
                }
                for each in fresh
            ],
        )
    return list(known.values())


def _again(row: WebhookEndpoint, message_ids: list[str], *, now: datetime) -> int:
    for start in range(0, len(message_ids), 500):
        session().execute(
            update(WebhookMessage)
            .where(WebhookMessage.id.in_(message_ids[start : start + 500]))
            .values(status="pending", tries=0, next_at=now, leased_until=None, ended_at=None)
            .execution_options(synchronize_session=False)
        )
    waiting = select(WebhookMessage.id).where(
        WebhookMessage.endpoint_id == row.id,
        WebhookMessage.status == "pending",
        WebhookMessage.next_at == now,
    )
    return len(session().scalars(waiting).all())


def _able(endpoint_id: str, merchant_id: str) -> WebhookEndpoint:
    row = own(endpoint_id, merchant_id)
    if row.verified_at is None or row.trouble is not None:
        raise DomainError("webhook_not_verified")
    return row


def erase_old(*, now: datetime) -> None:
    """Forget tries and finished messages past their time."""
    before = now - JOBS
    session().execute(delete(WebhookAttempt).where(WebhookAttempt.at < before))
    session().execute(
        delete(WebhookMessage)
        .where(WebhookMessage.ended_at < before)
        .execution_options(synchronize_session=False)
    )
