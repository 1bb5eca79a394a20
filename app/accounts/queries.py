"""Reading people, roles, drivers, clerks, devices and sessions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, or_, select

from app.accounts.models import (
    Clerk,
    Device,
    Driver,
    DutySpan,
    LoginSession,
    Person,
    RoleGrant,
)
from app.domain.block import Hours
from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.sites.queries import Desk


@dataclass(frozen=True, slots=True)
class SessionView:
    """A live sign-in with what every request must know of it. One row read, one object."""

    id: str
    audience: str
    person_id: str | None
    desk_id: str | None
    clerk_id: str | None
    seen_at: datetime
    created_at: datetime
    is_person_disabled: bool


class DriverAtWork(NamedTuple):
    """A driver as a person, with the key of their phone; None before enrolment."""

    person: Person
    driver: Driver
    phone_kid: int | None


class Tablet(NamedTuple):
    """A store's enrolled tablet and its public key."""

    store_id: str
    kid: int
    public_key: str
    desk_name: str


_SESSION: Final = table_of(LoginSession)
_PERSON: Final = table_of(Person)
_DRIVER: Final = table_of(Driver)
_SHIFTS: Final = select(_DRIVER.c.duty_site_id, _DRIVER.c.person_id, _DRIVER.c.shift_until).where(
    _DRIVER.c.is_on_duty,
    _DRIVER.c.is_approved,
    _DRIVER.c.duty_site_id.in_(bindparam("at", expanding=True)),
)
_CLERK: Final = table_of(Clerk)
_DESK: Final = table_of(Desk)
_DEVICE: Final = table_of(Device)
#: Asked at every request; the columns are the fields of SessionView, in order.
_LIVE_SESSION: Final = (
    select(
        _SESSION.c.id,
        _SESSION.c.audience,
        _SESSION.c.person_id,
        _SESSION.c.desk_id,
        _SESSION.c.clerk_id,
        _SESSION.c.seen_at,
        _SESSION.c.created_at,
        or_(_PERSON.c.disabled_at.is_not(None), _CLERK.c.disabled_at.is_not(None)),
    )
    .outerjoin(_PERSON, _PERSON.c.id == _SESSION.c.person_id)
    .outerjoin(_CLERK, _CLERK.c.id == _SESSION.c.clerk_id)
    .where(_SESSION.c.token_hash == bindparam("wanted"), _SESSION.c.ended_at.is_(None))
)
_DRIVER_AT_WORK: Final = (
    select(Person, Driver, Device.kid)
    .join(Driver, Driver.person_id == Person.id)
    .outerjoin(
        Device,
        (Device.person_id == Person.id) & (Device.kind == "phone") & Device.retired_at.is_(None),
    )
    .where(Person.id == bindparam("wanted"))
)
_TABLETS: Final = (
    select(_DESK.c.store_id, _DEVICE.c.kid, _DEVICE.c.public_key, _DESK.c.name)
    .join(_DEVICE, _DEVICE.c.desk_id == _DESK.c.id)
    .where(
        _DESK.c.store_id.in_(bindparam("wanted", expanding=True)),
        _DESK.c.removed_at.is_(None),
        _DEVICE.c.kind == "desk",
        _DEVICE.c.retired_at.is_(None),
    )
    .order_by(_DEVICE.c.kid)
)


def live_session(token_hash: str) -> SessionView | None:
    """Return the session of a cookie's token hash unless it has ended.

    One query; idle time is the edge's to judge.
    """
    found = execute(_LIVE_SESSION, {"wanted": token_hash}).first()
    return SessionView(*found) if found is not None else None


def is_session_live(session_id: str) -> bool:
    """Tell whether a session has not ended."""
    ended = (
        session()
        .execute(select(LoginSession.ended_at).where(LoginSession.id == session_id))
        .first()
    )
    return ended is not None and ended.ended_at is None


