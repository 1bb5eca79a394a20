"""Tables of the event log.

Triggers on both engines refuse to change or delete an event, a leaf, a node or a checkpoint.
"""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, UniqueConstraint
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


class LogWaiting(Base):
    """An event that is not in the tree yet. A trigger adds it, the next checkpoint takes it away.

    It is there exactly when its event is, so that no event can be overlooked: looking for the
    newest by time would miss what a slow transaction commits late.
    """

    __tablename__ = "log_waiting"

    number: Mapped[int] = mapped_column(
        # SQLite numbers rows by itself in a column of this very type only.
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        comment="ascends; within a delivery in the order of its events",
    )
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"), unique=True)


class LogLeaf(Base):
    """The place of an event in the tree over all events. Append-only."""

    __tablename__ = "log_leaf"

    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="0, 1, 2 … without a gap"
    )
    event_id: Mapped[str] = mapped_column(ForeignKey("event.id", ondelete="RESTRICT"), unique=True)
    leaf_hash: Mapped[str]


class LogNode(Base):
    """The hash of a complete subtree above the leaves. Append-only."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="1, 2 …; it has 2**level leaves"
    )
    number: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="from the left, from 0"
    )
    hash: Mapped[str]


class LogCheckpoint(Base):
    """A signed statement of what the log was. Append-only."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="leaves that it covers"
    )
    root: Mapped[str]
    note: Mapped[str] = mapped_column(comment="C2SP tlog-checkpoint, without signature lines")
    anchor: Mapped[str] = mapped_column(
        index=True, comment="first 8 bytes of the SHA-256 of the note, hex"
    )
    kid: Mapped[int] = mapped_column(comment="the server key that signed")
    signature: Mapped[str] = mapped_column(comment="ES256 over the note, r and s, hex")
    created_at: Mapped[datetime]
