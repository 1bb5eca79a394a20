"""Tables of runs, their stops, claims and pay lines."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base

#: On offer or under way, as SQL: a partial index is found by these words.
OPEN = "status in ('offered','claimed','collecting','delivering')"
_TO_LEARN = "status = 'finished' and learned_at is null"


class Run(Base):
    """What a driver claims: deliveries that leave one site together, with stops and pay.

    Kept for ever.
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint(
            "status in ('forming','offered','claimed','collecting','delivering',"
            "'finished','expired','cancelled')",
            name="status_known",
        ),
        CheckConstraint(
            "(status in ('claimed','collecting','delivering','finished'))"
            " = (driver_id is not null)",
            name="driver_while_held",
        ),
        # The list of offers must not grow slower with the runs of the past.
        Index(
            "ix_run_offered",
            "site_id",
            "window_from",
            sqlite_where=text("status = 'offered'"),
            postgresql_where=text("status = 'offered'"),
        ),
        Index("ix_run_driver", "driver_id", "finished_at"),
        Index("ix_run_wave", "site_id", "wave_at"),
        # The watch over claims looks at claimed runs only, however many there were.
        Index(
            "ix_run_claimed",
            "claimed_at",
            sqlite_where=text("status = 'claimed'"),
            postgresql_where=text("status = 'claimed'"),
        ),
        # What is open is counted over all places and listed at one, whatever else is over there.
        Index(
            "ix_run_open", "site_id", "status", sqlite_where=text(OPEN), postgresql_where=text(OPEN)
        ),
        # What is learned already must not make the next look slower.
        Index(
            "ix_run_to_learn",
            "finished_at",
            sqlite_where=text(_TO_LEARN),
            postgresql_where=text(_TO_LEARN),
        ),
        # The look for runs whose time has come reads those that wait only.
        Index(
            "ix_run_hidden",
            "shown_at",
            sqlite_where=text("status = 'offered' and shown_at is not null"),
            postgresql_where=text("status = 'offered' and shown_at is not null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    status: Mapped[str]
    version: Mapped[int] = mapped_column(comment="raised with every change")
    epoch: Mapped[int] = mapped_column(comment="raised with every claim; what a driver believed")
    driver_id: Mapped[str | None] = mapped_column(
        ForeignKey("driver.person_id", ondelete="RESTRICT")
    )
    distance_m: Mapped[int]
    duration_s: Mapped[int]
    parcel_count: Mapped[int]
    litres: Mapped[int] = mapped_column(
        default=0, server_default=text("0"), comment="room that its parcels need in a vehicle"
    )
    window_from: Mapped[datetime] = mapped_column(comment="earliest window of its deliveries")
    window_until: Mapped[datetime] = mapped_column(comment="latest end of a window")
    pay_rule: Mapped[str] = mapped_column(comment="version of the rule under which it is offered")
    currency: Mapped[str]
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None] = mapped_column(
        comment="since when it waits for a driver; null: since it was made"
    )
    shown_at: Mapped[datetime | None] = mapped_column(
        comment="drivers do not see it before; null: they have been told of it"
    )
    raises: Mapped[int] = mapped_column(
        default=0,
        server_default=text("0"),
        comment="steps of its pay rule by which the offer was raised",
    )
    pinned_at: Mapped[datetime | None] = mapped_column(
        comment="a dispatcher wants it to stay as it is; null: it may be put together anew"
    )
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    learned_at: Mapped[datetime | None] = mapped_column(
        comment="when its times were learned from; null: not yet"
    )
    crew_site_id: Mapped[str | None] = mapped_column(
        # As of a driver's hub.
        ForeignKey("site.id"),
        comment="the hub whose own drivers alone may have it; null: any driver",
    )
    wave_at: Mapped[datetime | None] = mapped_column(
        comment="quarter of an hour at which it leaves a station"
    )
    bay: Mapped[int | None] = mapped_column(comment="where a station puts its parcels")
    sealed_at: Mapped[datetime | None] = mapped_column(
        comment="its first parcel was sorted: what it carries stays together"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Stop(Base):
    """One visit of a run: a pickup at a store, a drop-off at a door, or a return to a store."""

    __tablename__ = "stop"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        CheckConstraint("kind in ('pickup','dropoff','return')", name="kind_known"),
        CheckConstraint("status in ('ahead','arrived','done','skipped')", name="status_known"),
        CheckConstraint(
            "(kind = 'dropoff') = (delivery_id is not null)", name="dropoff_has_delivery"
        ),
        Index("ix_stop_delivery", "delivery_id"),
        Index(
            "ix_stop_store_open",
            "store_id",
            sqlite_where=text("status in ('ahead','arrived')"),
            postgresql_where=text("status in ('ahead','arrived')"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="order within the run, from 1")
    kind: Mapped[str]
    status: Mapped[str]
    store_id: Mapped[str | None] = mapped_column(ForeignKey("store.id", ondelete="RESTRICT"))
    delivery_id: Mapped[str | None] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    travel_s: Mapped[int] = mapped_column(comment="walk or drive from the stop before")
    distance_m: Mapped[int]
    planned_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class Claim(Base):
    """A driver's exclusive right to a run, from claim to release or finish."""

    __tablename__ = "claim"
    __table_args__ = (
        # The guarded UPDATE decides; this index is the belt to its braces.
        Index(
            "uq_claim_live",
            "run_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_claim_driver", "driver_id", "claimed_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    epoch: Mapped[int]
    claimed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(comment="finished, or why it was released")
    lapses_at: Mapped[datetime | None] = mapped_column(
        comment="when it ends, as the driver was warned; null: not warned"
    )
    kept_at: Mapped[datetime | None] = mapped_column(
        comment="when the driver last said that he is on his way"
    )
    kept_count: Mapped[int] = mapped_column(
        default=0, server_default=text("0"), comment="how often he said so"
    )


class OfferAsk(Base):
    """A driver's wish for a run on offer, while askers are ranked by fit.

    Made within the window that opens with the offer, answered at its end, kept as the record of who
    was asked and why one of them has it.
    """

    __tablename__ = "offer_ask"
    __table_args__ = (
        # Asked again after the run was given back is a wish of its own.
        UniqueConstraint("run_id", "driver_id", "offered_at"),
        CheckConstraint("outcome in ('won','lost','withdrawn')", name="outcome_known"),
        CheckConstraint("(answered_at is null) = (outcome is null)", name="answered_with_outcome"),
        Index(
            "uq_offer_ask_won",
            "run_id",
            "offered_at",
            unique=True,
            sqlite_where=text("outcome = 'won'"),
            postgresql_where=text("outcome = 'won'"),
        ),
        Index(
            "ix_offer_ask_open",
            "run_id",
            sqlite_where=text("answered_at is null"),
            postgresql_where=text("answered_at is null"),
        ),
        Index("ix_offer_ask_driver", "driver_id", "asked_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="RESTRICT"))
    offered_at: Mapped[datetime] = mapped_column(comment="since when the run was on offer then")
    asked_at: Mapped[datetime]
    away_m: Mapped[int | None] = mapped_column(
        comment="from the driver's last known position to the site; null: not known"
    )
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(comment="won | lost | withdrawn")
    reason: Mapped[str | None] = mapped_column(comment="why it was lost")


class OrderProposal(Base):
    """Another order of a held run's stops that its driver is, or was, asked to take."""

    __tablename__ = "order_proposal"
    __table_args__ = (
        CheckConstraint("outcome in ('taken','kept','over')", name="outcome_known"),
        CheckConstraint("(answered_at is null) = (outcome is null)", name="answered_with_outcome"),
        Index(
            "uq_order_proposal_open",
            "run_id",
            unique=True,
            sqlite_where=text("answered_at is null"),
            postgresql_where=text("answered_at is null"),
        ),
        Index("ix_order_proposal_run", "run_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    stop_ids: Mapped[str] = mapped_column(comment="JSON array, in the new order")
    reason: Mapped[str] = mapped_column(comment="not_ready | window | shorter")
    about_stop_id: Mapped[str]
    saved_s: Mapped[int] = mapped_column(comment="by which the run ends earlier")
    late_saved_s: Mapped[int] = mapped_column(comment="less late, over all doors")
    wait_s: Mapped[int] = mapped_column(comment="at the next counter as it was")
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(comment="taken | kept | over")


class LearnedTime(Base):
    """What the runs of a site have said about how long one thing takes there.

    Written with each run that is learned from; nothing in it is about a person.
    """

    __tablename__ = "learned_time"
    __table_args__ = (
        CheckConstraint("timed in ('parking','walk','counter','door','drive')", name="timed_known"),
    )

    site_id: Mapped[str] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    timed: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(
        primary_key=True,
        comment="store of a counter, proof wanted at a door, hours of a drive, else empty",
    )
    observed: Mapped[int] = mapped_column(comment="times it was seen, in all")
    weight: Mapped[float] = mapped_column(comment="what of that still counts")
    log_sum: Mapped[float] = mapped_column(comment="of ln(real / default), faded as the weight")
    log_sq_sum: Mapped[float] = mapped_column(comment="of its squares")
    seen_at: Mapped[datetime] = mapped_column(comment="end of the newest run that said something")


class ArrivalError(Base):
    """How wrong the arrival times of a site's runs were, by how far ahead they were told.

    Written with each run that is learned from; nothing in it is about a person.
    """

    __tablename__ = "arrival_error"
    __table_args__ = (CheckConstraint("lead in ('near','middle','far')", name="lead_known"),)

    site_id: Mapped[str] = mapped_column(
        ForeignKey("site.id", ondelete="CASCADE"), primary_key=True
    )
    lead: Mapped[str] = mapped_column(primary_key=True)
    counts: Mapped[str] = mapped_column(comment="JSON array: arrivals by size of the error")


class PayLineRow(Base):
    """One line of a run's pay.

    Written again while the run is on offer and grows. From the claim on the database refuses to
    change or delete a line (triggers of migration 0013): a correction is a line of its own that
    refers to the one before.
    """

    __tablename__ = "pay_line"
    __table_args__ = (
        # A line is corrected once; what follows corrects the correction.
        UniqueConstraint("corrects_id"),
        # A correction is of the same run and kind: no tip can be turned into base.
        ForeignKeyConstraint(
            ["corrects_id", "run_id", "kind"],
            ["pay_line.id", "pay_line.run_id", "pay_line.kind"],
            name="fk_pay_line_corrects_id",
        ),
        CheckConstraint(
            "kind in ('base','per_mile','per_stop','per_parcel','waiting','floor','raise',"
            "'guarantee','tip')",
            name="kind_known",
        ),
        # A tip is the customer's money for the driver: no line of another kind can be made from it,
        # and none can take. Only a tip is ever taken off, when another driver brings the parcels.
        CheckConstraint(
            "amount_minor >= 0 or (kind = 'tip' and corrects_id is not null)",
            name="amount_not_negative",
        ),
        CheckConstraint("kind <> 'tip' or ref <> ''", name="tip_has_delivery"),
        Index("ix_pay_line_run", "run_id"),
        # What a correction refers to.
        Index("uq_pay_line_corrected", "id", "run_id", "kind", unique=True),
        Index(
            "uq_pay_line_first",
            "run_id",
            "kind",
            "ref",
            unique=True,
            sqlite_where=text("corrects_id is null"),
            postgresql_where=text("corrects_id is null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    kind: Mapped[str]
    ref: Mapped[str] = mapped_column(comment="delivery id of a tip, stop id of a wait, else empty")
    amount_minor: Mapped[int]
    quantity: Mapped[int] = mapped_column(
        comment="metres for per_mile, stops for per_stop, seconds for waiting and guarantee, else 1"
    )
    unit_minor: Mapped[int] = mapped_column(
        comment="rate per mile, stop, minute or hour, the minimum for floor, else the amount"
    )
    created_at: Mapped[datetime]
    corrects_id: Mapped[str | None] = mapped_column(comment="the line that this one corrects")
