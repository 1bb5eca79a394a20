"""Putting the orders of all unclaimed runs of a site together anew, where that costs less.

`form` finds each new order a place at once; this looks at the whole afterwards. What it proposes is
never worse than what is: fewer late seconds, or as many and less work.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.forming import OfferedRun
from app.domain.grouping import Bench, Group, Groups, GroupsCost
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.travel import TravelTimes, estimate

#: Proposes groups; every order is in one of them, and that is all that is relied on.
Proposer = Callable[[Sequence[OpenDelivery], FormingSite, datetime], Groups]


@dataclass(frozen=True, slots=True)
class Regrouping:
    """What is to change, if anything.

    Attributes:
        plans: Of all runs that carry other orders than before; `run_id` is None for a new one.
        emptied: Runs on offer that carry nothing any more.
        before: What the runs cost as they are.
        after: What they would cost.
    """

    plans: tuple[RunPlan, ...]
    emptied: tuple[str, ...]
    before: GroupsCost
    after: GroupsCost


def regroup(
    offered: Sequence[OfferedRun],
    site: FormingSite,
    now: datetime,
    proposers: Sequence[Proposer] = (),
    travel: TravelTimes = estimate,
) -> Regrouping:
    """Return what to change so that unclaimed runs cost less; nothing where nothing helps.

    Args:
        offered: Unclaimed runs of one site. Their order does not matter.
        site: Where the runs begin.
        now: The present.
        proposers: Solvers whose groups are tried as well.
        travel: How long ways by car take.
    """
    runs = sorted(offered, key=lambda each: each.id)
    bench = Bench([each for run in runs for each in run.deliveries], site, now, travel)
    present = [frozenset(each.id for each in run.deliveries) for run in runs]
    before = bench.total(present)
    candidates = [bench.improved(present), bench.improved(bench.savings())]
    for propose in proposers:
        groups = propose(bench.deliveries, site, now)
        candidates.append(bench.improved(bench.allowed(groups)))
    best = min(candidates, key=bench.total)
    after = bench.total(best)
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
