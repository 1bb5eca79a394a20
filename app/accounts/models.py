"""Tables of people, roles, sessions, drivers, clerks and signing devices."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.persistence.base import Base


class Person(Base):
    """Somebody who signs in by e-mail or phone.

    A driver, manager, merchant, dispatcher or admin. Never deleted, but disabled.
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    first_name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True, comment="lower case")
    phone: Mapped[str | None] = mapped_column(unique=True, comment="E.164")
    password_hash: Mapped[str | None] = mapped_column(
        comment="argon2id; null until the one-time link was used"
    )
    photo_key: Mapped[str | None] = mapped_column(comment="blob of the portrait")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(
        comment="of mails, such as es: the one in which they signed in last"
    )


class RoleGrant(Base):
    """One role of one person, everywhere or for one store, site or merchant.

    Deleted when it is taken away.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "scope_id"),
        CheckConstraint(
            "role in ('driver','manager','merchant','dispatcher','admin')", name="role_known"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    scope_id: Mapped[str] = mapped_column(comment="store, site or merchant id; empty: everywhere")


class Driver(Base):
    """A person who drives: approval, vehicle and the guarded counter of runs held now."""

    __tablename__ = "driver"
    __table_args__ = (
        CheckConstraint(
            "active_runs >= 0 and active_runs <= max_active_runs", name="active_runs_in_range"
        ),
        CheckConstraint("vehicle_class in ('bike','car','suv','van')", name="vehicle_class_known"),
        Index(
            "ix_driver_on_duty",
            "duty_site_id",
            sqlite_where=text("is_on_duty"),
            postgresql_where=text("is_on_duty"),
        ),
    )

    person_id: Mapped[str] = mapped_column(
        ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True
    )
    vehicle: Mapped[str] = mapped_column(comment="as customers read it: 'white Toyota Prius'")
    plate: Mapped[str]
    vehicle_class: Mapped[str] = mapped_column(
        default="car", server_default=text("'car'"), comment="bike | car | suv | van"
    )
    is_approved: Mapped[bool]
    is_on_duty: Mapped[bool]
    duty_site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id", ondelete="SET NULL"))
    duty_changed_at: Mapped[datetime | None]
    shift_until: Mapped[datetime | None] = mapped_column(
        comment="when the driver wants to be through; null: an open end"
    )
    active_runs: Mapped[int] = mapped_column(
        comment="runs held now; raised by the guarded claim only"
    )
    max_active_runs: Mapped[int]
    hub_id: Mapped[str | None] = mapped_column(
        # Added later in the one form that SQLite takes; it refuses as RESTRICT does.
        ForeignKey("site.id"),
        comment="the hub whose own driver this is: works there and nowhere else",
    )


class DutySpan(Base):
    """When a driver was on duty at a site; open while it lasts. Kept as the basis of guarantees."""

    __tablename__ = "duty_span"
    __table_args__ = (
        Index("ix_duty_span_driver", "driver_id", "started_at"),
        Index(
            "uq_duty_span_open",
            "driver_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    driver_id: Mapped[str] = mapped_column(ForeignKey("driver.person_id", ondelete="CASCADE"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Clerk(Base):
    """Somebody at a store's counter, known by a personal 6-digit code on that store's desks."""

    __tablename__ = "clerk"
    __table_args__ = (
        Index(
            "uq_clerk_store_code",
            "store_id",
            "code_hash",
            unique=True,
            sqlite_where=text("disabled_at is null"),
            postgresql_where=text("disabled_at is null"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True, comment="u32 in tokens")
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id", ondelete="CASCADE"))
    first_name: Mapped[str]
    code_hash: Mapped[str] = mapped_column(comment="scrypt under the store's secret salt, hex")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Device(Base):
    """A phone or desk with its own ES256 key.

    The public key stays for ever, so that old tokens can be checked.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'phone' and person_id is not null) or (kind = 'desk' and desk_id is not null)",
            name="kind_has_owner",
        ),
        Index(
            "uq_device_active_phone",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'phone' and retired_at is null"),
            postgresql_where=text("kind = 'phone' and retired_at is null"),
        ),
        Index(
            "uq_device_active_desk",
            "desk_id",
            unique=True,
            sqlite_where=text("kind = 'desk' and retired_at is null"),
            postgresql_where=text("kind = 'desk' and retired_at is null"),
        ),
    )

    kid: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="u32 key id in tokens"
    )
    kind: Mapped[str] = mapped_column(comment="phone | desk")
    public_key: Mapped[str] = mapped_column(comment="uncompressed P-256 point, 130 hex digits")
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    desk_id: Mapped[str | None] = mapped_column(ForeignKey("desk.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class DeskEnrolment(Base):
    """A one-time code that turns a tablet into a store's desk.

    Shown by a manager, good for 10 minutes.
    """

    __tablename__ = "desk_enrolment"

    code_hash: Mapped[str] = mapped_column(primary_key=True, comment="SHA-256 hex of the code")
    desk_id: Mapped[str] = mapped_column(ForeignKey("desk.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LoginSession(Base):
    """One sign-in: the cookie holds a random token, the row its hash.

    Ended rows stay as the access record for 90 days.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        CheckConstraint(
            "audience in ('driver','desk','clerk','console','merchant')", name="audience_known"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(
        unique=True, comment="SHA-256 hex of the cookie's token"
    )
    audience: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    desk_id: Mapped[str | None] = mapped_column(
        ForeignKey("desk.id", ondelete="CASCADE"), index=True
    )
    clerk_id: Mapped[str | None] = mapped_column(
        ForeignKey("clerk.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(comment="last act of the person, written in batches")
    ended_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link with which a person sets a password.

    The link holds a token, the row its hash.
    """

    __tablename__ = "sign_in_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key of a merchant's programs: shown once, kept as a hash.

    Never deleted: a revoked or expired one tells whose it was.
    """

    __tablename__ = "api_key"
    __table_args__ = (CheckConstraint("mode in ('live','test')", name="mode_known"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    merchant_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="RESTRICT"), index=True
    )
    acts_for_id: Mapped[str] = mapped_column(
        ForeignKey("merchant.id", ondelete="RESTRICT"),
        comment="whose data it sees: the merchant's own, or those of its test mall",
    )
    mode: Mapped[str]
    name: Mapped[str] = mapped_column(comment="as the merchant calls it")
    shown: Mapped[str] = mapped_column(comment="mp_live_<12>: the part that may be shown again")
    key_hash: Mapped[str] = mapped_column(unique=True, comment="SHA-256 hex of the key")
    scopes: Mapped[str] = mapped_column(comment="separated by spaces")
    networks: Mapped[str] = mapped_column(
        comment="from where it works, separated by spaces; empty: from everywhere"
    )
    created_at: Mapped[datetime]
    created_by_id: Mapped[str] = mapped_column(comment="the person who made it")
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None] = mapped_column(comment="last use, written in batches")
    successor_id: Mapped[str | None] = mapped_column(comment="the key that took its place")
