"""Order the stops of single runs with VROOM or OR-Tools: cases in, orders and milliseconds out.

Started with the peers' own Python. Each line of the input is a case: `matrix` (seconds, node 0 is
the start, then the pickups, then the doors), `service` and `windows` by node. Each line of the
output is {"order": nodes or null, "ms": CPU milliseconds with building the model}.
"""

# The packages are those of requirements.txt beside this file, in an environment of their own.
# pyright: reportMissingImports=false

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Case = dict[str, Any]

#: What the search of OR-Tools gets; it always takes all of it.
ORTOOLS_MS = 50
HORIZON_S = 100_000


def vroom_order(case: Case) -> list[int] | None:
    """Return the nodes in order, or None when an order is left out."""
    import numpy as np  # noqa: PLC0415 - Each solver loads its own packages.
    import vroom  # noqa: PLC0415

    count = (len(case["matrix"]) - 1) // 2
    problem = vroom.Input()
    problem.set_durations_matrix("car", np.array(case["matrix"], dtype=np.uint32))
    problem.add_vehicle(vroom.Vehicle(1, start=0, time_window=(0, HORIZON_S)))
    for number in range(1, count + 1):
        problem.add_shipment(
            *(
                vroom.ShipmentStep(
                    node,
                    location=node,
                    default_service=case["service"][node],
                    time_windows=[tuple(case["windows"][node])],
                )
                for node in (number, number + count)
            )
        )
    solution = problem.solve(exploration_level=5, nb_threads=1)
    steps = solution.routes
    order = [int(node) for node in steps["id"][steps["type"].isin(["pickup", "delivery"])]]
    return order if len(order) == 2 * count else None


def ortools_order(case: Case) -> list[int] | None:
    """Return the nodes in order, or None when an order is left out."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    matrix, service = case["matrix"], case["service"]
    size = len(matrix)
    count = (size - 1) // 2
    # A node without a way out or in stands for the open end.
    ended = [[*row, 0] for row in matrix] + [[HORIZON_S] * size + [0]]
    manager = pywrapcp.RoutingIndexManager(size + 1, 1, [0], [size])
    routing = pywrapcp.RoutingModel(manager)
    travel = routing.RegisterTransitMatrix(ended)
    clock = routing.RegisterTransitMatrix(
        [
            [way + (0 if node == size else service[node]) for way in row]
            for node, row in enumerate(ended)
        ]
    )
    routing.SetArcCostEvaluatorOfAllVehicles(travel)
    routing.AddDimension(clock, HORIZON_S, HORIZON_S, False, "time")  # noqa: FBT003 - Its signature.
    time_of = routing.GetDimensionOrDie("time")
    solver = routing.solver()
    for node in range(1, size):
        opens, closes = case["windows"][node]
        time_of.CumulVar(manager.NodeToIndex(node)).SetRange(opens, min(closes, HORIZON_S))
    for number in range(1, count + 1):
        pickup, door = manager.NodeToIndex(number), manager.NodeToIndex(number + count)
        routing.AddPickupAndDelivery(pickup, door)
        solver.Add(time_of.CumulVar(pickup) <= time_of.CumulVar(door))
    # Leaving orders out must be possible, or a tight case is searched for a minute.
    for node in range(1, size):
        routing.AddDisjunction([manager.NodeToIndex(node)], 10 * HORIZON_S)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.time_limit.FromMilliseconds(ORTOOLS_MS)
    found = routing.SolveWithParameters(search)
    if found is None:
        return None
    order: list[int] = []
    index = routing.Start(0)
    while not routing.IsEnd(index):
        index = found.Value(routing.NextVar(index))
        order.append(manager.IndexToNode(index))
    return order[:-1] if len(order) == size else None


SOLVERS: dict[str, Callable[[Case], list[int] | None]] = {
    "vroom": vroom_order,
    "ortools": ortools_order,
}


def main(name: str) -> None:
    """Answer case by case."""
    solve = SOLVERS[name]
    is_warm = False
    for line in sys.stdin:
        case = json.loads(line)
        if not is_warm:
            solve(case)
            is_warm = True
        began = time.process_time()
        order = solve(case)
        spent = time.process_time() - began
        print(json.dumps({"order": order, "ms": spent * 1_000}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
