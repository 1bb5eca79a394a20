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
from app.domain.forming import FormingSite, OfferedRun, RunPlan
from app.domain.group_costs import WAITING_RUN_COST_S, Memory
from app.domain.regrouping import Proposer, Regrouping, Scope, regroup
from app.domain.travel import TravelTimes
from app.runs import forming, queries, roads
from app.sites import queries as sites

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A site's unclaimed runs at one instant, with nothing of the database left in it.

    Attributes:
        site_id: Of the site.
        site: Where its runs begin.
        runs: What they carry.
        versions: Of each run, to know later whether somebody changed it.
        waits: Whether runs wait for more orders here: what is not full yet may still fill.
    """

    site_id: str
    site: FormingSite
    runs: tuple[OfferedRun, ...]
    versions: Mapping[str, int]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """How many runs were planned anew, and whether some had to stay because they had changed."""

    run_count: int
    is_whole: bool


def look(site_id: str, *, now: datetime) -> Seen:
    """Read a site's unclaimed runs, without those that are to stay as they are."""
    offered = queries.offered_runs(site_id, now=now, limit=forming.RUNS_CONSIDERED, may_change=True)
    rows = [row for row in offered if forming.is_open(row)]
    carried = forming.waiting_in([row.id for row in rows])
    stores = sites.stores_by_id({each.store_id for each in carried})
    runs = tuple(
        OfferedRun(
            row.id,
            tuple(forming.open_delivery(each, stores) for each in carried if each.run_id == row.id),
        )
        for row in rows
    )
    return Seen(
        site_id=site_id,
        site=forming.forming_site(site_id),
        runs=tuple(run for run in runs if run.deliveries),
        versions={row.id: row.version for row in rows},
        waits=forming.waits_for_orders(site_id),
    )


def compute(seen: Seen, *, now: datetime) -> Regrouping:
    """Return what to change. Takes seconds, and asks a road engine; other requests go on."""
    doors, travel = [each.dropoff for run in seen.runs for each in run.deliveries], seen.site.travel
    roads.prepare(travel, [seen.site.parking, *doors], now)
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
    changed = _changed(seen, sorted(set(_touched(change, before))), before)
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


def _changed(seen: Seen, run_ids: Sequence[str], before: Mapping[str, str]) -> set[str]:
    """Return which runs are not any more what was seen; locks all of them, in order of their id."""
    rows = {run_id: queries.run(run_id, lock=True) for run_id in run_ids}
    carried = {each.id: each.run_id for each in forming.waiting_in(run_ids)}
    found: set[str] = set()
    for run_id, row in rows.items():
        was = {delivery_id for delivery_id, of_run in before.items() if of_run == run_id}
        now_has = {delivery_id for delivery_id, of_run in carried.items() if of_run == run_id}
        if (
            row is None
            or not forming.is_open(row)
            or row.version != seen.versions[run_id]
            or was != now_has
        ):
            found.add(run_id)
    return found


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
