"""Groups of orders as runs: what they cost, and moving single orders until none moves to advantage.

Source: savings of Clarke and Wright 1964 with an open end, then relocation.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.domain.detours import Detours
from app.domain.forming import ORDERS_MAX, form, may_travel_together
from app.domain.geo import distance_m
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan, slack
from app.domain.sequencing import plan_run
from app.domain.travel import TravelTimes

#: A run of its own costs as much as this many seconds of driving: a driver on the way to the mall.
RUN_COST_S: Final = 1_800
#: … and as much as this while it is not shown to drivers: it waits, and orders yet to come fill it.
#: Counted in full it would be filled at once, by orders that lie in different directions.
WAITING_RUN_COST_S: Final = 600
#: Runs that are planned to see what they would cost, for one improvement. About five seconds.
PLANS_MAX: Final = 4_000
#: An order looks for a better place among the runs of this many nearest doors.
NEIGHBOURS: Final = 8

#: Ids of the orders that are to travel together.
Groups = Iterable[Iterable[str]]
#: A group of orders on the bench, by their ids.
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


@dataclass(slots=True)
class Memory:
    """What groups cost as they were planned before. It is of one site and of unchanged orders.

    Attributes:
        run_cost_s: What a run of its own counts for.
        costs: Of groups that were in time, and until when that holds: as long as a run can start
            later without being late, it takes as long as before, or less where it waited at a door.
    """

    run_cost_s: int = RUN_COST_S
    costs: dict[Group, tuple[GroupsCost, datetime]] = field(
        default_factory=dict[Group, tuple[GroupsCost, datetime]]
    )


class Bench:
    """Where groups are put together and weighed. Nothing is planned twice."""

    def __init__(
        self,
        deliveries: Iterable[OpenDelivery],
        site: FormingSite,
        now: datetime,
        travel: TravelTimes,
        memory: Memory | None = None,
    ) -> None:
        self.deliveries = sorted(deliveries, key=lambda each: each.id)
        self._by_id = {each.id: each for each in self.deliveries}
        self._site, self._now, self._travel = site, now, travel
        self._memory = memory or Memory()
        self._costs: dict[Group, GroupsCost] = {frozenset(): GroupsCost(0, 0)}
        self._plans_left = PLANS_MAX
        self._known_near: dict[str, list[str]] = {}
        self._detours = Detours(self._by_id, site, now, travel)

    def plan(self, group: Group, run_id: str | None) -> RunPlan:
        """Plan a group as a run."""
        orders = [self._by_id[each] for each in sorted(group)]
        return plan_run(orders, self._site, self._now, run_id, self._travel)

    def cost(self, group: Group) -> GroupsCost:
        """Return what a group costs as a run; nothing costs nothing."""
        if group not in self._costs:
            known = self._memory.costs.get(group)
            if known is not None and known[1] >= self._now:
                self._costs[group] = known[0]
                return known[0]
            self._plans_left -= 1
            plan = self.plan(group, None)
            late = sum(
                (
                    max(timedelta(0), stop.planned_at - self._by_id[stop.delivery_id].window_until)
                    for stop in plan.stops
                    if stop.delivery_id is not None
                ),
                timedelta(0),
            )
            self._costs[group] = GroupsCost(
                -(-late // timedelta(seconds=1)), plan.duration_s + self._memory.run_cost_s
            )
            if not late:
                self._memory.costs[group] = self._costs[group], self._now + slack(plan, self._by_id)
        return self._costs[group]

    def total(self, groups: Iterable[Group]) -> GroupsCost:
        """Return what groups cost together."""
        total = GroupsCost(0, 0)
        for group in groups:
            total = total.plus(self.cost(group))
        return total

    def allowed(self, groups: Groups) -> list[Group]:
        """Return groups of which each may travel together; one that may not is formed simply."""
        found: list[Group] = []
        for each in groups:
            group = frozenset(each)
            if self._is_allowed(group):
                found.append(group)
            else:
                orders = [self._by_id[delivery_id] for delivery_id in sorted(group)]
                plans = form(orders, (), self._site, self._now, self._travel)
                found += [frozenset(plan.delivery_ids) for plan in plans]
        return found

    def savings(self) -> list[Group]:
        """Return groups made from single orders by joining where that saves most."""
        group_of = {each.id: frozenset({each.id}) for each in self.deliveries}
        for one, other in self._pairs_by_saving():
            first, second = group_of[one], group_of[other]
            if first != second and self._gain((first, second), (first | second,)):
                for delivery_id in first | second:
                    group_of[delivery_id] = first | second
        return sorted(set(group_of.values()), key=sorted)

    def improved(
        self, groups: Sequence[Group], around: Collection[str] | None = None
    ) -> list[Group]:
        """Return groups after moving single orders for as long as that helps and time is left.

        Args:
            groups: To begin with.
            around: Orders that may move, by id; None for all.
        """
        group_of = {delivery_id: group for group in groups for delivery_id in group}
        movable = [each for each in self._by_id if around is None or each in around]
        has_moved = True
        self._plans_left = PLANS_MAX
        while has_moved and self._plans_left > 0:
            has_moved = False
            for delivery_id in movable:
                best = max(self._moves(delivery_id, group_of), default=None)
                if best is not None:
                    has_moved = True
                    home, target = group_of[delivery_id], group_of[best.neighbour]
                    for group in (home - {delivery_id}, target | {delivery_id}):
                        for each in group:
                            group_of[each] = group
        return sorted(set(group_of.values()), key=sorted)

    def _moves(self, delivery_id: str, group_of: Mapping[str, Group]) -> Iterator["_Move"]:
        """Yield the moves of an order to the run of a neighbour that help."""
        home = group_of[delivery_id]
        tried = {home}
        for neighbour in self._near(delivery_id):
            target = group_of[neighbour]
            if target in tried or self._plans_left <= 0:
                continue
            tried.add(target)
            if self._may_help(delivery_id, home, target):
                gain = self._gain((home, target), (home - {delivery_id}, target | {delivery_id}))
                if gain:
                    yield _Move(gain, neighbour)

    def _may_help(self, delivery_id: str, home: Group, target: Group) -> bool:
        """Tell whether a move can help, as far as can be told without planning it.

        What an order adds to a run is at least the smallest detour to its door. That is exact as
        long as nobody waits at a door, and waits are few.
        """
        if len(target) >= ORDERS_MAX:
            return False
        before = self.cost(home)
        if before.late_s or len(home) == 1:
            return True
        saved = before.work_s - self.cost(home - {delivery_id}).work_s
        return self._detours.least_s(delivery_id, target) < saved

    def _gain(self, before: Iterable[Group], after: Sequence[Group]) -> tuple[int, int] | None:
        """Return late and working seconds that are saved, or None when that is none."""
        if not all(map(self._is_allowed, after)):
            return None
        now, then = self.total(before), self.total(after)
        return (now.late_s - then.late_s, now.work_s - then.work_s) if then < now else None

    def _is_allowed(self, group: Group) -> bool:
        return len(group) < 2 or may_travel_together([self._by_id[each] for each in group])

    def _near(self, delivery_id: str) -> list[str]:
        """Return the orders with the nearest doors. Looked for when they are asked for."""
        if delivery_id not in self._known_near:
            self._known_near[delivery_id] = self._neighbours(self._by_id[delivery_id])
        return self._known_near[delivery_id]

    def _neighbours(self, delivery: OpenDelivery) -> list[str]:
        nearest = sorted(
            (distance_m(delivery.dropoff, other.dropoff), other.id)
            for other in self.deliveries
            if other.id != delivery.id
        )
        return [name for _away, name in nearest[:NEIGHBOURS]]

    def _pairs_by_saving(self) -> list[tuple[str, str]]:
        """Return neighbours, those first that save most driving by sharing the way out."""
        parking = self._site.parking
        out = {each.id: distance_m(parking, each.dropoff) for each in self.deliveries}
        pairs = {
            (min(one, other), max(one, other)) for one in self._by_id for other in self._near(one)
        }

        def saving(pair: tuple[str, str]) -> float:
            one, other = (self._by_id[each] for each in pair)
            return out[one.id] + out[other.id] - distance_m(one.dropoff, other.dropoff)

        return sorted(pairs, key=lambda pair: (-saving(pair), pair))


class _Move(NamedTuple):
    """Joining the run of a neighbour, with the late and working seconds it saves."""

    gain: tuple[int, int]
    neighbour: str
