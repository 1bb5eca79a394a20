"""Claims without progress: the driver is warned, and after the grace the run is on offer again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.geo import Point
from app.domain.lapse import GRACE, KEEPS_MAX, STILL_FOR, Verdict, Watched, verdict
from app.domain.push import PushKind
from app.domain.run import ReleaseReason, RunStatus
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.notify import pushes
from app.persistence.transaction import session
from app.runs import claims, queries
from app.runs.models import Claim, Run
from app.sites import queries as sites
from app.tracking import positions

WATCH: Final = "watch_claim"


def ask_for_looks(*, now: datetime) -> int:
    """Ask for a look at every claim that could lapse by now, each in a job of its own."""
    query = select(Run.id).where(
        Run.status == RunStatus.CLAIMED.value, Run.claimed_at <= now - STILL_FOR
    )
    run_ids = session().scalars(query).all()
    for run_id in run_ids:
        enqueue(WATCH, {"run_id": run_id}, key=f"{WATCH}:{run_id}", run_at=now, now=now)
    return len(run_ids)


def watch(run_id: str, *, now: datetime) -> Verdict:
    """Look at one claim and do what is due; looked at twice, nothing happens twice.

    The run is locked first, as by everybody who moves it: of a lapse and an arrival in one instant
    one sees the other.
    """
    run = queries.run(run_id, lock=True)
    claim = queries.live_claim(run_id)
    if run is None or claim is None or run.status != RunStatus.CLAIMED.value:
        return Verdict.LEAVE
    due = _verdict(run, claim, now=now)
    act = Act.of_system(now)
    match due:
        case Verdict.WARN:
            claim.lapses_at = now + GRACE
            _tell(run, claim, act=act)
            pushes.tell(PushKind.CLAIM_LAPSES, [claim.driver_id], run_id, now=now)
        case Verdict.CLEAR:
            claim.lapses_at = None
        case Verdict.LAPSE:
            claims.give_up(
                run, driver_id=claim.driver_id, reason=ReleaseReason.NO_PROGRESS, note="", act=act
            )
        case _:
            pass
    session().flush()
    return due


def _verdict(run: Run, claim: Claim, *, now: datetime) -> Verdict:
    stops = queries.stops_of_run(run.id)
    site = sites.site(run.site_id)
    if site is None or not stops or any(stop.arrived_at is not None for stop in stops):
        # At a counter a driver waits for the store, not the store for him.
        return Verdict.CLEAR if claim.lapses_at is not None else Verdict.LEAVE
    watched = Watched(
        claimed_at=claim.claimed_at,
        first_stop_at=min(stop.planned_at for stop in stops),
        kept_at=claim.kept_at,
        lapses_at=claim.lapses_at,
        site=Point(site.lat, site.lon),
        fixes=positions.stored_since(claim.driver_id, claim.claimed_at),
    )
    return verdict(watched, now)


def _tell(run: Run, claim: Claim, *, act: Act) -> None:
    """Note the warning for each delivery; a phone in front hears of it by its socket."""
    rows = [row for row in deliveries.deliveries_of_run(run.id) if row.status != "cancelled"]
    facts = {"driver": claim.driver_id}
    record(
        [
            NewEvent(
                EventType.RUN_WARNED, deliveries.subject(row, driver_id=claim.driver_id), facts
            )
            for row in rows
        ],
        act=act,
    )


def keep(run_id: str, *, driver_id: str, act: Act) -> None:
    """Take a driver's word that he is on his way: the warning goes, and the time begins again.

    Raises:
        DomainError: `not_found`, `run_reassigned`; `claim_kept_before` when it was said too often.
    """
    claims.require_held(run_id, driver_id)
    claim = queries.live_claim(run_id)
    if claim is None or claim.lapses_at is None:
        return
    if claim.kept_count >= KEEPS_MAX:
        raise DomainError("claim_kept_before")
    claim.kept_at = act.now
    claim.kept_count += 1
    claim.lapses_at = None
    session().flush()


def lapsed_lately(driver_id: str, *, since: datetime) -> Claim | None:
    """Return the driver's newest claim if it lapsed since an instant, else None."""
    query = (
        select(Claim).where(Claim.driver_id == driver_id).order_by(Claim.claimed_at.desc()).limit(1)
    )
    newest: Sequence[Claim] = session().scalars(query).all()
    for claim in newest:
        if claim.end_reason == ReleaseReason.NO_PROGRESS.value and claim.ended_at is not None:
            return claim if claim.ended_at >= since else None
    return None
