"""Drivers at the console: who is on duty, with which phone, and ending a lost one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import queries as accounts
from app.accounts.queries import Driver, Person
from app.domain.errors import DomainError
from app.domain.run import RunStatus
from app.handoffs import phones
from app.runs import queries as runs
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.console import forms
from app.web.console.asking import Question, ask
from app.web.console.day import RUN_WORDS
from app.web.console.forms import Failed, submit
from app.web.console.frame import console, page
from app.web.console.present import notice, times_of
from app.web.console.scope import as_me, require_dispatcher
from app.web.limits import limited
from app.web.texts import gettext as _


@dataclass(frozen=True, slots=True)
class DriverRow:
    """One driver; `run_id`, `duty`, `phone` and `hub` are empty where there is none."""

    id: str
    name: str
    vehicle: str
    duty: str
    run_id: str
    run: str
    phone: str
    hub: str


def driver_rows(*, now: datetime) -> list[DriverRow]:
    """Return every driver, those on duty first, times by the clock of their place. Five queries."""
    found = accounts.all_drivers()
    ids = [person.id for person, _driver in found]
    in_use, held = accounts.active_phones(ids), runs.held_runs(ids)
    theirs = {site_id for _person, driver in found for site_id in _places_of(driver)}
    known, any_site = sites.sites_by_id(theirs), sites.first_site()
    rows: list[DriverRow] = []
    for person, driver in found:
        run, phone = held.get(person.id), in_use.get(person.id)
        here = next((known[each] for each in _places_of(driver) if each in known), any_site)
        times = times_of(here, now=now) if here is not None else None
        since = times.dated_clock(phone.created_at) if phone is not None and times else ""
        rows.append(
            DriverRow(
                id=person.id,
                name=person.name,
                vehicle=driver.vehicle,
                duty=_name(known, driver.duty_site_id) if driver.is_on_duty else "",
                run_id=run.id if run is not None else "",
                run=_(RUN_WORDS[RunStatus(run.status)]) if run is not None else "",
                phone=_("since {time}").format(time=since) if since else "",
                hub=_name(known, driver.hub_id),
            )
        )
    return rows


def _places_of(driver: Driver) -> list[str]:
    return [each for each in (driver.duty_site_id, driver.hub_id) if each]


def _name(known: Mapping[str, Site], site_id: str | None) -> str:
    return known[site_id].name if site_id is not None and site_id in known else ""


@console.get("/drivers")
@limited("page")
def drivers() -> ResponseReturnValue:
    require_dispatcher()
    return drivers_page()


def drivers_page(failed: Failed | None = None) -> str:
    """Render the list of drivers, with what was refused above it."""
    rows = driver_rows(now=clock.now())
    return page("drivers", rows=rows, failed=failed, done=notice(request.args.get("done")))


@console.get("/drivers/<driver_id>/phone")
@limited("page")
def ask_retire_phone(driver_id: str) -> ResponseReturnValue:
    require_dispatcher()
    return retire_page(require_driver(driver_id))


def require_driver(driver_id: str) -> Person:
    """Return a driver as a person.

    Raises:
        DomainError: `not_found`.
    """
    person = accounts.person(driver_id)
    if person is None or accounts.driver(driver_id) is None:
        raise DomainError("not_found")
    return person


def retire_page(person: Person, failed: Failed | None = None) -> str:
    """Ask whether a driver's phone shall end."""
    lines = (
        _("{name} is signed out on it at once, and its codes are refused."),
        _("A tablet without signal may still take its codes, for up to 24 hours."),
        _("Steps that are still on it can arrive later. They do not count until you look at them."),
        _("{name} goes on with the run on another phone, after signing in there."),
    )
    return ask(
        Question(
            title=_("End the phone of {name}?").format(name=person.name),
            lines=tuple(line.format(name=person.first_name) for line in lines),
            button=_("End the phone and sign out"),
            action=f"/console/drivers/{person.id}/phone",
            back="/console/drivers",
            back_words=_("All drivers"),
        ),
        failed,
    )


@console.post("/drivers/<driver_id>/phone")
@limited("command")
def retire_phone(driver_id: str) -> ResponseReturnValue:
    require_dispatcher()
    require_driver(driver_id)
    failed = submit(
        forms.ReasonForm,
        lambda form, now: phones.retire_phone(driver_id, reason=form.reason, act=as_me(now)),
    )
    if failed is None:
        return redirect("/console/drivers?done=phone_ended", 303)
    if failed.errors.get(""):
        return drivers_page(failed), 422
    return retire_page(require_driver(driver_id), failed), 422
