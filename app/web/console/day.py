"""The day of one place: its runs and deliveries in words, trouble first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.accounts import queries as accounts
from app.deliveries import overview as deliveries
from app.deliveries import queries as delivery_queries
from app.deliveries import trouble as counts
from app.deliveries.queries import Delivery
from app.domain import trouble as rules
from app.domain.delivery import DeliveryStatus
from app.domain.run import HELD, RunStatus
from app.domain.tracking_answer import Span
from app.domain.trouble import Trouble
from app.runs import overview as runs
from app.runs import queries as run_queries
from app.runs import showing
from app.runs.queries import Run
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.console.present import times_of
from app.web.texts import N_, ngettext
from app.web.texts import gettext as _
from app.web.times import Times

RUN_WORDS: Final = {
    RunStatus.FORMING: N_("Being put together"),
    RunStatus.OFFERED: N_("On offer"),
    RunStatus.CLAIMED: N_("Claimed"),
    RunStatus.COLLECTING: N_("Collecting"),
    RunStatus.DELIVERING: N_("Delivering"),
    RunStatus.FINISHED: N_("Finished"),
    RunStatus.EXPIRED: N_("Expired"),
    RunStatus.CANCELLED: N_("Cancelled"),
}
DELIVERY_WORDS: Final = {
    DeliveryStatus.CREATED: N_("To pack"),
    DeliveryStatus.READY_FOR_PICKUP: N_("Packed"),
    DeliveryStatus.ENROUTE_TO_PICKUP: N_("Driver is coming"),
    DeliveryStatus.ARRIVED_AT_PICKUP: N_("Driver at the store"),
    DeliveryStatus.PICKED_UP: N_("Collected"),
    DeliveryStatus.ENROUTE_TO_DROPOFF: N_("On the way"),
    DeliveryStatus.ARRIVED_AT_DROPOFF: N_("At the door"),
    DeliveryStatus.DELIVERED: N_("Delivered"),
    DeliveryStatus.ENROUTE_TO_RETURN: N_("Coming back"),
    DeliveryStatus.ARRIVED_AT_RETURN: N_("Back at the store's counter"),
    DeliveryStatus.RETURNED: N_("Returned"),
    DeliveryStatus.CANCELLED: N_("Cancelled"),
    DeliveryStatus.LOST: N_("Lost"),
}
_HELD: Final = frozenset(status.value for status in HELD)
_OPEN: Final = _HELD | {RunStatus.OFFERED.value}

_TROUBLES: Final = {
    Trouble.HELD: N_("Held: two drivers have proof"),
    Trouble.ENDED_BADLY: N_("Ask the store what happens next"),
    Trouble.LATE: N_("Later than promised"),
    Trouble.AT_RISK: N_("Behind its plan, not yet later than promised"),
    Trouble.UNPROVED: N_("Less proof than the store wants"),
}


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run."""

    id: str
    window: str
    status: str
    tone: str
    driver: str
    stops: str
    parcels: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery; `trouble` says what needs a human, and is empty otherwise."""

    id: str
    window: str
    status: str
    tone: str
    trouble: str
    store: str
    recipient: str
    parcels: int
    merchant_ref: str


@dataclass(frozen=True, slots=True)
class SiteDay:
    """A site's day; `summary` says how much goes on.

    Attributes:
        troubles: How many deliveries need a human.
        unwanted: How many runs nobody takes though they were raised.
        is_cut: Whether there are more deliveries or runs than are listed.
    """

    site_id: str
    name: str
    summary: str
    runs: tuple[RunRow, ...]
    deliveries: tuple[DeliveryRow, ...]
    troubles: int
    unwanted: int
    is_cut: bool


def day_of(site: Site, *, now: datetime) -> SiteDay:
    """Return a site's runs and deliveries: all still open, and what ended today. Eight queries."""
    times, began_at = times_of(site, now=now), midnight(site.timezone, now)
    stores = {store.id: store for store in sites.stores_of_site(site.id)}
    rows = deliveries.deliveries_of_day(site.id, stores, since=began_at)
    run_rows = runs.runs_of_day(site.id, {row.run_id for row in rows if row.run_id})
    shown = delivery_rows(rows, times, now=now, stores=stores)
    # Counted by the database: there may be more than is listed.
    counted = counts.amounts({site.timezone: began_at}, now=now, site_id=site.id)
    amount = counted.get(site.id, counts.NOTHING)
    run_amount = runs.amounts(now=now, site_id=site.id).get(site.id, runs.NOTHING)
    return SiteDay(
        site_id=site.id,
        name=site.name,
        summary=summary_of(amount, run_amount),
        runs=tuple(_runs(run_rows, times, now=now)),
        deliveries=tuple(shown),
        troubles=amount.troubled,
        unwanted=run_amount.unwanted,
        is_cut=len(rows) >= deliveries.DELIVERIES_MAX or len(run_rows) >= runs.RUNS_MAX,
    )


def summary_of(amount: counts.Amount, run: runs.Amount) -> str:
    """Return "3 deliveries to bring · 1 run under way · 2 runs on offer", without what is none."""
    still_open, under_way, offered = amount.still_open, run.under_way, run.offered
    counted = (
        (
            still_open,
            ngettext("%(num)d delivery to bring", "%(num)d deliveries to bring", still_open),
        ),
        (under_way, ngettext("%(num)d run under way", "%(num)d runs under way", under_way)),
        (offered, ngettext("%(num)d run on offer", "%(num)d runs on offer", offered)),
    )
    return " · ".join(words for count, words in counted if count) or _("Nothing to bring")


