"""Everything that was ever said about one delivery, read once for its page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.accounts import queries as accounts
from app.accounts.queries import Clerk, Device, Person
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery, Parcel
from app.domain.envelope import read_envelope
from app.domain.facts import Fact
from app.eventlog import queries as eventlog
from app.eventlog.queries import EventRow
from app.eventlog.service import facts_of
from app.handoffs import incidents
from app.handoffs import queries as handoffs
from app.handoffs.facts import facts_in, verdicts_in
from app.handoffs.incidents import Incident
from app.handoffs.queries import StatementResult, StatementRow
from app.runs import queries as runs
from app.runs.queries import Run
from app.sites import queries as sites
from app.sites.queries import Desk, Site, Store
from app.web.console.present import site_of, times_of
from app.web.formats import iso
from app.web.texts import gettext as _
from app.web.times import Times


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as people say it, and exactly."""

    words: str
    iso: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What devices have sent about a delivery.

    Attributes:
        statements: By event id.
        results: What became of each.
        held: Statements that wait for an earlier one of their device.
        devices: By key id.
        desks: By id.
    """

    statements: Mapping[str, StatementRow]
    results: Mapping[str, StatementResult]
    held: Sequence[StatementRow]
    devices: Mapping[int, Device]
    desks: Mapping[str, Desk]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A delivery with all its rows; `is_full` tells whether the reader may see full names."""

    row: Delivery
    store: Store
    site: Site
    run: Run | None
    parcels: Sequence[Parcel]
    events: Sequence[EventRow]
    stated: Mapping[str, Mapping[str, Any]]
    facts: Sequence[Fact]
    verdicts: Mapping[str, bool]
    sources: Sources
    incidents: Sequence[Incident]
    people: Mapping[str, Person]
    clerks: Mapping[str, Clerk]
    notes: Mapping[str, Mapping[str, Any]]
    times: Times
    is_full: bool

    def moment(self, instant: datetime) -> Moment:
        """Return an instant in the site's zone."""
        return Moment(self.times.dated_clock(instant), iso(instant))

    def person(self, person_id: str | None) -> str:
        """Return a person's name, the first name alone where no more is anybody's business."""
        found = self.people.get(person_id or "")
        if found is None:
            return _("Somebody")
        return found.name if self.is_full else found.first_name

    def actor(self, actor: str) -> str:
        """Return who did something: `driver:per_…` and so on, in words."""
        role, _colon, own_id = actor.partition(":")
        match role:
            case "driver":
                return _("{name}, driver").format(name=self.person(own_id))
            case "clerk":
                clerk = self.clerks.get(own_id)
                name = clerk.first_name if clerk is not None else _("Somebody")
                return _("{name}, {store}").format(name=name, store=self.store.name)
            case "person":
                return _("{name}, office").format(name=self.person(own_id))
            case "customer":
                return _("Customer")
            case "merchant":
                return _("Merchant")
            case _:
                return "Mallrun"

    def device(self, kid: int) -> str:
        """Return a device in words: "phone", or "tablet Main"."""
        device = self.sources.devices.get(kid)
        if device is None:
            return _("Unknown device")
        if device.kind == "phone":
            return _("phone")
        desk = self.sources.desks.get(device.desk_id or "")
        return _("tablet {desk}").format(desk=desk.name if desk is not None else "")


def dossier_of(row: Delivery, store: Store, *, is_full: bool, now: datetime) -> Dossier:
    """Read everything about a delivery. A fixed number of queries.

    Args:
        row: The delivery.
        store: Its store.
        is_full: The reader may see full names and what people wrote.
        now: The present, UTC.
    """
    events = eventlog.timeline(row.id)
    stated = {event.id: facts_of(event.record) for event in events}
    found = incidents.incidents_of(row.id)
    run = runs.run(row.run_id) if row.run_id else None
    parcels = deliveries.parcels(row.id)
    actors = {event.actor for event in events} | {each.decided_by or "" for each in found}
    named = {
        *_ids(actors, "driver", "person"),
        *(str(facts[key]) for facts in stated.values() for key in ("driver", "to") if key in facts),
        *(each for incident in found for each in incident.drivers.split(",")),
        *(parcel.holder_id for parcel in parcels if parcel.holder_kind == "driver"),
        *([run.driver_id] if run is not None and run.driver_id else []),
    }
    site, sources = site_of(store), _sources(row, stated.values(), named)
    clerks = _ids(actors, "clerk") | {actor_of(each) for each in sources.held}
    return Dossier(
        row=row,
        store=store,
        site=site,
        run=run,
        parcels=parcels,
        events=events,
        stated=stated,
        facts=facts_in(events),
        verdicts=verdicts_in(events),
        sources=sources,
        incidents=found,
        people=accounts.people_by_id(named),
        clerks=accounts.clerks_by_id(clerks),
        notes=eventlog.personal_values([event.id for event in events]) if is_full else {},
        times=times_of(site, now=now),
        is_full=is_full,
    )


def _ids(actors: Iterable[str], *roles: str) -> set[str]:
    parts = (actor.partition(":") for actor in actors)
    return {own_id for role, _colon, own_id in parts if role in roles}


def _sources(
    row: Delivery, stated: Collection[Mapping[str, Any]], named: Collection[str]
) -> Sources:
    event_ids = {str(facts["statement"]) for facts in stated if "statement" in facts}
    statements = handoffs.statements_by_id(event_ids)
    phones = accounts.active_phones(named).values()
    tablets = accounts.tablets_of_stores([row.store_id])
    kids = {each.device_kid for each in statements.values()}
    kids |= {each.kid for each in phones} | {each.kid for each in tablets}
    devices = accounts.devices_by_kid(kids)
    waiting = [each for each in handoffs.held_by(kids) if _is_about(each, row.handle)]
    return Sources(
        statements=statements | {each.event_id: each for each in waiting},
        results=handoffs.statement_results(event_ids),
        held=waiting,
        devices=devices,
        desks=sites.desks_by_id({each.desk_id for each in devices.values() if each.desk_id}),
    )


def actor_of(row: StatementRow) -> str:
    """Return the id of the person whom a statement names as its maker."""
    return read_envelope(row.envelope).statement.actor_id


def _is_about(row: StatementRow, handle: str) -> bool:
    return handle in read_envelope(row.envelope).statement.parcels


def listed(facts: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts among an event's facts; empty when there is none."""
    return [str(each) for each in cast("list[object]", facts.get(name) or [])]
