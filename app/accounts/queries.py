"""Reading people, roles, drivers, clerks, devices and sessions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Clerk, Device, Driver, LoginSession, Person, RoleGrant
from app.persistence.transaction import session


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


def live_session(token_hash: str) -> SessionView | None:
    """Return the session of a cookie's token hash unless it has ended.

    One query; idle time is the edge's to judge.
    """
    row = (
        session()
        .execute(
            select(LoginSession, Person.disabled_at, Clerk.disabled_at)
            .outerjoin(Person, Person.id == LoginSession.person_id)
            .outerjoin(Clerk, Clerk.id == LoginSession.clerk_id)
            .where(LoginSession.token_hash == token_hash, LoginSession.ended_at.is_(None))
        )
        .first()
    )
    if row is None:
        return None
    found: LoginSession = row[0]
    return SessionView(
        id=found.id,
        audience=found.audience,
        person_id=found.person_id,
        desk_id=found.desk_id,
        clerk_id=found.clerk_id,
        seen_at=found.seen_at,
        created_at=found.created_at,
        is_person_disabled=row[1] is not None or row[2] is not None,
    )


def is_session_live(session_id: str) -> bool:
    """Tell whether a session has not ended."""
    ended = (
        session()
        .execute(select(LoginSession.ended_at).where(LoginSession.id == session_id))
        .first()
    )
    return ended is not None and ended.ended_at is None


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


def driver(person_id: str) -> Driver | None:
    """Return a driver, or None."""
    return session().get(Driver, person_id)


def drivers_by_id(person_ids: Collection[str]) -> dict[str, Driver]:
    """Return `{person_id: driver}`. One query."""
    return {
        row.person_id: row
        for row in session().scalars(select(Driver).where(Driver.person_id.in_(person_ids)))
    }


def clerk(clerk_id: str) -> Clerk | None:
    """Return a clerk, or None."""
    return session().get(Clerk, clerk_id)


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


def active_phone(person_id: str) -> Device | None:
    """Return a driver's active phone, or None."""
    query = select(Device).where(
        Device.person_id == person_id, Device.kind == "phone", Device.retired_at.is_(None)
    )
    return session().scalars(query).first()


def active_phones(person_ids: Collection[str]) -> dict[str, int]:
    """Return `{person_id: kid}` of active phones. One query."""
    rows = session().execute(
        select(Device.person_id, Device.kid).where(
            Device.person_id.in_(person_ids), Device.kind == "phone", Device.retired_at.is_(None)
        )
    )
    return {row.person_id: row.kid for row in rows if row.person_id is not None}


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