def live_session_ids(session_ids: Collection[str]) -> set[str]:
    """Return which of these sessions have not ended. One query."""
    rows = session().scalars(
        select(LoginSession.id).where(
            LoginSession.id.in_(session_ids), LoginSession.ended_at.is_(None)
        )
    )
    return set(rows)


def person(person_id: str) -> Person | None:
    """Return a person, or None."""
    return session().get(Person, person_id)


def people_by_id(person_ids: Collection[str]) -> dict[str, Person]:
    """Return `{person_id: person}`. One query."""
    return {
        row.id: row for row in session().scalars(select(Person).where(Person.id.in_(person_ids)))
    }


def person_by_login(login: str) -> Person | None:
    """Return the enabled person with this e-mail address or phone number, or None."""
    key = login.strip().lower()
    query = select(Person).where(
        (Person.email == key) | (Person.phone == key), Person.disabled_at.is_(None)
    )
    return session().scalars(query).first()


def roles_of(person_id: str) -> frozenset[tuple[str, str]]:
    """Return a person's roles as `(role, scope_id)`; an empty scope means everywhere."""
    rows = session().execute(
        select(RoleGrant.role, RoleGrant.scope_id).where(RoleGrant.person_id == person_id)
    )
    return frozenset((row.role, row.scope_id) for row in rows)


