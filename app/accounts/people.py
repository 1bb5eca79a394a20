"""Adding people and giving them roles."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, update

from app.accounts.models import Driver, DutySpan, Person, RoleGrant
from app.accounts.queries import driver as find_driver
from app.accounts.queries import open_span
from app.accounts.sessions import end_sessions
from app.domain.errors import DomainError
from app.domain.site import SiteKind, may_work
from app.domain.vehicle import VehicleClass
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session
from app.sites import queries as sites

#: A driver carries one run at a time unless a dispatcher allows more.
MAX_ACTIVE_RUNS = 1


@dataclass(frozen=True, slots=True)
class Shift:
    """Until when somebody drives (None: an open end), and with what (None: as before)."""

    until: datetime | None = None
    vehicle: VehicleClass | None = None


OPEN_END: Final = Shift()
_DRIVER: Final = table_of(Driver)
_TAKE_SLOT: Final = (
    update(_DRIVER)
    .where(
        _DRIVER.c.person_id == bindparam("taker"),
        _DRIVER.c.is_on_duty,
        _DRIVER.c.is_approved,
        _DRIVER.c.active_runs < _DRIVER.c.max_active_runs,
    )
    .values(active_runs=_DRIVER.c.active_runs + 1)
    .returning(_DRIVER.c.hub_id)
)


class RunSlot(NamedTuple):
    """A place for one more run, taken by a driver; `hub_id` is the hub whose own driver it is."""

    hub_id: str | None


def add_person(
    name: str,
    *,
    email: str | None,
    phone: str | None,
    now: datetime,
    password_hash: str | None = None,
    photo_key: str | None = None,
) -> Person:
    """Add a person; without a password they need a one-time link."""
    row = Person(
        id=new_id("per"),
        name=name,
        first_name=name.split(maxsplit=1)[0],
        email=email.strip().lower() if email else None,
        phone=phone,
        password_hash=password_hash,
        photo_key=photo_key,
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row


def note_language(person_id: str, language: str) -> None:
    """Note in which language somebody reads; nothing is written where that is known."""
    is_other = (Person.language != language) | Person.language.is_(None)
    session().execute(
        update(Person).where(Person.id == person_id, is_other).values(language=language)
    )


def grant_role(person_id: str, role: str, scope_id: str = "") -> None:
    """Give a person a role, everywhere or for one store, site or merchant."""
    session().add(RoleGrant(id=new_id("rol"), person_id=person_id, role=role, scope_id=scope_id))
    session().flush()


def take_role(person_id: str, role: str, scope_id: str) -> None:
    """Take a role of a person away; nothing happens when they lack it."""
    session().execute(
        delete(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            RoleGrant.scope_id == scope_id,
        )
    )


def add_driver(person_id: str, *, vehicle: str, plate: str, is_approved: bool) -> Driver:
    """Make a person a driver."""
    row = Driver(
        person_id=person_id,
        vehicle=vehicle,
        plate=plate,
        is_approved=is_approved,
        is_on_duty=False,
        active_runs=0,
        max_active_runs=MAX_ACTIVE_RUNS,
    )
    session().add(row)
    session().flush()
    grant_role(person_id, "driver")
    return row


def set_duty(
    person_id: str,
    *,
    is_on_duty: bool,
    site_id: str | None,
    now: datetime,
    shift: Shift = OPEN_END,
) -> None:
    """Put a driver on duty at a site, or off duty.

    Raises:
        DomainError: `driver_not_approved`; `run_busy` when going off duty with a run;
            `hub_drivers_only` at another's hub, or elsewhere for a hub's own driver.
    """
    row = require_driver(person_id)
    if is_on_duty and not row.is_approved:
        raise DomainError("driver_not_approved")
    if not is_on_duty and row.active_runs:
        raise DomainError("run_busy")
    if is_on_duty and not _may_work_at(row, site_id):
        raise DomainError("hub_drivers_only")
    _note_duty(row, site_id if is_on_duty else None, now=now)
    row.is_on_duty = is_on_duty
    row.duty_site_id = site_id if is_on_duty else None
    row.duty_changed_at = now
    set_shift(person_id, shift, now=now)


def _note_duty(row: Driver, site_id: str | None, *, now: datetime) -> None:
    """End the span of duty that is open, unless it goes on, and begin the next."""
    span = open_span(row.person_id)
    if span is not None and span.site_id == site_id:
        return
    if span is not None:
        span.ended_at = now
        session().flush()
    if site_id is not None:
        session().add(
            DutySpan(id=new_id("dty"), driver_id=row.person_id, site_id=site_id, started_at=now)
        )


def set_shift(person_id: str, shift: Shift, *, now: datetime) -> None:
    """Change until when a driver drives today, and with what.

    Raises:
        DomainError: `shift_past` for an end that is over.
    """
    if shift.until is not None and shift.until <= now:
        raise DomainError("shift_past")
    row = require_driver(person_id)
    row.shift_until = shift.until if row.is_on_duty else None
    if shift.vehicle is not None:
        row.vehicle_class = shift.vehicle.value
    session().flush()


def lock_driver(person_id: str) -> Driver:
    """Return a driver, locked against other writers.

    Raises:
        DomainError: `not_found`.
    """
    row = session().get(Driver, person_id, with_for_update=True)
    if row is None:
        raise DomainError("not_found")
    return row


def _may_work_at(row: Driver, site_id: str | None) -> bool:
    site = sites.site(site_id) if site_id else None
    return site is None or may_work(row.hub_id, site.id, SiteKind(site.kind))


def attach_to_hub(person_id: str, hub_id: str | None) -> None:
    """Make a driver one of a hub's own, or nobody's.

    Raises:
        DomainError: `not_found` also for a site that is no hub; `driver_not_free` with a run.
    """
    row = require_driver(person_id)
    site = sites.site(hub_id) if hub_id else None
    if hub_id and (site is None or site.kind != SiteKind.HUB.value):
        raise DomainError("not_found")
    if row.active_runs:
        raise DomainError("driver_not_free")
    row.hub_id = hub_id
    if row.is_on_duty and not _may_work_at(row, row.duty_site_id):
        row.is_on_duty = False
        row.duty_site_id = None
    session().flush()


def require_driver(person_id: str) -> Driver:
    """Return a driver.

    Raises:
        DomainError: `not_found`.
    """
    row = find_driver(person_id)
    if row is None:
        raise DomainError("not_found")
    return row


def require_person(person_id: str) -> Person:
    """Return a person.

    Raises:
        DomainError: `not_found`.
    """
    row = session().get(Person, person_id)
    if row is None:
        raise DomainError("not_found")
    return row


def take_run_slot(person_id: str) -> RunSlot | None:
    """Count one more run for a driver on duty; None when the limit is reached.

    A guarded counter instead of counting rows: ten parallel claims of one driver would all pass a
    COUNT.
    """
    taken = execute(_TAKE_SLOT, {"taker": person_id}).first()
    return RunSlot(*taken) if taken is not None else None


def add_run_slot(person_id: str) -> None:
    """Count the run of a driver who holds none; duty is not asked, for custody is a fact."""
    session().execute(
        update(Driver)
        .where(Driver.person_id == person_id)
        .values(active_runs=Driver.active_runs + 1)
        .execution_options(synchronize_session=False)
    )


def give_back_run_slot(person_id: str) -> None:
    """Count one run less for a driver."""
    session().execute(
        update(Driver)
        .where(Driver.person_id == person_id, Driver.active_runs > 0)
        .values(active_runs=Driver.active_runs - 1)
        .execution_options(synchronize_session=False)
    )


def disable_person(person_id: str, *, now: datetime) -> None:
    """Take all access from a person; sessions end and sockets close.

    Raises:
        DomainError: `not_found`.
    """
    row = session().get(Person, person_id)
    if row is None:
        raise DomainError("not_found")
    row.disabled_at = now
    end_sessions(now=now, person_id=person_id)
    session().flush()
