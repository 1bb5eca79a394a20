"""What it would save if one car came back to the mall for a second load.

The malls of `forming` with 50 and with 200 orders. A car is a driver with one or several loads, one
after the other. Every answer is costed alike: 30 minutes for each car, and the seconds from the
start of its first load to the end of its last one, ways back and waits between loads included; each
load is planned by the product's exact sequencing for when the car is back. So a second load saves
the 30 minutes of a further driver and costs its own way back.

Side by side: the product's runs, each with a car of its own; the same runs, of which a driver who
ends one takes the next where that saves, as anybody may claim it; and PyVRP and VROOM, who may
plan loads for cars from the beginning, in as much CPU time as the product's regrouping took. So
that a solver does not lose by what it does not know of counters and walks, its loads are also
taken as runs without cars, as they are and after the product's own steps, and given to drivers in
the same way.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.domain import eta
from app.domain.forming import OfferedRun
from app.domain.group_costs import RUN_COST_S, GroupsCost
from app.domain.regrouping import Regrouping, regroup
from app.domain.run_plan import OpenDelivery, RunPlan
from app.domain.sequencing import plan_run
from app.domain.travel import estimate
from app.runs.solving import propose
from bench import peer_solvers
from bench.figures import Figure, say
from bench.forming import offered_runs
from bench.mall_cases import MallCase, mall_cases, peers_case
from tests.domain.run_cases import NOW

SIZES = (50, 200)
PEERS = ("pyvrp", "vroom")
LOADS_MAX = 3
_SECOND = timedelta(seconds=1)

#: What one car carries, load after load.
Car = tuple[frozenset[int], ...]


class _Planned(NamedTuple):
    """A car's cost, and when it is through with its last load."""

    cost: GroupsCost
    ends_at: datetime


