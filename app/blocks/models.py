"""Tables of blocks, their places, and what was paid to lift pay to their guarantee."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class Block(Base):
    """Hours at a site for a number of drivers, opened by a dispatcher. Kept for ever."""

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="hours_forward"),
        CheckConstraint("places between 1 and 500", name="places_in_range"),
        CheckConstraint("taken >= 0 and taken <= places", name="taken_in_range"),
        CheckConstraint("hourly_minor >= 0", name="hourly_not_negative"),
        Index("ix_block_site", "site_id", "ends_at"),
        Index("ix_block_ends", "ends_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(comment="places taken; raised by the guarded taking only")
    hourly_minor: Mapped[int] = mapped_column(comment="guaranteed for an hour on duty, minor units")
    currency: Mapped[str]
    return_until: Mapped[datetime] = mapped_column(comment="a place is given back before this")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(comment="actor, person:per_…")
    closed_at: Mapped[datetime | None] = mapped_column(comment="since when nobody may take it")
    closed_by: Mapped[str | None] = mapped_column(comment="actor, person:per_…")
    close_reason: Mapped[str | None]


class BlockPlace(Base):
    """One driver's place in a block, from taking it to giving it back or to its settlement."""

    __tablename__ = "block_place"
    __table_args__ = (
        Index(
            "uq_block_place_live",
            "block_id",
            "driver_id",
            unique=True,
            sqlite_where=text("returned_at is null"),
            postgresql_where=text("returned_at is null"),
        ),
        Index("ix_block_place_driver", "driver_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    block_id: Mapped[str] = mapped_column(ForeignKey("block.id", ondelete="RESTRICT"))
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    taken_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class BlockLine(Base):
    """What lifts a driver's pay to the guarantee of a block: one line, never changed or deleted.

    Written once, after the block (triggers of migration 0021).
    """

    __tablename__ = "block_line"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "amount_minor = guaranteed_minor - earned_minor", name="amount_is_what_is_missing"
        ),
        Index("ix_block_line_driver", "driver_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[str] = mapped_column(
        ForeignKey("block_place.id", ondelete="RESTRICT"), unique=True
    )
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    amount_minor: Mapped[int]
    earned_minor: Mapped[int] = mapped_column(comment="of the block's runs, without tips")
    guaranteed_minor: Mapped[int]
    counted_s: Mapped[int] = mapped_column(comment="seconds on duty within the block")
    currency: Mapped[str]
    created_at: Mapped[datetime]
