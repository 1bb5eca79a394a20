"""Tables of deliveries, their recipients and their parcels."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base

_OPEN = "status in ('created','ready_for_pickup') and run_id is null"

_TO_ERASE = "erased_at is null and ended_at is not null"

#: What needs a human however the clock stands, as SQL: a partial index is found by these words.
TROUBLED = "is_held or is_verification_pending or status in ('returned','lost')"


class Delivery(Base):
    """The promise: parcels from one store to one customer on one day.

    Never deleted; the recipient's row can be erased.

    It has two ends. `window_until` is the planned one: runs, offers, routes, pay and what drivers
    read go by it, and past it a delivery is at risk. `told_until` is the promised one: all that
    customers, stores and merchants read goes by it (tracking page, label, desk, lists of a day,
    API, webhooks, markup), and past it a delivery is late. They differ where `promised_until` is
    set: by the hosted checkout, and by orders that name `planned_until`. The dispatcher's page of
    one delivery and the API say both.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "status in ('created','ready_for_pickup','enroute_to_pickup','arrived_at_pickup',"
            "'picked_up','enroute_to_dropoff','arrived_at_dropoff','delivered',"
            "'enroute_to_return','arrived_at_return','returned','cancelled','lost')",
            name="status_known",
        ),
        CheckConstraint("proof in ('photo','pin','none')", name="proof_known"),
        CheckConstraint("parcel_count between 1 and 20", name="parcel_count_in_range"),
        CheckConstraint("parcel_litres between 1 and 100000", name="parcel_litres_in_range"),
        CheckConstraint("pin_tries between 0 and 5", name="pin_tries_in_range"),
        CheckConstraint("window_from < window_until", name="window_forward"),
        CheckConstraint("promised_until >= window_until", name="promised_after_planned"),
        # Of thousands at once those whose windows end first are put into runs.
        Index(
            "ix_delivery_waiting",
            "site_id",
            "window_until",
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        # A day of hundreds of places is counted by what is open and what ended badly, whatever
        # else has ended there.
        Index(
            "ix_delivery_open",
            "site_id",
            "window_until",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "ix_delivery_troubled",
            "ended_at",
            sqlite_where=text(TROUBLED),
            postgresql_where=text(TROUBLED),
        ),
        Index("ix_delivery_store_status", "store_id", "status", "ready_at"),
        Index("ix_delivery_store_ended", "store_id", "ended_at"),
        Index("ix_delivery_run", "run_id"),
        Index("ix_delivery_merchant_created", "merchant_id", "created_at", "id"),
        Index("ix_delivery_merchant_ended", "merchant_id", "ended_at"),
        Index("ix_delivery_merchant_ref", "merchant_id", "merchant_ref"),
        Index("ix_delivery_carrier_ref", "store_id", "carrier_ref"),
        # What is forgotten already must not make the next look slower.
        Index(
            "ix_delivery_to_erase",
            "ended_at",
            sqlite_where=text(_TO_ERASE),
            postgresql_where=text(_TO_ERASE),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(
        unique=True, comment="random 64 bit as 16 hex digits, the name in tokens"
    )
    tracking_ref: Mapped[str] = mapped_column(
        unique=True, comment="finds the row of a tracking link; proves nothing"
    )
    tracking_version: Mapped[int] = mapped_column(comment="raised to revoke the link")
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"))
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="RESTRICT"))
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchant.id", ondelete="RESTRICT"))
    merchant_ref: Mapped[str | None] = mapped_column(comment="the merchant's own order number")
    carrier_ref: Mapped[str | None] = mapped_column(
        comment="what the carrier who brings it to a hub calls it"
    )
    status: Mapped[str]
    version: Mapped[int] = mapped_column(
        comment="raised with every change; compare-and-set and `rev`"
    )
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id", ondelete="SET NULL"))
    city: Mapped[str]
    postal_code: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    parcel_count: Mapped[int]
    parcel_litres: Mapped[int] = mapped_column(
        default=25, server_default=text("25"), comment="room that each parcel needs in a vehicle"
    )
    ready_at: Mapped[datetime] = mapped_column(comment="when the parcels are packed at the latest")
    packed_at: Mapped[datetime | None]
    window_from: Mapped[datetime]
    window_until: Mapped[datetime]
    promised_until: Mapped[datetime | None] = mapped_column(
        comment="what the customer was told, when it is planned earlier; null: window_until"
    )
    leave_at_door: Mapped[bool]
    proof: Mapped[str] = mapped_column(
        comment="photo | pin | none: what the store wants at the door"
    )
    value_minor: Mapped[int | None] = mapped_column(comment="goods value in minor units")
    tip_minor: Mapped[int] = mapped_column(
        comment="promised tip in minor units, all of it the driver's"
    )
    price_minor: Mapped[int | None] = mapped_column(
        comment="what the merchant pays when it is delivered, minor units; null: before prices"
    )
    pin_version: Mapped[int]
    pin_tries: Mapped[int] = mapped_column(
        comment="wrong tries over all channels; five lock the PIN"
    )
    verification: Mapped[str | None] = mapped_column(
        comment="evidence level E0–E3 of the last handoff"
    )
    is_verification_pending: Mapped[bool] = mapped_column(
        comment="evidence below the store's minimum"
    )
    is_held: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="two drivers prove that they have it: nothing moves until a person decides",
    )
    created_at: Mapped[datetime]
    picked_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(
        comment="delivered, returned, cancelled or lost"
    )
    cancel_reason: Mapped[str | None] = mapped_column(
        comment="code of why it was cancelled; null: it was not, or before there were codes"
    )
    is_by_hand: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="a clerk typed it at the store's desk, and gives the link to the customer",
    )
    erased_at: Mapped[datetime | None] = mapped_column(comment="when its customer was forgotten")

    # Every UPDATE says "where version = what I read": a second writer gets StaleDataError and the
    # edge tries again.
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def told_until(self) -> datetime:
        """Until when the customer was told that it comes."""
        return self.promised_until or self.window_until


