"""Tables of handoffs, proofs, shown codes, statements and incidents."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
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


class CarrierVisit(Base):
    """A carrier who drives with us stands at a counter: the phone's own signed word for it.

    What the desk takes in meanwhile is from this driver.
    """

    __tablename__ = "carrier_visit"
    __table_args__ = (
        UniqueConstraint("phone_kid", "nonce"),
        Index(
            "uq_carrier_visit_open",
            "desk_kid",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_carrier_visit_driver", "driver_id", "opened_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="RESTRICT"))
    desk_kid: Mapped[int]
    clerk_id: Mapped[str]
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    phone_kid: Mapped[int]
    nonce: Mapped[str] = mapped_column(comment="nonce of the token, hex")
    token: Mapped[str] = mapped_column(comment="the code's text as it was scanned")
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(
        comment="by a tap or by the next visit; half an hour ends it anyway"
    )


class Intake(Base):
    """A carrier's parcel that a hub or station has taken in: the hand before the store's.

    One-sided unless the carrier's phone was scanned: then both have signed (`domain.visit`).
    """

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number"),
        CheckConstraint("level in ('E0','E1','E2')", name="level_known"),
        CheckConstraint("evidence_kind in ('label','carrier_code')", name="evidence_known"),
        Index("ix_intake_visit", "visit_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="of the parcel")
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="RESTRICT"))
    level: Mapped[str]
    evidence_kind: Mapped[str] = mapped_column(comment="label | carrier_code")
    desk_kid: Mapped[int]
    clerk_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    visit_id: Mapped[str | None] = mapped_column(
        ForeignKey("carrier_visit.id", ondelete="SET NULL"),
        comment="of the carrier whose phone was scanned; null: one who shows nothing",
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
    uploaded_sha256: Mapped[str | None] = mapped_column(
        comment="of the file as the phone took it: what a signed statement names"
    )
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


class StatementRow(Base):
    """What a device stated, exactly as it signed it.

    Kept whether or not it was believed; triggers refuse to change or delete it.
    """

    __tablename__ = "statement"
    __table_args__ = (Index("ix_statement_device", "device_kid", "seq"),)

    server_seq: Mapped[int] = mapped_column(
        # SQLite counts by itself only where the type is exactly INTEGER.
        BigInteger().with_variant(Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
        comment="order of arrival",
    )
    event_id: Mapped[str] = mapped_column(unique=True, comment="UUIDv7 made on the device")
    device_kid: Mapped[int] = mapped_column(ForeignKey("device.kid", ondelete="RESTRICT"))
    seq: Mapped[int] = mapped_column(comment="the device's own count")
    prev: Mapped[str] = mapped_column(comment="SHA-256 of the device's envelope before, hex")
    sha256: Mapped[str] = mapped_column(comment="of this envelope's text, hex")
    type: Mapped[str]
    envelope: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(comment="by the device's clock")
    received_at: Mapped[datetime]


class StatementBeside(Base):
    """A personal value that travelled beside an envelope, which holds only its commitment.

    Can be erased while the signature stays good.
    """

    __tablename__ = "statement_beside"

    event_id: Mapped[str] = mapped_column(
        ForeignKey("statement.event_id", ondelete="RESTRICT"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True, comment="geo, pin, note, manager_code")
    salt: Mapped[str]
    value: Mapped[str]


class StatementResult(Base):
    """What became of a statement; `held` is the only outcome that still changes."""

    __tablename__ = "statement_result"
    __table_args__ = (
        CheckConstraint(
            "outcome in ('applied','recorded','held','rejected')", name="outcome_known"
        ),
        Index(
            "ix_statement_result_held",
            "device_kid",
            sqlite_where=text("outcome = 'held'"),
            postgresql_where=text("outcome = 'held'"),
        ),
    )

    event_id: Mapped[str] = mapped_column(
        ForeignKey("statement.event_id", ondelete="RESTRICT"), primary_key=True
    )
    device_kid: Mapped[int]
    outcome: Mapped[str]
    code: Mapped[str | None] = mapped_column(comment="stable code of a refusal")
    facts: Mapped[str] = mapped_column(comment="JSON: placeholders of the refusal's words")
    level: Mapped[str | None]
    flags: Mapped[str] = mapped_column(comment="comma-separated")
    leaf_hash: Mapped[str | None] = mapped_column(comment="of the first event it led to")
    decided_at: Mapped[datetime]


class DeviceChain(Base):
    """How far a device's statements were taken without a gap."""

    __tablename__ = "device_chain"

    device_kid: Mapped[int] = mapped_column(
        ForeignKey("device.kid", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    seq: Mapped[int]
    sha256: Mapped[str] = mapped_column(comment="of the envelope with that number")


class Incident(Base):
    """Something about one delivery that does not fit together.

    Opened by a rule, closed when it fits again or when a person has decided.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "uq_incident_open",
            "delivery_id",
            "kind",
            unique=True,
            sqlite_where=text("closed_at is null"),
            postgresql_where=text("closed_at is null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    kind: Mapped[str]
    rule: Mapped[str] = mapped_column(comment="C1 … C8, or the check that found it")
    drivers: Mapped[str] = mapped_column(comment="person ids, comma-separated, sorted")
    facts: Mapped[str] = mapped_column(comment="JSON for the words")
    is_waiting: Mapped[bool] = mapped_column(comment="a person has to decide")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(comment="what was decided, or fits_again")
    decided_by: Mapped[str | None]
