"""Tables of webhook endpoints, their messages and every try."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class WebhookEndpoint(Base):
    """Where a merchant wants to hear of events.

    Its secrets are derived from the master key and the version, never stored. Never deleted, but
    removed.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint("payload in ('thin','full')", name="payload_known"),
        CheckConstraint(
            "trouble is null or trouble in ('failing','gone','paused')", name="trouble_known"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="RESTRICT"), index=True
    )
    url: Mapped[str]
    payload: Mapped[str]
    types: Mapped[str] = mapped_column(
        comment="names of events between spaces, one at each end; empty: all"
    )
    secret_version: Mapped[int]
    old_secret_until: Mapped[datetime | None] = mapped_column(
        comment="the version before signs until then"
    )
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None] = mapped_column(
        comment="when it echoed the challenge; nothing is sent before"
    )
    trouble: Mapped[str | None] = mapped_column(
        comment="why nothing is sent: failing | gone | paused"
    )
    trouble_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None] = mapped_column(
        comment="first failed try since the last success"
    )
    removed_at: Mapped[datetime | None]


class WebhookMessage(Base):
    """One event for one endpoint.

    A trigger makes it in the transaction that records the event: a change that is rolled back
    leaves none. Erased 14 days after it was delivered or given up.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        CheckConstraint("status in ('pending','delivered','failed')", name="status_known"),
        Index(
            "ix_webhook_message_due",
            "next_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index("ix_webhook_message_endpoint_created", "endpoint_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="webhook-id, the same for every try")
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="RESTRICT"))
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"))
    status: Mapped[str]
    tries: Mapped[int]
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    body: Mapped[str | None] = mapped_column(comment="written with the first try, then the same")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(comment="delivered or given up")


class WebhookAttempt(Base):
    """One try: what was sent and what came back. Erased after 14 days."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (Index("ix_webhook_attempt_endpoint_at", "endpoint_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="RESTRICT"))
    message_id: Mapped[str] = mapped_column(comment="its webhook-id")
    event_type: Mapped[str]
    number: Mapped[int] = mapped_column(comment="1, 2 … of its message")
    at: Mapped[datetime]
    duration_ms: Mapped[int]
    request: Mapped[str] = mapped_column(comment="headers and body as sent")
    status: Mapped[int | None] = mapped_column(comment="of the answer; null when there was none")
    answer: Mapped[str] = mapped_column(comment="the first kilobyte, as text")
    error: Mapped[str] = mapped_column(comment="why there was no good answer; empty for success")
