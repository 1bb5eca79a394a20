"""Putting open deliveries of one site together into runs.

Here is the rule that gives each new order a place at once; `regrouping` looks at the whole later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.domain.geo import distance_m
from app.domain.run_plan import FormingSite, OpenDelivery, PlannedStop, RunPlan
from app.domain.sequencing import plan_run
from app.domain.travel import TravelTimes, estimate
from app.domain.vehicle import LARGEST_L
from app.domain.visiting import EXACT_MAX

__all__ = [
    "COMMON_WINDOW_MIN",
    "ORDERS_MAX",
    "Former",
    "FormingSite",
    "OfferedRun",
    "OpenDelivery",
    "PlannedStop",
    "RunPlan",
    "form",
    "may_travel_together",
    "plan_run",
]

#: A run carries at most this many orders: as many as are sequenced exactly, and a list that a
#: driver can hold in the head. Against six, 200 orders of one mall cost 13 % less work.
ORDERS_MAX: Final = EXACT_MAX
#: Orders travel together when all their windows share at least this long.
COMMON_WINDOW_MIN: Final = timedelta(minutes=30)
#: Runs that are planned with a new order to see which grows least: those with the nearest doors.
#: Planning takes a few milliseconds, and all of it happens while others wait to write.
RUNS_TRIED: Final = 6


@dataclass(frozen=True, slots=True)
class OfferedRun:
    """A run on offer that nobody has claimed, with what it carries now (at least one delivery)."""

    id: str
    deliveries: tuple[OpenDelivery, ...]


class Former(Protocol):
    """Something that finds open deliveries a place at once. `form` is the built-in one.

    Whatever it does: every open delivery is in exactly one of the returned plans, a plan with a
    `run_id` carries all that the run carried before, and the same input gives the same answer.
    """

    def __call__(
        self,
        open_deliveries: Sequence[OpenDelivery],
        offered: Sequence[OfferedRun],
        site: FormingSite,
        now: datetime,
        travel: TravelTimes = estimate,
    ) -> tuple[RunPlan, ...]:
        """Return the plans of all runs that are new or changed."""
        ...


@dataclass(frozen=True, slots=True)
class _Planning:
    """What every plan of one forming has in common."""

    site: FormingSite
    now: datetime
    travel: TravelTimes

    def plan(self, deliveries: Sequence[OpenDelivery], run_id: str | None) -> RunPlan:
        """Plan one run."""
        return plan_run(deliveries, self.site, self.now, run_id, self.travel)


class _Group:
    """A run while it is being put together."""

    def __init__(self, run_id: str | None, deliveries: tuple[OpenDelivery, ...]) -> None:
        self.run_id = run_id
        self.deliveries = deliveries
        #: Made when it is asked for: most runs are far from where a new order goes.
        self.plan: RunPlan | None = None
        self.is_changed = False

    def planned(self, planning: _Planning) -> RunPlan:
        """Return the group's plan."""
        self.plan = self.plan or planning.plan(self.deliveries, self.run_id)
        return self.plan

    def may_grow(self) -> bool:
        """Tell whether a further order can join: not a full run, and none that is late anyway."""
        is_late = self.plan is not None and not self.plan.keeps_windows
        return len(self.deliveries) < ORDERS_MAX and not is_late

    def away_m(self, delivery: OpenDelivery) -> float:
        """Return how far a door is from the nearest one of the group."""
        return min(distance_m(each.dropoff, delivery.dropoff) for each in self.deliveries)


def form(
    open_deliveries: Sequence[OpenDelivery],
    offered: Sequence[OfferedRun],
    site: FormingSite,
    now: datetime,
    travel: TravelTimes = estimate,
) -> tuple[RunPlan, ...]:
    """Return the plans of all runs that are new or changed: changed ones first, then new ones.

    Orders are taken by the end of their window. Each joins the run that grows least by it, offered
    runs before new ones, of the `RUNS_TRIED` with the nearest doors, as long as the run has at most
    `ORDERS_MAX` orders that fit the largest vehicle, all windows share `COMMON_WINDOW_MIN`, and
    every window is kept; else it starts a new run. An order whose window can no longer be kept
    therefore travels alone, at once.

    Args:
        open_deliveries: Deliveries of this site in no run yet; one that an offered run carries
            already is left there.
        offered: Unclaimed runs of this site.
        site: Where the runs begin.
        now: The present.
        travel: How long ways by car take.
    """
    planning = _Planning(site, now, travel)
    groups = [_Group(run.id, run.deliveries) for run in sorted(offered, key=lambda each: each.id)]
    # Of ten thousand orders at once most are in full runs soon: those are not looked at again.
    growing = [group for group in groups if group.may_grow()]
    placed = {delivery.id for group in groups for delivery in group.deliveries}
    for delivery in sorted(
        open_deliveries, key=lambda each: (each.window_until, each.ready_at, each.id)
    ):
        if delivery.id in placed:
            continue
        placed.add(delivery.id)
        joined = _joined(delivery, growing, planning)
        if joined is None:
            joined = _Group(None, (delivery,))
            joined.is_changed = True
            joined.planned(planning)
            groups.append(joined)
            growing.append(joined)
        if not joined.may_grow():
            growing.remove(joined)
    return tuple(group.planned(planning) for group in groups if group.is_changed)


def _joined(delivery: OpenDelivery, groups: Sequence[_Group], planning: _Planning) -> _Group | None:
    """Put a delivery into the group that grows least by it; return that, or None for none."""
    allowed = [group for group in groups if may_travel_together((*group.deliveries, delivery))]
    # Sorting keeps the order of groups that are equally near.
    nearest = sorted(allowed, key=lambda group: (group.run_id is None, group.away_m(delivery)))
    best: _Group | None = None
    best_plan: RunPlan | None = None
    best_key = (True, 0)
    for group in nearest[:RUNS_TRIED]:
        plan = planning.plan((*group.deliveries, delivery), group.run_id)
        key = (group.run_id is None, plan.duration_s - group.planned(planning).duration_s)
        if plan.keeps_windows and (best_plan is None or key < best_key):
            best, best_plan, best_key = group, plan, key
    if best is not None and best_plan is not None:
        best.deliveries, best.plan, best.is_changed = (*best.deliveries, delivery), best_plan, True
    return best


def may_travel_together(deliveries: Sequence[OpenDelivery]) -> bool:
    """Tell whether so many orders of this size with these windows may share a run."""
    if sum(delivery.litres for delivery in deliveries) > LARGEST_L:
        return False
    common_from = max(delivery.window_from for delivery in deliveries)
    common_until = min(delivery.window_until for delivery in deliveries)
    return len(deliveries) <= ORDERS_MAX and common_until - common_from >= COMMON_WINDOW_MIN
