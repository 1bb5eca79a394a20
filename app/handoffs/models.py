"""Tables of handoffs, proofs and the release codes that desks have shown."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class Handoff(Base):
    """Parcels of one delivery moved between two named parties, with the evidence for it.

    Never changed but for its level, which only rises.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        CheckConstraint("kind in ('pickup','dropoff','return')", name="kind_known"),
        CheckConstraint("level in ('E0','E1','E2','E3')", name="level_known"),
        UniqueConstraint("delivery_id", "kind", "epoch"),
        UniqueConstraint("delivery_id", "kind", "nonce"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="RESTRICT"))
    epoch: Mapped[int]
    kind: Mapped[str]
    level: Mapped[str]
    from_kind: Mapped[str]
    from_id: Mapped[str]
    to_kind: Mapped[str]
    to_id: Mapped[str]
    parcel_count: Mapped[int]
    evidence_kind: Mapped[str] = mapped_column(
        comment="release_code, short_code, customer_code, pin, photo, assertion, none"
    )
    token: Mapped[str | None] = mapped_column(comment="the code's text as it was scanned")
    nonce: Mapped[str | None] = mapped_column(comment="nonce of the token, hex")
    desk_kid: Mapped[int | None]
    clerk_number: Mapped[int | None]
    flags: Mapped[str] = mapped_column(comment="comma-separated: stale_pair, clock_ahead …")
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    released_at: Mapped[datetime | None] = mapped_column(
        comment="the desk's own statement, when it came"
    )


class Proof(Base):
    """A photo taken at a door.

    Uploaded before its handoff, bound to the delivery from the first byte, kept for 30 days.
    """

    __tablename__ = "proof"
    __table_args__ = (Index("ix_proof_delivery", "delivery_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    handoff_id: Mapped[str | None] = mapped_column(ForeignKey("handoff.id", ondelete="SET NULL"))
    blob_key: Mapped[str]
    sha256: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    taken_at: Mapped[datetime]
    created_at: Mapped[datetime]


class ShownRelease(Base):
    """A release code `R` that a desk has on its screen, so that its short code can be checked.

    Of use for little more than a minute.
    """

    __tablename__ = "shown_release"
    __table_args__ = (
        UniqueConstraint("desk_kid", "nonce"),
        Index("ix_shown_release_driver", "driver_id", "short_code"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    driver_id: Mapped[str]
    desk_kid: Mapped[int]
    clerk_number: Mapped[int]
    short_code: Mapped[str]
    nonce: Mapped[str]
    token: Mapped[str]
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