class Recipient(Base):
    """The personal data of one delivery, apart, so that erasing this row erases the person."""

    __tablename__ = "recipient"

    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str]
    first_name: Mapped[str]
    phone: Mapped[str]
    street: Mapped[str]
    unit: Mapped[str]
    instructions: Mapped[str]


class MerchantOrder(Base):
    """A merchant's order number and the one delivery that came of it.

    Made with deliveries that programs and spreadsheets order, so that one order is one delivery
    however often it arrives; clerks who type may use a number again.
    """

    __tablename__ = "merchant_order"

    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="RESTRICT"), primary_key=True
    )
    merchant_ref: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(
        ForeignKey("delivery.id", ondelete="RESTRICT"), unique=True
    )


class OrderUpload(Base):
    """A table of orders that somebody uploaded, and how far it has come.

    The file itself is a blob; both are erased a day after the upload.
    """

    __tablename__ = "order_upload"

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[str] = mapped_column(comment="who uploaded it")
    file_name: Mapped[str]
    blob_key: Mapped[str]
    orders_key: Mapped[str | None] = mapped_column(
        comment="blob with the checked orders, once they were asked for"
    )
    columns: Mapped[str] = mapped_column(comment="JSON: {field: number of its column}")
    row_count: Mapped[int] = mapped_column(comment="without the heading")
    created_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None] = mapped_column(comment="when its orders were asked for")
    done_at: Mapped[datetime | None]
    at_row: Mapped[int] = mapped_column(comment="rows that are taken or refused already")
    ordered_count: Mapped[int]
    known_count: Mapped[int] = mapped_column(comment="ordered before: nothing was added")
    refused_count: Mapped[int]


class Quote(Base):
    """A price and a window that were offered for a while. Erased a day after."""

    __tablename__ = "quote"
    __table_args__ = (Index("ix_quote_merchant_ref", "merchant_id", "merchant_ref"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(ForeignKey("merchant.id", ondelete="CASCADE"))
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    lat: Mapped[float]
    lon: Mapped[float]
    parcel_count: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(comment="ISO 4217")
    ready_at: Mapped[datetime]
    window_from: Mapped[datetime]
    window_until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    delivery_id: Mapped[str | None] = mapped_column(comment="what was ordered with it")
    merchant_ref: Mapped[str | None] = mapped_column(comment="order that it can be accepted by")
    order_body: Mapped[str | None] = mapped_column(
        comment="that order as it came, until it is placed"
    )


class Parcel(Base):
    """One physical unit with a label, and who holds it now."""

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("delivery_id", "number"),
        CheckConstraint(
            "holder_kind in ('store','driver','customer','carrier')", name="holder_known"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="1 … parcel_count")
    holder_kind: Mapped[str] = mapped_column(comment="custody: who has it now")
    holder_id: Mapped[str] = mapped_column(comment="store, person or delivery id")
    held_since: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(
        comment="the hub's shelf or the station's bay that it was put on"
    )
    placed_at: Mapped[datetime | None]