def store_day(store: Store, site: Site, *, now: datetime) -> list[DeliveryRow]:
    """Return a store's deliveries of the day and all still open, trouble first. Three queries."""
    rows = deliveries.deliveries_of_store(store.id, since=midnight(site.timezone, now))
    return delivery_rows(rows, times_of(site, now=now), now=now)


def midnight(timezone: str, now: datetime) -> datetime:
    """Return when the present day began in a time zone."""
    local = now.astimezone(ZoneInfo(timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def delivery_rows(
    rows: Sequence[Delivery],
    times: Times,
    *,
    now: datetime,
    stores: Mapping[str, Store] | None = None,
) -> list[DeliveryRow]:
    """Return deliveries in words, trouble first, then those still open.

    Two queries; one where the stores are known already.
    """
    names = first_names(rows)
    known = stores if stores is not None else sites.stores_by_id({row.store_id for row in rows})
    open_first = sorted(rows, key=lambda row: row.ended_at is not None)
    shown = [
        delivery_row(row, known[row.store_id], names.get(row.id, ""), times, now=now)
        for row in open_first
    ]
    return sorted(shown, key=lambda row: not row.trouble)


def first_names(rows: Sequence[Delivery]) -> dict[str, str]:
    """Return `{delivery_id: first name}` of customers who are not forgotten. One query."""
    people = delivery_queries.recipients([row.id for row in rows])
    return {delivery_id: person.first_name for delivery_id, person in people.items()}


def _runs(rows: Sequence[Run], times: Times, *, now: datetime) -> list[RunRow]:
    drivers = accounts.people_by_id({row.driver_id for row in rows if row.driver_id})
    stops = run_queries.stops_of_runs([row.id for row in rows])
    return [
        RunRow(
            id=row.id,
            window=times.dated_span(Span(row.window_from, row.window_until)),
            status=_run_status(row, times, now=now),
            tone=_run_tone(row, now=now),
            driver=drivers[row.driver_id].name if row.driver_id in drivers else "",
            stops=_progress(
                sum(stop.status in {"done", "skipped"} for stop in stops[row.id]),
                len(stops[row.id]),
            ),
            parcels=row.parcel_count,
        )
        for row in sorted(
            rows, key=lambda row: (not hours_unwanted(row, now), row.status not in _OPEN)
        )
    ]


def hours_unwanted(row: Run, now: datetime) -> int:
    """Return for how many hours nobody has taken a run even for more money, else 0."""
    return rules.hours_unwanted(
        RunStatus(row.status),
        raises=row.raises,
        offered_at=row.offered_at or row.created_at,
        now=now,
    )


def _run_status(row: Run, times: Times, *, now: datetime) -> str:
    waits_until = waiting_until(row, now=now)
    if waits_until is not None:
        text = _("Waits for more orders until {time}")
        return text.format(time=times.dated_clock(waits_until))
    hours = hours_unwanted(row, now)
    return unwanted_text(hours) if hours else _(RUN_WORDS[RunStatus(row.status)])


def unwanted_text(hours: int) -> str:
    """Return for how long nobody has taken a run that was raised, in words."""
    text = ngettext("No driver for {n} hour, raised", "No driver for {n} hours, raised", hours)
    return text.format(n=hours)


def waiting_until(row: Run, *, now: datetime) -> datetime | None:
    """Return when drivers will see a run that waits for more orders; None when they do."""
    is_offered = row.status == RunStatus.OFFERED.value and row.window_until > now
    return None if not is_offered or showing.is_shown(row, now) else row.shown_at


def _run_tone(row: Run, *, now: datetime) -> str:
    if hours_unwanted(row, now):
        return "stop"
    return "go" if row.finished_at is None and row.driver_id else "neutral"


def _progress(done: int, total: int) -> str:
    text = ngettext("{done} of {n} stop", "{done} of {n} stops", total)
    return text.format(done=done, n=total)


def delivery_row(
    row: Delivery, store: Store, first_name: str, times: Times, *, now: datetime
) -> DeliveryRow:
    """Return one delivery in words, by the clock of its place."""
    status = DeliveryStatus(row.status)
    trouble = trouble_of(row, now=now)
    return DeliveryRow(
        id=row.id,
        window=times.dated_span(Span(row.window_from, row.told_until)),
        status=_(DELIVERY_WORDS[status]),
        tone=tone_of(status, trouble),
        trouble=trouble_text(trouble),
        store=store.name,
        recipient=recipient_of(row, first_name),
        parcels=row.parcel_count,
        merchant_ref=row.merchant_ref or "",
    )


def tone_of(status: DeliveryStatus, trouble: Trouble | None) -> str:
    """Return the colour of a delivery's status."""
    if trouble is not None:
        return "warn" if trouble is Trouble.AT_RISK else "stop"
    return "go" if status is DeliveryStatus.DELIVERED else "neutral"


def recipient_of(row: Delivery, first_name: str) -> str:
    """Return "Cleo, Chandler"; the city alone once the person was erased."""
    return ", ".join(part for part in (first_name, row.city) if part)


def trouble_of(row: Delivery, *, now: datetime) -> Trouble | None:
    """Return what about a delivery needs a human; None when nothing does.

    Late is measured by what was promised, at risk by what is planned (see `Delivery`).
    """
    return rules.trouble_of(
        DeliveryStatus(row.status),
        is_held=row.is_held,
        is_unproved=row.is_verification_pending,
        planned_until=row.window_until,
        told_until=row.told_until,
        now=now,
    )


def trouble_text(trouble: Trouble | None) -> str:
    """Return a trouble in words; empty for none."""
    return _(_TROUBLES[trouble]) if trouble is not None else ""
