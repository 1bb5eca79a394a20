"""Putting the orders of all unclaimed runs of a site together anew, where that costs less.

`form` finds each new order a place at once; this looks at the whole afterwards. What it proposes is
never worse than what is: fewer late seconds, or as many and less work.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.forming import OfferedRun
from app.domain.group_costs import Group, GroupsCost, Memory
from app.domain.grouping import Bench, Groups
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.travel import TravelTimes, estimate

#: Proposes groups; every order is in one of them, and that is all that is relied on.
Proposer = Callable[[Sequence[OpenDelivery], FormingSite, datetime], Groups]
#: The cheapest groups to begin with are improved first, others as well if they cost at most this
#: many times what came of it: improving saves a tenth of what solvers propose, and seldom more.
PROMISING: Final = 1.12


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What is to change, if anything.

    Attributes:
        plans: Of all runs that carry other orders than before; `run_id` is None for a new one.
        emptied: Runs on offer that carry nothing any more.
        before: What the runs cost as they are; of a look around, those that change.
        after: What they would cost.
    """

    plans: tuple[RunPlan, ...]
    emptied: tuple[str, ...]
    before: GroupsCost
    after: GroupsCost


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look for something better.

    Attributes:
        memory: What groups cost when they were looked at before; added to.
        around: Orders to look for a better place for, by id, when that is all there is time for:
            those of runs that have changed. None looks at the whole.
    """

    memory: Memory
    around: Collection[str] | None = None


def regroup(
    offered: Sequence[OfferedRun],
    site: FormingSite,
    now: datetime,
    proposers: Sequence[Proposer] = (),
    travel: TravelTimes = estimate,
    scope: Scope | None = None,
) -> Regrouping:
    """Return what to change so that unclaimed runs cost less; nothing where nothing helps.

    Args:
        offered: Unclaimed runs of one site. Their order does not matter.
        site: Where the runs begin.
        now: The present.
        proposers: Solvers whose groups are tried as well.
        travel: How long ways by car take.
        scope: Where to look, and what is known from before; None looks at the whole anew.
    """
    runs = sorted(offered, key=lambda each: each.id)
    bench = Bench(
        [each for run in runs for each in run.deliveries], site, now, travel, scope and scope.memory
    )
    present = [frozenset(each.id for each in run.deliveries) for run in runs]
    around = scope.around if scope is not None else None
    if around is None:
        best = _best_of_all(bench, present, proposers, site, now)
        before, after = bench.total(present), bench.total(best)
    else:
        # Weighing what stays as it is would take longer than the moves.
        best = bench.improved(present, around)
        before = bench.total(group for group in present if group not in best)
        after = bench.total(group for group in best if group not in present)
    if after >= before:
        return Regrouping((), (), before, before)
    kept = _kept_ids(best, dict(zip([run.id for run in runs], present, strict=True)))
    changed = [group for group in best if group not in present]
    return Regrouping(
        plans=tuple(bench.plan(group, kept.get(group)) for group in changed),
        emptied=tuple(run.id for run in runs if run.id not in kept.values()),
        before=before,
        after=after,
    )


def _best_of_all(
    bench: Bench,
    present: Sequence[Group],
    proposers: Sequence[Proposer],
    site: FormingSite,
    now: datetime,
) -> list[Group]:
    """Return the best groups to be found from what is, from savings and from proposals."""
    proposed = [bench.allowed(propose(bench.deliveries, site, now)) for propose in proposers]
    first, *others = sorted((list(present), bench.savings(), *proposed), key=bench.total)
    best = bench.improved(first)
    for start in others:
        if bench.total(start).work_s <= bench.total(best).work_s * PROMISING:
            best = min(best, bench.improved(start), key=bench.total)
    return best


def _kept_ids(groups: Sequence[Group], present: Mapping[str, Group]) -> dict[Group, str]:
    """Return which group goes on under which run's id: the one that shares most orders with it."""
    shared = sorted(
        (-len(group & before), run_id, sorted(group))
        for run_id, before in present.items()
        for group in groups
        if group & before
    )
    kept: dict[Group, str] = {}
    for _share, run_id, members in shared:
        group = frozenset(members)
        if group not in kept and run_id not in kept.values():
            kept[group] = run_id
    return kept
