"""When drivers see a run: at once, or, where it waits for more orders, when its time has come.

`shown_at` is that time, and `offered_at` the same, so that whatever counts from the offer (askers
who are ranked, raises) counts from when drivers could see it. Whether they see it is asked of the
clock; the job at that time only tells them, and takes `shown_at` away. A job that was lost or a
server that was down hides nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.events import EventType
from app.domain.holding import FINDING, shown_at
from app.domain.run import RunStatus
from app.domain.run_plan import RunPlan
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.notify import pushes
from app.persistence.transaction import session
from app.runs import asks, queries
from app.runs.models import Run
from app.sites import queries as sites

SHOW: Final = "show_run"
LOOK: Final = "show_runs"
SHOW_ALL: Final = "show_all_runs"


def is_shown(run: Run, now: datetime) -> bool:
    """Tell whether drivers see a run on offer."""
    return run.shown_at is None or run.shown_at <= now


def wait_or_show(run: Run, plan: RunPlan, rows: Sequence[Delivery], *, now: datetime) -> timedelta:
    """Decide when drivers see a run that they do not see yet, and that was planned just now.

    A station's run is at the wave that it was given: its driver is told in time for that.

    Returns:
        How much later than planned it begins by that.
    """
    site = sites.site(run.site_id)
    at: datetime | None = None
    if site is not None and site.waits_for_orders:
        at = shown_at(plan, {row.id: row.window_until for row in rows}, now)
        if at is not None and run.wave_at is not None:
            at = min(at, run.wave_at - FINDING)
    if at is None or at <= now:
        run.shown_at, run.offered_at = None, now
        return timedelta(0)
    run.shown_at = run.offered_at = at
    # A run that fills is shown earlier than it was to be: each time has a job of its own.
    key = f"{SHOW}:{run.id}:{int(at.timestamp())}"
    enqueue(SHOW, {"run_id": run.id}, key=key, run_at=at, now=now)
    return max(timedelta(0), at + FINDING - plan.starts_at)


def show(run: Run, *, since: datetime, act: Act) -> None:
    """Let drivers see a run that is locked, and tell them."""
    run.shown_at, run.offered_at = None, since
    session().flush()
    pushes.run_on_offer(run.id, now=act.now)
    stops = len(queries.stops_of_run(run.id))
    rows = [row for row in deliveries.deliveries_of_run(run.id) if row.status != "cancelled"]
    record(
        [
            NewEvent(EventType.RUN_OFFERED, deliveries.subject(row), {"stops": stops})
            for row in rows
        ],
        act=act,
    )


def show_due(run_id: str, *, window: timedelta, now: datetime) -> bool:
    """Tell drivers of a run whose time has come; tell whether there was anything to tell.

    Called by a job, on time or late. Where askers were ranked already the offer keeps its begin.

    Args:
        run_id: The run.
        window: For how long askers are ranked by fit here.
        now: The present.
    """
    run = queries.run(run_id, lock=True)
    if run is None or run.status != RunStatus.OFFERED.value or run.window_until <= now:
        return False
    if run.shown_at is None or run.shown_at > now:
        return False
    is_late = now - run.shown_at > window and not asks.open_asks(run_id)
    show(run, since=now if is_late else run.shown_at, act=Act.of_system(now))
    return True


def ask_for_showings(*, now: datetime) -> int:
    """Ask to tell drivers of every run whose time has come and whose job was lost."""
    query = select(Run.id).where(Run.status == RunStatus.OFFERED.value, Run.shown_at <= now)
    run_ids = session().scalars(query).all()
    for run_id in run_ids:
        enqueue(SHOW, {"run_id": run_id}, key=f"{SHOW}:{run_id}", run_at=now, now=now)
    return len(run_ids)


def waiting_runs(site_id: str, *, now: datetime, limit: int) -> Sequence[str]:
    """Return ids of a site's runs that drivers do not see yet, in order, at most `limit`."""
    query = (
        select(Run.id)
        .where(Run.site_id == site_id, Run.status == RunStatus.OFFERED.value, Run.shown_at > now)
        .order_by(Run.id)
        .limit(limit)
    )
    return session().scalars(query).all()


def ask_to_stop_waiting(site_id: str, *, now: datetime) -> None:
    """Ask to show every run of a site: it waits for more orders no longer."""
    enqueue(SHOW_ALL, {"site_id": site_id}, key=f"{SHOW_ALL}:{site_id}", run_at=now, now=now)
