"""Groups of orders as runs: making them, and changing them step by step for as long as that helps.

Source: savings of Clarke and Wright 1964 with an open end, then relocation and exchange.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from app.domain.exchanges import Steps
from app.domain.forming import form
from app.domain.geo import distance_m
from app.domain.group_costs import Group, GroupCosts, GroupsCost, Memory
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.travel import TravelTimes

#: Runs that are planned to see what they would cost, for one improvement. About twelve seconds.
PLANS_MAX: Final = 4_000
#: An order looks for a better place among the runs of this many nearest doors.
NEIGHBOURS: Final = 8

#: Ids of the orders that are to travel together.
Groups = Iterable[Iterable[str]]


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
        self._costs = GroupCosts(self._by_id, site, now, travel, memory)
        self._known_near: dict[str, list[str]] = {}
        self._steps = Steps(self._costs, self._near)

    def plan(self, group: Group, run_id: str | None) -> RunPlan:
        """Plan a group as a run."""
        return self._costs.plan(group, run_id)

    def total(self, groups: Iterable[Group]) -> GroupsCost:
        """Return what groups cost together."""
        return self._costs.total(groups)

    def allowed(self, groups: Groups) -> list[Group]:
        """Return groups of which each may travel together; one that may not is formed simply."""
        found: list[Group] = []
        for each in groups:
            group = frozenset(each)
            if self._costs.is_allowed(group):
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
            if first != second and self._costs.gain((first, second), (first | second,)):
                for delivery_id in first | second:
                    group_of[delivery_id] = first | second
        return sorted(set(group_of.values()), key=sorted)

    def improved(
        self, groups: Sequence[Group], around: Collection[str] | None = None
    ) -> list[Group]:
        """Return groups after moving and exchanging orders for as long as that helps.

        Every order looks once. After a step only those look again whose run has changed, or a run
        near them. It ends after `PLANS_MAX` plans at the latest.

        Args:
            groups: To begin with.
            around: Orders that look for a better place, by id; None for all.
        """
        group_of = {delivery_id: group for group in groups for delivery_id in group}
        looking = [each for each in self._by_id if around is None or each in around]
        watchers: dict[str, list[str]] = {each: [] for each in group_of}
        for each in looking:
            for seen in (each, *self._near(each)):
                watchers[seen].append(each)
        queue, queued = deque(looking), set(looking)
        self._costs.plans_left = PLANS_MAX
        while queue and self._costs.plans_left > 0:
            delivery_id = queue.popleft()
            queued.remove(delivery_id)
            step = self._steps.best(delivery_id, group_of)
            if step is None:
                continue
            for group in step.after:
                for member in sorted(group):
                    group_of[member] = group
                    again = [each for each in watchers[member] if each not in queued]
                    queue.extend(again)
                    queued.update(again)
        return sorted(set(group_of.values()), key=sorted)

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
