"""What groups of orders cost as runs. Nothing is planned twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.domain.forming import may_travel_together
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan, slack
from app.domain.sequencing import plan_run
from app.domain.sketches import Sketch, Sketches
from app.domain.travel import TravelTimes

#: A run of its own costs as much as this many seconds of driving: a driver on the way to the mall.
RUN_COST_S: Final = 1_800
#: … and as much as this while it is not shown to drivers: it waits, and orders yet to come fill it.
#: Counted in full it would be filled at once, by orders that lie in different directions.
WAITING_RUN_COST_S: Final = 600

#: A group of orders that are to travel together, by their ids.
Group = frozenset[str]


class GroupsCost(NamedTuple):
    """What runs cost together; less is better, in this order.

    Attributes:
        late_s: Seconds after the end of their windows, over all orders.
        work_s: Seconds from start to end over all runs, and `RUN_COST_S` for each.
    """

    late_s: int
    work_s: int

    def plus(self, other: "GroupsCost") -> "GroupsCost":
        """Return what both cost together."""
        return GroupsCost(self.late_s + other.late_s, self.work_s + other.work_s)


class Weighed(NamedTuple):
    """A group that was planned.

    Attributes:
        cost: What it costs as a run.
        sketch: The plan in outline.
        until: How long that holds where nobody is late: as long as a run can start later without
            being late, it takes as long as before, or less where it waited at a door.
    """

    cost: GroupsCost
    sketch: Sketch
    until: datetime


@dataclass(slots=True)
class Memory:
    """What groups cost as they were planned before. It is of one site and of unchanged orders.

    Attributes:
        run_cost_s: What a run of its own counts for.
        groups: Those that were in time.
    """

    run_cost_s: int = RUN_COST_S
    groups: dict[Group, Weighed] = field(default_factory=dict[Group, Weighed])


class GroupCosts:
    """The costs of groups of some orders at one instant.

    Args:
        deliveries: By id.
        site: Where the runs begin.
        now: The present.
        travel: How long ways by car take.
        memory: What is known from before; added to.

    Attributes:
        sketches: Tell about what a group would cost.
        plans_left: How many groups may still be planned before a search should end. It is counted
            down here and set by whoever searches.
    """

    def __init__(
        self,
        deliveries: Mapping[str, OpenDelivery],
        site: FormingSite,
        now: datetime,
        travel: TravelTimes,
        memory: Memory | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._site, self._now, self._travel = site, now, travel
        self._memory = memory or Memory()
        self._known: dict[Group, Weighed] = {}
        self.sketches = Sketches(deliveries, site, now, travel)
        self.plans_left = 0

    @property
    def run_cost_s(self) -> int:
        """What a run of its own counts for."""
        return self._memory.run_cost_s

    def plan(self, group: Group, run_id: str | None) -> RunPlan:
        """Plan a group as a run."""
        orders = [self._deliveries[each] for each in sorted(group)]
        return plan_run(orders, self._site, self._now, run_id, self._travel)

    def of(self, group: Group) -> GroupsCost:
        """Return what a group costs as a run; nothing costs nothing."""
        return self._weighed(group).cost if group else GroupsCost(0, 0)

    def sketch(self, group: Group) -> Sketch:
        """Return the plan of a group in outline; at least one order."""
        return self._weighed(group).sketch

    def _weighed(self, group: Group) -> Weighed:
        known = self._known.get(group)
        if known is None:
            known = self._memory.groups.get(group)
            if known is None or known.until < self._now:
                known = self._planned(group)
            self._known[group] = known
        return known

    def _planned(self, group: Group) -> Weighed:
        self.plans_left -= 1
        plan, orders = self.plan(group, None), self._deliveries
        late = sum(
            (
                max(timedelta(0), stop.planned_at - orders[stop.delivery_id].window_until)
                for stop in plan.stops
                if stop.delivery_id is not None
            ),
            timedelta(0),
        )
        cost = GroupsCost(
            -(-late // timedelta(seconds=1)), plan.duration_s + self._memory.run_cost_s
        )
        found = Weighed(cost, self.sketches.of(plan), self._now + slack(plan, orders))
        if not late:
            self._memory.groups[group] = found
        return found

    def total(self, groups: Iterable[Group]) -> GroupsCost:
        """Return what groups cost together."""
        total = GroupsCost(0, 0)
        for group in groups:
            total = total.plus(self.of(group))
        return total

    def gain(self, before: Iterable[Group], after: Sequence[Group]) -> GroupsCost | None:
        """Return late and working seconds that a change saves, or None when that is none."""
        if not all(map(self.is_allowed, after)):
            return None
        now, then = self.total(before), self.total(after)
        if then >= now:
            return None
        return GroupsCost(now.late_s - then.late_s, now.work_s - then.work_s)

    def is_allowed(self, group: Group) -> bool:
        """Tell whether orders may travel together."""
        return len(group) < 2 or may_travel_together([self._deliveries[each] for each in group])
