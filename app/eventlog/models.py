"""Tables of the event log. Triggers on both engines refuse to change or delete an event."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class EventRow(Base):
    """One thing that happened to one delivery, chained to the one before. Append-only."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("delivery_id", "seq"),
        Index("ix_event_received", "received_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, comment="UUIDv7")
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="RESTRICT"))
    seq: Mapped[int] = mapped_column(comment="0, 1, 2 … within the delivery")
    type: Mapped[str]
    actor: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    record: Mapped[str] = mapped_column(comment="canonical JSON; the leaf is its hash")
    leaf_hash: Mapped[str]
    head: Mapped[str] = mapped_column(comment="chain head after this event, hex")


class EventPersonalData(Base):
    """What an event says about a person, outside the chain.

    The chain holds a salted commitment, so that this row can be erased.
    """

    __tablename__ = "event_personal_data"

    event_id: Mapped[str] = mapped_column(
        ForeignKey("event.id", ondelete="RESTRICT"), primary_key=True
    )
    salt: Mapped[str]
    value: Mapped[str]