def people_with_role(role: str, scope_id: str) -> Sequence[Person]:
    """Return who has a role for a store, site or merchant and may sign in, by name."""
    query = (
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == role, RoleGrant.scope_id == scope_id, Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return session().scalars(query).all()


def driver(person_id: str) -> Driver | None:
    """Return a driver, or None."""
    return session().get(Driver, person_id)


def open_span(driver_id: str) -> DutySpan | None:
    """Return the span of duty that a driver is in, or None."""
    query = select(DutySpan).where(DutySpan.driver_id == driver_id, DutySpan.ended_at.is_(None))
    return session().scalars(query).first()


def duty_spans(driver_id: str, site_id: str, *, within: Hours, now: datetime) -> list[Hours]:
    """Return when a driver was on duty at a site, as far as it touches some hours, oldest first."""
    query = (
        select(DutySpan)
        .where(
            DutySpan.driver_id == driver_id,
            DutySpan.site_id == site_id,
            DutySpan.started_at < within.ends_at,
            or_(DutySpan.ended_at.is_(None), DutySpan.ended_at > within.starts_at),
        )
        .order_by(DutySpan.started_at)
    )
    return [Hours(row.started_at, row.ended_at or now) for row in session().scalars(query)]


def hub_of(person_id: str) -> str | None:
    """Return the hub whose own driver somebody is, or None."""
    return session().scalar(select(Driver.hub_id).where(Driver.person_id == person_id))


def driver_at_work(person_id: str) -> DriverAtWork | None:
    """Return a driver as a person with their active phone, or None. One query."""
    found = session().execute(_DRIVER_AT_WORK, {"wanted": person_id}).first()
    return DriverAtWork(*found) if found is not None else None


def drivers_by_id(person_ids: Collection[str]) -> dict[str, Driver]:
    """Return `{person_id: driver}`. One query."""
    return {
        row.person_id: row
        for row in session().scalars(select(Driver).where(Driver.person_id.in_(person_ids)))
    }


def all_drivers() -> Sequence[tuple[Person, Driver]]:
    """Return every driver who may sign in, those on duty first, by name. One query."""
    query = (
        select(Person, Driver)
        .join(Driver, Driver.person_id == Person.id)
        .where(Person.disabled_at.is_(None))
        .order_by(Driver.is_on_duty.desc(), Person.name)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def drivers_at(site_id: str) -> Sequence[tuple[Person, Driver]]:
    """Return the approved drivers on duty at a site, by name. One query."""
    query = (
        select(Person, Driver)
        .join(Driver, Driver.person_id == Person.id)
        .where(Driver.is_on_duty, Driver.is_approved, Driver.duty_site_id == site_id)
        .order_by(Person.name)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def shifts_at(site_ids: Collection[str]) -> dict[str, dict[str, datetime | None]]:
    """Return `{site_id: {driver_id: end of the shift or None}}` of those on duty. One query."""
    found: dict[str, dict[str, datetime | None]] = {site_id: {} for site_id in site_ids}
    for row in execute(_SHIFTS, {"at": list(site_ids)}):
        found[row.duty_site_id][row.person_id] = row.shift_until
    return found


def clerk(clerk_id: str) -> Clerk | None:
    """Return a clerk, or None."""
    return session().get(Clerk, clerk_id)


def clerks_by_id(clerk_ids: Collection[str]) -> dict[str, Clerk]:
    """Return `{clerk_id: clerk}`, removed ones too. One query."""
    rows = session().scalars(select(Clerk).where(Clerk.id.in_(clerk_ids)))
    return {row.id: row for row in rows}


def clerk_numbered(number: int) -> Clerk | None:
    """Return the clerk whom release codes name by a number, or None."""
    return session().scalars(select(Clerk).where(Clerk.number == number)).first()


def clerks_of_store(store_id: str) -> Sequence[Clerk]:
    """Return a store's clerks who may sign in, by name."""
    query = (
        select(Clerk)
        .where(Clerk.store_id == store_id, Clerk.disabled_at.is_(None))
        .order_by(Clerk.first_name)
    )
    return session().scalars(query).all()


def clerk_by_code(store_id: str, code_hash: str) -> Clerk | None:
    """Return the store's clerk whose code has this hash, or None."""
    query = select(Clerk).where(
        Clerk.store_id == store_id, Clerk.code_hash == code_hash, Clerk.disabled_at.is_(None)
    )
    return session().scalars(query).first()


def device(kid: int) -> Device | None:
    """Return a device by key id, retired ones too, or None."""
    return session().get(Device, kid)


def devices_by_kid(kids: Collection[int]) -> dict[int, Device]:
    """Return `{key id: device}`, retired ones too. One query."""
    return {row.kid: row for row in session().scalars(select(Device).where(Device.kid.in_(kids)))}


def device_keys(kids: Collection[int]) -> dict[int, str]:
    """Return `{key id: public key in hex}` of devices, retired ones too. One query."""
    query = select(Device.kid, Device.public_key).where(Device.kid.in_(kids))
    return {row.kid: row.public_key for row in session().execute(query)}


def active_phone(person_id: str) -> Device | None:
    """Return a driver's active phone, or None."""
    query = select(Device).where(
        Device.person_id == person_id, Device.kind == "phone", Device.retired_at.is_(None)
    )
    return session().scalars(query).first()


def active_phones(person_ids: Collection[str]) -> dict[str, Device]:
    """Return `{person_id: device}` of active phones. One query."""
    rows = session().scalars(
        select(Device).where(
            Device.person_id.in_(person_ids), Device.kind == "phone", Device.retired_at.is_(None)
        )
    )
    return {row.person_id: row for row in rows if row.person_id is not None}


def active_desk_device(desk_id: str) -> Device | None:
    """Return a desk's active tablet, or None."""
    query = select(Device).where(
        Device.desk_id == desk_id, Device.kind == "desk", Device.retired_at.is_(None)
    )
    return session().scalars(query).first()


def active_desk_devices(desk_ids: Collection[str]) -> dict[str, Device]:
    """Return `{desk_id: device}` of enrolled tablets. One query."""
    rows = session().scalars(
        select(Device).where(
            Device.desk_id.in_(desk_ids), Device.kind == "desk", Device.retired_at.is_(None)
        )
    )
    return {row.desk_id: row for row in rows if row.desk_id is not None}


def tablets_of_stores(store_ids: Collection[str]) -> list[Tablet]:
    """Return the enrolled tablets of stores' desks in use, by key id. One query."""
    return [Tablet(*row) for row in execute(_TABLETS, {"wanted": list(store_ids)})]
