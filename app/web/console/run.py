"""One run as a dispatcher reads it: who has it, how far it is, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.delivery import WITH_STORE, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.run import HELD, ReleaseReason, RunStatus, StopKind, StopStatus
from app.domain.site import SiteKind, may_work
from app.domain.tracking_answer import Span
from app.runs import queries as runs
from app.runs.queries import Claim, Run, Stop
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.console.day import RUN_WORDS, DeliveryRow, delivery_rows, waiting_until
from app.web.console.dossier import Moment
from app.web.console.present import times_of
from app.web.console.why import WhyRow, why_rows
from app.web.formats import iso
from app.web.texts import N_
from app.web.texts import gettext as _
from app.web.times import Times

STOPS: Final = {
    StopKind.PICKUP: N_("Collect at {store}"),
    StopKind.DROPOFF: N_("Bring to {recipient}"),
    StopKind.RETURN: N_("Bring back to {store}"),
}
STOP_STATUSES: Final = {
    StopStatus.AHEAD: N_("Ahead"),
    StopStatus.ARRIVED: N_("Driver is there"),
    StopStatus.DONE: N_("Done"),
    StopStatus.SKIPPED: N_("Left out"),
}
ENDS: Final = {
    RunStatus.FINISHED.value: N_("Finished"),
    ReleaseReason.VEHICLE_PROBLEM.value: N_("Given back: the vehicle"),
    ReleaseReason.TOO_LONG_WAIT.value: N_("Given back: the wait was too long"),
    ReleaseReason.EMERGENCY.value: N_("Given back: an emergency"),
    ReleaseReason.MISTAKE.value: N_("Given back: taken by mistake"),
    ReleaseReason.OTHER.value: N_("Given back"),
    ReleaseReason.DISPATCHER.value: N_("Taken back by a dispatcher"),
    ReleaseReason.NO_PROGRESS.value: N_("Lapsed: it did not move"),
}


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop; `place` is empty for a door whose delivery has left the run."""

    number: int
    what: str
    status: str
    planned: Moment


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Who had the run, and how it ended; `end` is empty for who has it now."""

    driver: str
    since: Moment
    end: str


@dataclass(frozen=True, slots=True)
class FreeDriver:
    """Somebody who may be given the run."""

    id: str
    name: str
    vehicle: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its stops, deliveries and earlier drivers.

    Attributes:
        id: Of the run.
        title: Whose it is.
        site: Where it begins, with `site_id`.
        status: In words.
        tone: Its colour.
        window: When its customers expect it.
        vehicle: The driver's; empty without one.
        stops: In order.
        deliveries: Trouble first.
        claims: Oldest first.
        may_take_back: A driver has it, and something is still at a store.
        is_offered: It may be given to somebody.
        free: To whom.
        is_pinned: It stays as it is.
        waits: Until when it waits for more orders; None when drivers see it.
        why: Why its orders are together; empty once it is over.
    """

    id: str
    title: str
    site: str
    site_id: str
    status: str
    tone: str
    window: str
    vehicle: str
    stops: tuple[StopRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    claims: tuple[ClaimRow, ...]
    may_take_back: bool
    is_offered: bool
    free: tuple[FreeDriver, ...]
    is_pinned: bool
    waits: Moment | None
    why: tuple[WhyRow, ...]


def run_view(run_id: str, *, now: datetime) -> RunView:
    """Return a run's page. A fixed number of queries.

    Raises:
        DomainError: `not_found`.
    """
    run = runs.run(run_id)
    site = sites.site(run.site_id) if run is not None else None
    if run is None or site is None:
        raise DomainError("not_found")
    times, claims = times_of(site, now=now), runs.claims_of_run(run_id)
    rows = deliveries.deliveries_of_run(run_id)
    shown = delivery_rows(rows, times, now=now)
    status = RunStatus(run.status)
    names = {key: row.name for key, row in accounts.people_by_id(_drivers(run, claims)).items()}
    driver = accounts.driver(run.driver_id) if run.driver_id else None
    name = names.get(run.driver_id or "", "")
    waits = waiting_until(run, now=now)
    is_at_store = any(DeliveryStatus(row.status) in WITH_STORE for row in rows)
    return RunView(
        id=run.id,
        title=_title(name, is_waiting=waits is not None),
        site=site.name,
        site_id=site.id,
        status=_(RUN_WORDS[status]) if waits is None else _("Waits for more orders"),
        tone="go" if status in HELD else "neutral",
        window=times.dated_span(Span(run.window_from, run.window_until)),
        vehicle=driver.vehicle if driver is not None else "",
        stops=tuple(_stops(run_id, shown, times)),
        deliveries=tuple(shown),
        claims=tuple(_claim(row, names, times) for row in claims),
        may_take_back=status in HELD and is_at_store,
        is_offered=status is RunStatus.OFFERED and run.window_until > now,
        free=tuple(_free(site)) if status is RunStatus.OFFERED else (),
        is_pinned=run.pinned_at is not None and status is RunStatus.OFFERED,
        waits=Moment(times.dated_clock(waits), iso(waits)) if waits is not None else None,
        why=tuple(why_rows(run, now=now)) if status in HELD | {RunStatus.OFFERED} else (),
    )


def _title(driver: str, *, is_waiting: bool) -> str:
    if driver:
        return _("Run of {driver}").format(driver=driver)
    return _("Run that waits") if is_waiting else _("Run on offer")


def _drivers(run: Run, claims: Sequence[Claim]) -> set[str]:
    return {claim.driver_id for claim in claims} | ({run.driver_id} if run.driver_id else set())


def _stops(run_id: str, rows: Sequence[DeliveryRow], times: Times) -> list[StopRow]:
    stops = runs.stops_of_run(run_id)
    stores = sites.stores_by_id({stop.store_id for stop in stops if stop.store_id})
    recipients = {row.id: row.recipient for row in rows}
    return [
        StopRow(
            stop.number,
            _stop_words(stop, stores, recipients),
            _(STOP_STATUSES[StopStatus(stop.status)]),
            Moment(times.dated_clock(stop.planned_at), iso(stop.planned_at)),
        )
        for stop in stops
    ]


def _stop_words(stop: Stop, stores: Mapping[str, Store], recipients: Mapping[str, str]) -> str:
    if stop.delivery_id is not None and stop.delivery_id not in recipients:
        return _("A delivery that has left this run")
    store = stores[stop.store_id].name if stop.store_id else ""
    return _(STOPS[StopKind(stop.kind)]).format(
        store=store, recipient=recipients.get(stop.delivery_id or "", "")
    )


def _claim(row: Claim, names: Mapping[str, str], times: Times) -> ClaimRow:
    end = ""
    if row.ended_at is not None:
        words = _(ENDS.get(row.end_reason or "", ENDS[ReleaseReason.OTHER.value]))
        end = f"{words} ({times.dated_clock(row.ended_at)})"
    since = Moment(times.dated_clock(row.claimed_at), iso(row.claimed_at))
    return ClaimRow(names.get(row.driver_id, ""), since, end)


def _free(site: Site) -> list[FreeDriver]:
    return [
        FreeDriver(person.id, person.name, driver.vehicle)
        for person, driver in accounts.drivers_at(site.id)
        if driver.active_runs < driver.max_active_runs
        and may_work(driver.hub_id, site.id, SiteKind(site.kind))
    ]
