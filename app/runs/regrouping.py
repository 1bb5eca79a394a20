"""Putting a site's unclaimed runs together anew: look, compute without a lock, write what holds.

Drivers go on claiming and merchants cancelling while it computes. What was touched meanwhile stays
as it is, with everything that would have been exchanged with it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app import slow_calls
from app.deliveries import queries as deliveries
from app.domain.forming import RunPlan
from app.domain.group_costs import WAITING_RUN_COST_S, Memory
from app.domain.regrouping import Proposer, Regrouping, Scope, regroup
from app.domain.travel import TravelTimes
from app.runs import forming, looking, queries, roads
from app.runs.looking import Seen

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """How many runs were planned anew, and whether some had to stay because they had changed."""

    run_count: int
    is_whole: bool


def look(site_id: str, *, now: datetime) -> Seen:
    """Read a site's unclaimed runs, without those that are to stay as they are."""
    return looking.look(site_id, now=now)


def compute(seen: Seen, *, now: datetime) -> Regrouping:
    """Return what to change. Takes seconds, and asks a road engine; other requests go on."""
    travel = seen.site.travel
    roads.prepare(travel, seen.places, now)
    scope = Scope(Memory(WAITING_RUN_COST_S)) if seen.waits else None
    return slow_calls.run(regroup, seen.runs, seen.site, now, _proposers(travel), travel, scope)


def _proposers(travel: TravelTimes) -> list[Proposer]:
    """Return the solver, where there is one; the domain's own moves do without."""
    try:
        # Costs 25 MB and 0.2 s: only the process that works jobs pays.
        from app.runs.solving import propose  # noqa: PLC0415
    except ImportError:
        log.warning("no route solver here", exc_info=True)
        return []
    return [partial(propose, travel=travel)]


def write(seen: Seen, change: Regrouping, *, now: datetime) -> Written:
    """Write the part of a change whose runs and deliveries are still as they were seen."""
    before = {each.id: run.id for run in seen.runs for each in run.deliveries}
    changed = looking.changed(seen, set(_touched(change, before)))
    count = 0
    is_whole = True
    for plans, emptied in _parts(change, before):
        run_ids = {run_id for plan in plans for run_id in _runs_of(plan, before)} | set(emptied)
        if run_ids & changed:
            is_whole = False
            continue
        _write_part(seen.site_id, plans, emptied, now=now)
        count += len(plans)
    return Written(count, is_whole)


def _touched(change: Regrouping, before: Mapping[str, str]) -> Iterator[str]:
    for plan in change.plans:
        yield from _runs_of(plan, before)
    yield from change.emptied


def _runs_of(plan: RunPlan, before: Mapping[str, str]) -> set[str]:
    """Return the runs that a plan takes orders from or goes on under."""
    sources = {before[delivery_id] for delivery_id in plan.delivery_ids}
    return sources | ({plan.run_id} if plan.run_id else set())


def _parts(
    change: Regrouping, before: Mapping[str, str]
) -> Iterator[tuple[list[RunPlan], list[str]]]:
    """Yield the parts of a change that exchange nothing with each other."""
    left = list(change.plans)
    while left:
        part = [left.pop(0)]
        runs = _runs_of(part[0], before)
        joined = True
        while joined:
            more = [plan for plan in left if _runs_of(plan, before) & runs]
            joined = bool(more)
            part += more
            left = [plan for plan in left if plan not in more]
            runs = runs.union(*(_runs_of(plan, before) for plan in more))
        yield part, [run_id for run_id in change.emptied if run_id in runs]


def _write_part(
    site_id: str, plans: Sequence[RunPlan], emptied: Sequence[str], *, now: datetime
) -> None:
    for plan in plans:
        rows = deliveries.deliveries_by_id(list(plan.delivery_ids))
        run = queries.run(plan.run_id, lock=True) if plan.run_id else None
        forming.write_plan(
            plan, run, [rows[each] for each in plan.delivery_ids], site_id=site_id, now=now
        )
    for run_id in emptied:
        run = queries.run(run_id, lock=True)
        if run is not None:
            forming.plan_offer(run, [], now=now)
