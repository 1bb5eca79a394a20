"""The engine that proposes runs, on the instances of Li and Lim, beside two other engines.

The product's own rules cannot answer these instances: they know no end of a pickup's window, and
collect before they deliver (decision 22). PyVRP, which proposes the runs of a whole mall to them,
can. This tells what kind of engine it is, and whether a new release of it is a worse one. Each gets
the same CPU time for an instance and knows the objective of the published answers: vehicles first,
1,000 for each, then distance. A gap is what an answer costs above the best known one, on average
over the instances. Answers are checked here, by lengths that are not rounded; one that breaks a
rule or leaves a place out costs a vehicle for each task.
"""

import csv
import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench import peer_solvers
from bench.figures import Figure, say

FOLDER = Path(__file__).parent / "lilim"
#: CPU seconds of an instance by its tasks.
SECONDS = {100: 2.0, 200: 4.0}
ENGINE = "pyvrp"
PEERS = ("vroom", "ortools")
VEHICLE_COST = 1_000
#: Solvers count in whole thousandths: a begin of service may be late by their sum.
_ROUNDING = 0.1


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance as it was published, and what the best known answer to it costs."""

    name: str
    tasks: int
    vehicles: int
    capacity: int
    places: list[list[int]]
    best_vehicles: int
    best_cost: float

    def case(self) -> dict[str, Any]:
        """Return what a solver is asked."""
        return {
            "places": self.places,
            "vehicles": self.vehicles,
            "capacity": self.capacity,
            "vehicle_cost": VEHICLE_COST,
            "seconds": SECONDS[self.tasks],
        }

    def gap(self, routes: list[list[int]]) -> float:
        """Return by what share routes cost more than the best known answer."""
        cost = sum(VEHICLE_COST + self.length(route) for route in routes)
        if not self.is_answered(routes):
            cost = float(VEHICLE_COST * self.tasks)
        return cost / self.best_cost - 1

    def length(self, route: list[int]) -> float:
        """Return the distance from the depot along a route and back."""
        stops = [0, *route, 0]
        return sum(self._way(a, b) for a, b in pairwise(stops))

    def is_answered(self, routes: list[list[int]]) -> bool:
        """Tell whether every place is served once, and each route keeps all rules."""
        served = sorted(number for route in routes for number in route)
        is_whole = served == list(range(1, len(self.places)))
        return is_whole and len(routes) <= self.vehicles and all(map(self._is_kept, routes))

    def _is_kept(self, route: list[int]) -> bool:
        """Tell whether a route keeps the windows, the capacity, and each pickup's place before."""
        clock, load, here = 0.0, 0, 0
        position = {number: place for place, number in enumerate(route)}
        for number in route:
            _x, _y, demand, opens, closes, service, pickup, _delivery = self.places[number]
            clock = max(clock + self._way(here, number), opens)
            load += demand
            comes_before = not pickup or position.get(pickup, len(route)) < position[number]
            if clock > closes + _ROUNDING or load > self.capacity or not comes_before:
                return False
            clock, here = clock + service, number
        return clock + self._way(here, 0) <= self.places[0][4] + _ROUNDING

    def _way(self, start: int, end: int) -> float:
        return math.dist(self.places[start][:2], self.places[end][:2])


def instances() -> Iterator[Instance]:
    """Yield all instances, small ones first."""
    with (FOLDER / "best_known.csv").open(newline="") as table:
        for row in csv.DictReader(table):
            lines = (FOLDER / f"{row['instance']}.txt").read_text().splitlines()
            vehicles, capacity, _speed = map(int, lines[0].split())
            yield Instance(
                name=row["instance"],
                tasks=int(row["tasks"]),
                vehicles=vehicles,
                capacity=capacity,
                places=[list(map(int, line.split()))[1:] for line in lines[1:] if line.strip()],
                best_vehicles=int(row["vehicles"]),
                best_cost=VEHICLE_COST * int(row["vehicles"]) + float(row["distance"]),
            )


def measure() -> Iterator[Figure]:
    """Let all engines answer all instances."""
    peer_solvers.install("lilim")
    every = list(instances())
    for tasks in SECONDS:
        of_size = [each for each in every if each.tasks == tasks]
        yield from _beside_peers(tasks, of_size)


def _beside_peers(tasks: int, of_size: list[Instance]) -> Iterator[Figure]:
    gaps: dict[str, float] = {}
    as_few: dict[str, int] = {}
    for engine in (ENGINE, *PEERS):
        say(f"lilim: {tasks} tasks, {engine}")
        answers = peer_solvers.answers(
            "pickup_routes.py", engine, (each.case() for each in of_size)
        )
        routes = [answer["routes"] for answer in answers]
        pairs = list(zip(of_size, routes, strict=True))
        gaps[engine] = statistics.mean(each.gap(found) for each, found in pairs)
        as_few[engine] = sum(
            each.is_answered(found) and len(found) <= each.best_vehicles for each, found in pairs
        )
    for peer in PEERS:
        yield Figure(
            name=f"lilim_{tasks}_gap_beside_{peer}",
            ours=f"{gaps[ENGINE]:.1%}",
            peer=f"{gaps[peer]:.1%}",
            ratio=(1 + gaps[ENGINE]) / (1 + gaps[peer]),
            judged=gaps[ENGINE],
        )
    best = max(PEERS, key=as_few.__getitem__)
    yield Figure(
        name=f"lilim_{tasks}_fewest_vehicles",
        ours=f"{as_few[ENGINE]} of {len(of_size)}",
        peer=f"{best} {as_few[best]}",
        judged=as_few[ENGINE],
    )
