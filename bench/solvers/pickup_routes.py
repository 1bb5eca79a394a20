"""Answer instances of pickup and delivery with PyVRP, VROOM or OR-Tools: cases in, routes out.

Started with the peers' own Python. Each line of the input is a case: `places` ([x, y, demand, from,
until, service, pickup, delivery] by number, place 0 is the depot), `vehicles`, `capacity`,
`vehicle_cost` and the CPU `seconds` of the search. Each line of the output is {"routes": numbers of
places by vehicle, without the depot, "s": CPU seconds with building the model}.

Distances and times are the same: whole thousandths of the great lengths, rounded. All search in one
thread and know the same objective: a cost for each vehicle, and the distance. How each is stopped
stands in `group_orders`.
"""

# The packages are those of requirements.txt beside this file, in an environment of their own.
# pyright: reportMissingImports=false

import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from group_orders import Stop, over, within_cpu_time

_SCALE = 1_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A task: the numbers of its two places, and how much it loads."""

    pickup: int
    delivery: int
    amount: int


class Instance:
    """A case in whole numbers."""

    def __init__(self, case: dict[str, Any]) -> None:
        self.places: list[list[int]] = case["places"]
        self.vehicles: int = case["vehicles"]
        self.capacity: int = case["capacity"]
        self.vehicle_cost = case["vehicle_cost"] * _SCALE
        self.seconds: float = case["seconds"]
        spots = [(place[0], place[1]) for place in self.places]
        self.matrix = [[round(_SCALE * math.dist(a, b)) for b in spots] for a in spots]
        self.pairs = [
            Pair(number, place[7], place[2])
            for number, place in enumerate(self.places)
            if place[7] and number
        ]

    def window(self, number: int) -> tuple[int, int]:
        """Return when service at a place may begin."""
        return self.places[number][3] * _SCALE, self.places[number][4] * _SCALE

    def service(self, number: int) -> int:
        """Return how long service at a place takes."""
        return self.places[number][5] * _SCALE


def pyvrp_routes(instance: Instance) -> list[list[int]]:
    """Return PyVRP's routes: each task is a shipment."""
    import numpy as np  # noqa: PLC0415 - Each solver loads its own packages.
    from pyvrp import Depot, Location, ProblemData, Shipment, VehicleType, solve  # noqa: PLC0415

    matrix: Any = np.array(instance.matrix, dtype=np.int64)
    shipments = [
        Shipment(
            each.pickup,
            each.delivery,
            *instance.window(each.pickup),
            instance.service(each.pickup),
            *instance.window(each.delivery),
            instance.service(each.delivery),
            amount=[each.amount],
        )
        for each in instance.pairs
    ]
    vehicle = VehicleType(
        num_available=instance.vehicles,
        capacity=[instance.capacity],
        fixed_cost=instance.vehicle_cost,
        tw_late=instance.window(0)[1],
        unit_distance_cost=1,
    )
    data = ProblemData(
        [Location(place[0], place[1]) for place in instance.places],
        [],
        [Depot(0)],
        [vehicle],
        [matrix],
        [matrix],
        shipments=shipments,
    )
    stop = Stop(instance.seconds)
    found = solve(data, stop, seed=1, collect_stats=False, display=False)
    if not found.is_feasible():
        return []
    return [
        [
            instance.pairs[each.idx].pickup
            if each.is_pickup()
            else instance.pairs[each.idx].delivery
            for each in route
            if each.is_shipment()
        ]
        for route in found.best.routes()
    ]


def vroom_routes(instance: Instance) -> list[list[int]]:
    """Return the routes that VROOM finds within its CPU time."""
    return within_cpu_time(instance.seconds, lambda wall_s: _vroom_routes(instance, wall_s))


def _vroom_routes(instance: Instance, wall_s: float) -> list[list[int]]:
    """Return VROOM's routes; it ends by itself or by the clock on the wall."""
    import numpy as np  # noqa: PLC0415
    import vroom  # noqa: PLC0415

    problem = vroom.Input()
    matrix = np.array(instance.matrix, dtype=np.uint32)
    problem.set_durations_matrix("car", matrix)
    problem.set_costs_matrix("car", matrix)
    for number in range(instance.vehicles):
        problem.add_vehicle(
            vroom.Vehicle(
                number + 1,
                start=0,
                end=0,
                capacity=[instance.capacity],
                time_window=(0, instance.window(0)[1]),
                costs=vroom.VehicleCosts(fixed=instance.vehicle_cost),
            )
        )
    for number, each in enumerate(instance.pairs):
        pickup, delivery = (
            vroom.ShipmentStep(
                number + 1,
                location=place,
                default_service=instance.service(place),
                time_windows=[vroom.TimeWindow(*instance.window(place))],
            )
            for place in (each.pickup, each.delivery)
        )
        problem.add_shipment(pickup, delivery, amount=vroom.Amount([each.amount]))
    wall = timedelta(seconds=wall_s)
    steps = problem.solve(exploration_level=5, nb_threads=1, timeout=wall).routes
    routes: dict[int, list[int]] = {}
    for vehicle, kind, name in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind in {"pickup", "delivery"}:
            pair = instance.pairs[int(name) - 1]
            place = pair.pickup if kind == "pickup" else pair.delivery
            routes.setdefault(int(vehicle), []).append(place)
    return list(routes.values())


def ortools_routes(instance: Instance) -> list[list[int]]:
    """Return the routes of OR-Tools: cheapest insertion, then guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    count, horizon = len(instance.places), instance.window(0)[1]
    manager = pywrapcp.RoutingIndexManager(count, instance.vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    clock = [
        [way + instance.service(node) for way in row] for node, row in enumerate(instance.matrix)
    ]
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(instance.matrix))
    routing.SetFixedCostOfAllVehicles(instance.vehicle_cost)
    demands = routing.RegisterUnaryTransitVector([place[2] for place in instance.places])
    routing.AddDimension(demands, 0, instance.capacity, True, "load")  # noqa: FBT003
    routing.AddDimension(routing.RegisterTransitMatrix(clock), horizon, horizon, False, "time")  # noqa: FBT003
    time_of = routing.GetDimensionOrDie("time")
    for number in range(1, count):
        time_of.CumulVar(manager.NodeToIndex(number)).SetRange(*instance.window(number))
    solver = routing.solver()
    for each in instance.pairs:
        start, end = manager.NodeToIndex(each.pickup), manager.NodeToIndex(each.delivery)
        routing.AddPickupAndDelivery(start, end)
        solver.Add(routing.VehicleVar(start) == routing.VehicleVar(end))
        solver.Add(time_of.CumulVar(start) <= time_of.CumulVar(end))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    routing.AddSearchMonitor(solver.CustomLimit(over(instance.seconds)))
    found = routing.SolveWithParameters(search)
    routes: list[list[int]] = []
    if found is None:
        return routes
    for vehicle in range(instance.vehicles):
        index, route = found.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes += [route] if route else []
    return routes


SOLVERS: dict[str, Callable[[Instance], list[list[int]]]] = {
    "pyvrp": pyvrp_routes,
    "vroom": vroom_routes,
    "ortools": ortools_routes,
}


def main(name: str) -> None:
    """Answer case by case."""
    for line in sys.stdin:
        began = time.process_time()
        routes = SOLVERS[name](Instance(json.loads(line)))
        print(json.dumps({"routes": routes, "s": time.process_time() - began}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
