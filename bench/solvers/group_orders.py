"""Put the orders of one mall into runs with PyVRP, VROOM or OR-Tools: cases in, groups out.

Started with the peers' own Python. Each line of the input is a case: `matrix` (seconds, node 0 is
the mall, the way back is free), `released`, `opens`, `closes` by order, `service_s`, `orders_max`,
`run_cost_s` and the CPU `seconds` of the search. Each line of the output is {"groups": numbers of
orders, from 0, "left_out": numbers, "s": CPU seconds with building the model}.

All search in one thread. PyVRP and OR-Tools look at their own CPU time and end by it. VROOM knows
the clock on the wall only: where that cut it short before it had its CPU time, because others used
the processor, it begins again with as much more. It may end by itself earlier, or take more than
its share; the figures say what it took.
"""

# The packages are those of requirements.txt beside this file, in an environment of their own.
# pyright: reportMissingImports=false

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

Case = dict[str, Any]
_Found = TypeVar("_Found")

HORIZON_S = 100_000
#: How often VROOM may begin, and the share of its CPU time that is enough.
_TRIES = 4
_NEARLY = 0.9


def over(seconds: float) -> Callable[[], bool]:
    """Return what tells whether so many seconds of CPU time are over from now."""
    until = time.process_time() + seconds
    return lambda: time.process_time() >= until


class Stop:
    """Ends PyVRP's search by CPU time."""

    def __init__(self, seconds: float) -> None:
        self._is_over = over(seconds)

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002 - PyVRP calls it so.
        """Tell whether to stop."""
        return self._is_over()


def within_cpu_time(seconds: float, solve: Callable[[float], _Found]) -> _Found:
    """Return what VROOM finds in about so much CPU time; `solve` takes seconds on the wall."""
    wall_s, tries = seconds, 0
    while True:
        began, began_cpu = time.monotonic(), time.process_time()
        found = solve(wall_s)
        spent, spent_cpu = time.monotonic() - began, time.process_time() - began_cpu
        tries += 1
        if spent < wall_s or spent_cpu > _NEARLY * seconds or tries == _TRIES:
            return found
        wall_s *= seconds / max(spent_cpu, 0.01)


def clients_of(case: Case) -> list[Any]:
    """Return the orders as PyVRP's clients; location 0 is the mall."""
    from pyvrp import Client  # noqa: PLC0415 - Each solver loads its own packages.

    return [
        Client(
            number + 1,
            delivery=[1],
            service_duration=case["service_s"],
            tw_early=case["opens"][number],
            tw_late=case["closes"][number],
            release_time=case["released"][number],
        )
        for number in range(len(case["released"]))
    ]


def pyvrp_groups(case: Case) -> list[list[int]]:
    """Return the groups of a VRPTW with release times."""
    import numpy as np  # noqa: PLC0415 - Each solver loads its own packages.
    from pyvrp import Depot, Location, ProblemData, VehicleType, solve  # noqa: PLC0415

    matrix: Any = np.array(case["matrix"], dtype=np.int64)
    count = len(matrix) - 1
    vehicle = VehicleType(
        num_available=count,
        capacity=[case["orders_max"]],
        fixed_cost=case["run_cost_s"],
        tw_late=HORIZON_S,
        unit_distance_cost=0,
        unit_duration_cost=1,
    )
    locations = [Location(0, 0)] * (count + 1)
    data = ProblemData(locations, clients_of(case), [Depot(0)], [vehicle], [matrix], [matrix])
    stop = Stop(case["seconds"])
    found = solve(data, stop, seed=1, collect_stats=False, display=False)
    return [[each.idx for each in route if each.is_client()] for route in found.best.routes()]


def vroom_groups(case: Case) -> list[list[int]]:
    """Return the groups that VROOM finds within its CPU time."""
    return within_cpu_time(case["seconds"], lambda wall_s: _vroom_groups(case, wall_s))


