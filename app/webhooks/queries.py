"""Reading endpoints, messages and tries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.persistence.transaction import session
from app.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage

__all__ = ["WebhookAttempt", "WebhookEndpoint", "WebhookMessage"]


def endpoints_of(merchant_id: str) -> Sequence[WebhookEndpoint]:
    """Return a merchant's endpoints, oldest first."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.merchant_id == merchant_id, WebhookEndpoint.removed_at.is_(None)
    )
    return session().scalars(query.order_by(WebhookEndpoint.created_at, WebhookEndpoint.id)).all()


def endpoint(endpoint_id: str, merchant_id: str) -> WebhookEndpoint | None:
    """Return a merchant's endpoint, or None, also for another merchant's."""
    row = session().get(WebhookEndpoint, endpoint_id)
    is_there = row is not None and row.merchant_id == merchant_id and row.removed_at is None
    return row if is_there else None


def stopped(endpoint_id: str) -> WebhookEndpoint | None:
    """Return an endpoint that is there and gets nothing any more, or None. Whoever's it is."""
    row = session().get(WebhookEndpoint, endpoint_id)
    is_stopped = row is not None and row.removed_at is None and row.trouble is not None
    return row if is_stopped else None


def message(message_id: str) -> WebhookMessage | None:
    """Return a message, or None."""
    return session().get(WebhookMessage, message_id)


def attempts_of(
    endpoint_id: str, *, before: tuple[datetime, str] | None = None, limit: int = 50
) -> Sequence[WebhookAttempt]:
    """Return the tries of an endpoint, newest first, from behind one on."""
    query = select(WebhookAttempt).where(WebhookAttempt.endpoint_id == endpoint_id)
    if before is not None:
        at, attempt_id = before
        query = query.where(
            (WebhookAttempt.at < at)
            | ((WebhookAttempt.at == at) & (WebhookAttempt.id < attempt_id))
        )
    newest = query.order_by(WebhookAttempt.at.desc(), WebhookAttempt.id.desc())
    return session().scalars(newest.limit(limit)).all()


def counts_of(endpoint_id: str) -> dict[str, int]:
    """Return `{status: how many messages}` of an endpoint."""
    query = (
        select(WebhookMessage.status, func.count())
        .where(WebhookMessage.endpoint_id == endpoint_id)
        .group_by(WebhookMessage.status)
    )
    return {str(row[0]): int(row[1]) for row in session().execute(query)}