@dataclass(slots=True)
class _Cars:
    """Weighs the cars of one mall. Nothing is planned twice."""

    mall: MallCase
    _plans: dict[tuple[frozenset[int], datetime], RunPlan] = field(
        default_factory=dict[tuple[frozenset[int], datetime], RunPlan]
    )
    _planned: dict[Car, _Planned] = field(default_factory=dict[Car, _Planned])

    def total(self, cars: Sequence[Car]) -> GroupsCost:
        """Return what cars cost together."""
        total = GroupsCost(0, 0)
        for car in cars:
            total = total.plus(self.of(car).cost)
        return total

    def of(self, car: Car) -> _Planned:
        """Return what a car costs."""
        if car not in self._planned:
            self._planned[car] = self._weighed(car)
        return self._planned[car]

    def turn_s(self, loads: Sequence[frozenset[int]]) -> int:
        """Return how long a load takes at the mall, without what each order adds by itself."""
        spans: list[float] = []
        for load in loads:
            plan = self._plan(load, NOW)
            first = next(stop for stop in plan.stops if stop.delivery_id is not None)
            inside = first.planned_at - plan.starts_at - first.travel_s * _SECOND
            spans.append(inside / _SECOND - len(load) * eta.HANDOVER_NEXT_S)
        return round(statistics.median(spans))

    def taken_in_turn(self, loads: Sequence[frozenset[int]]) -> list[Car]:
        """Return cars made by letting who ends one load take the next, where that saves most."""
        cars: list[Car] = [(load,) for load in loads]
        while True:
            best: tuple[int, Car, Car] | None = None
            for first in cars:
                for second in cars:
                    saves = self._saves(first, second)
                    if saves > 0 and (best is None or saves > best[0]):
                        best = saves, first, second
            if best is None:
                return cars
            _saved, first, second = best
            cars.remove(first)
            cars.remove(second)
            cars.append(first + second)

    def _saves(self, first: Car, second: Car) -> int:
        if first == second or len(first) + len(second) > LOADS_MAX:
            return 0
        apart = self.of(first).cost.plus(self.of(second).cost)
        # Most are through long after the windows of the other: that needs no plan.
        if self.of(first).ends_at >= self._latest(second):
            return 0
        together = self.of(first + second).cost
        return apart.work_s - together.work_s if together.late_s <= apart.late_s else 0

    def _latest(self, car: Car) -> datetime:
        return min(self.mall.orders[each].window_until for load in car for each in load)

    def _weighed(self, car: Car) -> _Planned:
        at, began, ends_at, late = NOW, NOW, NOW, timedelta(0)
        for number, load in enumerate(car):
            plan = self._plan(load, at)
            began = began if number else plan.starts_at
            late += sum(self._late(plan), timedelta(0))
            ends_at = plan.starts_at + plan.duration_s * _SECOND
            last = self._order(plan.delivery_ids[-1])
            at = ends_at + estimate(last.dropoff, self.mall.site.parking, ends_at).seconds * _SECOND
        work_s = RUN_COST_S + (ends_at - began) // _SECOND
        return _Planned(GroupsCost(-(-late // _SECOND), work_s), ends_at)

    def _plan(self, load: frozenset[int], at: datetime) -> RunPlan:
        key = (load, at)
        if key not in self._plans:
            orders = [self.mall.orders[each] for each in sorted(load)]
            self._plans[key] = plan_run(orders, self.mall.site, at, None, estimate)
        return self._plans[key]

    def _late(self, plan: RunPlan) -> Iterator[timedelta]:
        for stop in plan.stops:
            if stop.delivery_id is not None:
                until = self._order(stop.delivery_id).window_until
                yield max(timedelta(0), stop.planned_at - until)

    def _order(self, delivery_id: str) -> OpenDelivery:
        return self.mall.orders[_number(delivery_id)]


def measure() -> Iterator[Figure]:
    """Weigh second loads at every mall."""
    peer_solvers.install("reloads")
    for size in SIZES:
        found: dict[str, list[GroupsCost]] = {}
        for mall in mall_cases(size):
            for name, cost in _answers(size, mall).items():
                found.setdefault(name, []).append(cost)
        base = found.pop("ours")
        for name, costs in found.items():
            ratios = [cost.work_s / ours.work_s for cost, ours in zip(costs, base, strict=True)]
            late = sum(cost.late_s for cost in costs)
            yield Figure(
                name=f"reloads_{size}_{name}",
                ours=f"{min(ratios):.3f} to {max(ratios):.3f}",
                peer=f"{late} s late",
                ratio=statistics.median(ratios),
                judged=statistics.median(ratios),
            )


def _answers(size: int, mall: MallCase) -> dict[str, GroupsCost]:
    """Return costs by way: `ours` has a car for each run."""
    say(f"reloads: {size} orders, {mall.name}")
    weigh = _Cars(mall)
    offered = offered_runs(mall.orders, mall.site)
    began = time.process_time()
    change = regroup(offered, mall.site, NOW, [propose])
    seconds = time.process_time() - began
    runs = _runs_after(offered, change)
    costs = {
        "ours": weigh.total([(run,) for run in runs]),
        "in_turn": weigh.total(weigh.taken_in_turn(runs)),
    }
    case = _cars_case(mall, seconds, weigh.turn_s(runs))
    for peer in PEERS:
        for loads_max in (1, LOADS_MAX):
            say(f"reloads: {size} orders, {mall.name}, {peer}, {loads_max}")
            said = {**case, "loads_max": loads_max}
            (answer,) = peer_solvers.answers("load_cars.py", peer, [said])
            cars = [
                *(tuple(frozenset(load) for load in car) for car in answer["cars"]),
                *((frozenset({number}),) for number in answer["left_out"]),
            ]
            loads = [load for car in cars for load in car]
            name = f"{peer}_{loads_max}"
            costs[name] = weigh.total(cars)
            costs[f"{name}_in_turn"] = weigh.total(weigh.taken_in_turn(loads))
            costs[f"{name}_improved_in_turn"] = weigh.total(
                weigh.taken_in_turn(_improved(loads, mall))
            )
    return costs


def _improved(loads: Sequence[frozenset[int]], mall: MallCase) -> list[frozenset[int]]:
    """Return a solver's loads after the product's own steps."""
    offered = [
        OfferedRun(f"run_{number:04}", tuple(mall.orders[each] for each in sorted(load)))
        for number, load in enumerate(loads)
    ]
    return _runs_after(offered, regroup(offered, mall.site, NOW))


def _runs_after(offered: Sequence[OfferedRun], change: Regrouping) -> list[frozenset[int]]:
    gone = {*change.emptied, *(plan.run_id for plan in change.plans)}
    kept = [[each.id for each in run.deliveries] for run in offered if run.id not in gone]
    changed = [list(plan.delivery_ids) for plan in change.plans]
    return [frozenset(_number(each) for each in group) for group in (*kept, *changed)]


def _cars_case(mall: MallCase, seconds: float, turn_s: int) -> dict[str, Any]:
    parking = mall.site.parking
    backs = [estimate(order.dropoff, parking, NOW).seconds for order in mall.orders]
    return {**peers_case(mall, seconds), "backs": backs, "turn_s": turn_s}


def _number(delivery_id: str) -> int:
    return int(delivery_id.removeprefix("dlv_"))