def _vroom_groups(case: Case, wall_s: float) -> list[list[int]]:
    """Return the groups of shipments that are picked up at the mall once they are released.

    A vehicle that comes back to the mall begins another group there.
    """
    import numpy as np  # noqa: PLC0415
    import vroom  # noqa: PLC0415

    count = len(case["matrix"]) - 1
    problem = vroom.Input()
    problem.set_durations_matrix("car", np.array(case["matrix"], dtype=np.uint32))
    # As many vehicles as could be needed, with some in hand: one for each order takes it minutes.
    for number in range(max(2, count // 3)):
        problem.add_vehicle(
            vroom.Vehicle(
                number + 1,
                start=0,
                capacity=[case["orders_max"]],
                time_window=(0, HORIZON_S),
                # Coming back for more would be another run: its fixed cost would be forgotten.
                max_tasks=2 * case["orders_max"],
                costs=vroom.VehicleCosts(fixed=case["run_cost_s"]),
            )
        )
    for number in range(count):
        opens, closes = case["opens"][number], case["closes"][number]
        problem.add_shipment(
            vroom.ShipmentStep(
                number + 1,
                location=0,
                time_windows=[vroom.TimeWindow(case["released"][number], HORIZON_S)],
            ),
            vroom.ShipmentStep(
                number + 1,
                location=number + 1,
                default_service=case["service_s"],
                time_windows=[vroom.TimeWindow(opens, closes)],
            ),
            amount=vroom.Amount([1]),
        )
    solution = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=wall_s))
    groups: list[list[int]] = []
    last: tuple[int, str] | None = None
    steps = solution.routes
    for vehicle, kind, name in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind not in {"pickup", "delivery"}:
            continue
        if kind == "pickup" and (last is None or last != (vehicle, "pickup")):
            groups.append([])
        if kind == "pickup":
            groups[-1].append(int(name) - 1)
        last = (vehicle, kind)
    return groups


def ortools_groups(case: Case) -> list[list[int]]:
    """Return the groups of a VRPTW whose vehicles leave after the last release of what they carry.

    The release is a time window at the start that each order narrows for its vehicle.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    matrix = case["matrix"]
    count = len(matrix) - 1
    vehicles = max(2, count // 3)
    manager = pywrapcp.RoutingIndexManager(count + 1, vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    travel = routing.RegisterTransitMatrix(matrix)
    clock = routing.RegisterTransitMatrix(
        [
            [way + (case["service_s"] if node else 0) for way in row]
            for node, row in enumerate(matrix)
        ]
    )
    ones = routing.RegisterUnaryTransitVector([0, *([1] * count)])
    routing.SetArcCostEvaluatorOfAllVehicles(travel)
    routing.SetFixedCostOfAllVehicles(case["run_cost_s"])
    routing.AddDimension(ones, 0, case["orders_max"], True, "orders")  # noqa: FBT003
    routing.AddDimension(clock, HORIZON_S, HORIZON_S, False, "time")  # noqa: FBT003
    time_of = routing.GetDimensionOrDie("time")
    time_of.SetSpanCostCoefficientForAllVehicles(1)
    solver = routing.solver()
    starts = [time_of.CumulVar(routing.Start(vehicle)) for vehicle in range(vehicles)]
    for number in range(count):
        index = manager.NodeToIndex(number + 1)
        time_of.CumulVar(index).SetRange(case["opens"][number], case["closes"][number])
        routing.AddDisjunction([index], 100 * HORIZON_S)
        if case["released"][number]:
            # Vehicle -1 means left out; the first entry of the list stands for it.
            start = solver.Element(
                [solver.IntConst(HORIZON_S), *starts], routing.VehicleVar(index) + 1
            )
            solver.Add(start >= case["released"][number])
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    routing.AddSearchMonitor(solver.CustomLimit(over(case["seconds"])))
    found = routing.SolveWithParameters(search)
    groups: list[list[int]] = []
    if found is None:
        return groups
    for vehicle in range(vehicles):
        index = found.Value(routing.NextVar(routing.Start(vehicle)))
        group: list[int] = []
        while not routing.IsEnd(index):
            group.append(manager.IndexToNode(index) - 1)
            index = found.Value(routing.NextVar(index))
        groups += [group] if group else []
    return groups


SOLVERS: dict[str, Callable[[Case], list[list[int]]]] = {
    "pyvrp": pyvrp_groups,
    "vroom": vroom_groups,
    "ortools": ortools_groups,
}


def main(name: str) -> None:
    """Answer case by case."""
    for line in sys.stdin:
        case = json.loads(line)
        began = time.process_time()
        groups = SOLVERS[name](case)
        spent = time.process_time() - began
        done = {number for group in groups for number in group}
        left_out = sorted(set(range(len(case["released"]))) - done)
        print(json.dumps({"groups": groups, "left_out": left_out, "s": spent}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
