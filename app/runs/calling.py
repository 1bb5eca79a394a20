"""Whom a run on offer is for, so that a phone in a pocket hears of it."""

from datetime import datetime

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.fit import misfits
from app.domain.run import RunStatus
from app.runs import learning, offering, queries, showing
from app.runs.queries import Run
from app.sites import queries as sites


def open_run(run_id: str, *, now: datetime) -> Run | None:
    """Return a run that drivers see and may claim now, or None."""
    run = queries.run(run_id)
    if run is None or run.status != RunStatus.OFFERED.value or run.window_until <= now:
        return None
    return run if showing.is_shown(run, now) else None


def waiting_for(run_id: str, *, now: datetime) -> list[str]:
    """Return the drivers on duty without a run whom a run on offer fits, by name.

    Not those who have given it back: they have seen it.
    """
    run = open_run(run_id, now=now)
    site = sites.site(run.site_id) if run is not None else None
    if run is None or site is None:
        return []
    had_it = {each.driver_id for each in queries.claims_of_run(run_id)}
    rows = {row.id: row for row in deliveries.deliveries_of_run(run_id)}
    times = learning.pace_of(site).times
    need = offering.need_of(run, queries.stops_of_run(run_id), rows, times)
    return [
        each.person_id
        for _person, each in accounts.drivers_at(site.id)
        if is_free(each.active_runs, each.max_active_runs)
        and each.person_id not in had_it
        and not misfits(need, offering.candidate(each, offering.Away(None), now), now)
    ]


def is_free(active_runs: int, max_active_runs: int) -> bool:
    """Tell whether a driver may take a run beside those that he has."""
    return active_runs < max_active_runs
