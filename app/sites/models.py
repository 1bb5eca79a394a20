"""Tables of pickup sites, merchants, stores, desks and known addresses."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class Site(Base):
    """A place parcels are collected from: a mall, a street shop, a station or a rural hub."""

    __tablename__ = "site"
    __table_args__ = (
        CheckConstraint("kind in ('mall','street','station','hub')", name="kind_known"),
        CheckConstraint("area in ('urban','suburban','rural')", name="area_known"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    timezone: Mapped[str] = mapped_column(comment="IANA name")
    currency: Mapped[str] = mapped_column(comment="ISO 4217")
    lat: Mapped[float] = mapped_column(comment="degrees")
    lon: Mapped[float] = mapped_column(comment="degrees")
    parking_lat: Mapped[float]
    parking_lon: Mapped[float]
    parking_note: Mapped[str]
    entrance_name: Mapped[str]
    entrance_lat: Mapped[float]
    entrance_lon: Mapped[float]
    entrance_note: Mapped[str]
    entrance_floor: Mapped[int] = mapped_column(comment="0 is the floor at ground level")
    is_test: Mapped[bool] = mapped_column(
        server_default=text("false"), comment="a merchant's test mall: nobody real ever sees it"
    )
    waits_for_orders: Mapped[bool] = mapped_column(
        server_default=text("false"),
        comment="its runs are shown to drivers when their start is near, not at once",
    )
    area: Mapped[str | None] = mapped_column(
        comment="what roads there are around it; null: those of its kind"
    )
    dispatcher_phone: Mapped[str | None] = mapped_column(
        comment="as it was typed; null: there is none to call"
    )


class Merchant(Base):
    """A business whose stores send deliveries."""

    __tablename__ = "merchant"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Store(Base):
    """A merchant's outlet at a site.

    Where its counter is, on which floor, and what a driver must know to find it.
    """

    __tablename__ = "store"
    __table_args__ = (
        CheckConstraint("minimum_level in ('E0','E1','E2','E3')", name="minimum_level_known"),
        CheckConstraint("manager_code_tries between 0 and 5", name="manager_code_tries_in_range"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True, comment="u32 in tokens")
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="RESTRICT"), index=True)
    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str]
    floor: Mapped[int] = mapped_column(comment="0 is the floor at ground level")
    floor_name: Mapped[str] = mapped_column(comment="as the mall's signs say it: 'Level 2'")
    unit: Mapped[str]
    counter_note: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    minimum_level: Mapped[str] = mapped_column(
        server_default=text("'E2'"), comment="evidence that is enough for a handoff at the counter"
    )
    manager_code_above_minor: Mapped[int | None] = mapped_column(
        comment="goods worth more need a manager's code, minor units; null: never"
    )
    manager_code_hash: Mapped[str | None] = mapped_column(
        comment="scrypt under the store's secret salt, hex"
    )
    manager_code_tries: Mapped[int] = mapped_column(
        server_default=text("0"), comment="wrong codes since the last right one; five lock it"
    )


class TestStore(Base):
    """The twin of a store in its merchant's test mall, where test keys move parcels of nobody."""

    __tablename__ = "test_store"
    #: pytest would take it for a test.
    __test__ = False

    store_id: Mapped[str] = mapped_column(
        ForeignKey("store.id", ondelete="CASCADE"), primary_key=True
    )
    twin_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"), unique=True)


class TestMerchant(Base):
    """The twin of a merchant, to whom everything in its test mall belongs."""

    __tablename__ = "test_merchant"
    #: As above.
    __test__ = False

    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="CASCADE"), primary_key=True
    )
    twin_id: Mapped[str] = mapped_column(ForeignKey("merchant.id", ondelete="CASCADE"), unique=True)


class StoreHours(Base):
    """When a store is open on one day of the week, by its site's clock.

    A store of which nothing is told keeps the usual hours; one with rows is closed on days without.
    """

    __tablename__ = "store_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday_known"),
        CheckConstraint("opens_min >= 0 and opens_min < closes_min", name="hours_forward"),
        CheckConstraint("closes_min <= 1440", name="hours_within_day"),
    )

    store_id: Mapped[str] = mapped_column(
        ForeignKey("store.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(primary_key=True, comment="0 is Monday")
    opens_min: Mapped[int] = mapped_column(comment="minutes after midnight")
    closes_min: Mapped[int] = mapped_column(comment="minutes after midnight, 1440 is its end")


class Desk(Base):
    """A store's counter with its tablet. The tablet's key is the active device of the desk."""

    __tablename__ = "desk"
    __table_args__ = (
        CheckConstraint("wrong_codes >= 0 and wrong_codes <= 5", name="wrong_codes_in_range"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    wrong_codes: Mapped[int] = mapped_column(
        comment="wrong clerk codes since the last right one; five lock sign-in"
    )
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class KnownAddress(Base):
    """A real address near a site, offered while a clerk types.

    Loaded from a file; holds no personal data.
    """

    __tablename__ = "known_address"
    __table_args__ = (
        Index("ix_known_address_site_key", "site_id", "search_key"),
        Index("ix_known_address_site_postal_code", "site_id", "postal_code"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    search_key: Mapped[str] = mapped_column(comment="street in lower case without punctuation")
    street: Mapped[str]
    city: Mapped[str]
    postal_code: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
