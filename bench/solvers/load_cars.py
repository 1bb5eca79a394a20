"""Put the orders of one mall into cars that may come back for more: cases in, loads out.

Started with the peers' own Python. A case is one of `group_orders.py` with three more: `backs`,
seconds from each door back to the mall, `turn_s`, which one more load takes at the mall, and
`loads_max`. Each line of the output is {"cars": for each a list of loads in their order, each a
list of numbers of orders, from 0, "left_out": numbers, "s": CPU seconds with building the model}.
"""

# The packages are those of requirements.txt beside this file, in an environment of their own.
# pyright: reportMissingImports=false

import json
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from group_orders import HORIZON_S, Case, Stop, clients_of, within_cpu_time

Cars = list[list[list[int]]]


def pyvrp_cars(case: Case) -> Cars:
    """Return the loads of a VRPTW with release times, reloads at the mall and a free way home."""
    import numpy as np  # noqa: PLC0415 - Each solver loads its own packages.
    from pyvrp import Depot, Location, ProblemData, VehicleType, solve  # noqa: PLC0415

    count = len(case["released"])
    # The mall, the doors, and home, which is next to every door.
    matrix: Any = np.zeros((count + 2, count + 2), dtype=np.int64)
    matrix[: count + 1, : count + 1] = np.array(case["matrix"])
    matrix[1 : count + 1, 0] = case["backs"]
    vehicle = VehicleType(
        num_available=count,
        capacity=[case["orders_max"]],
        start_depot=0,
        end_depot=1,
        fixed_cost=case["run_cost_s"],
        tw_late=HORIZON_S,
        unit_distance_cost=0,
        unit_duration_cost=1,
        reload_depots=[2],
        max_reloads=case["loads_max"] - 1,
    )
    # Release times have the first load's work in them: only a further one takes time of its own.
    depots = [Depot(0), Depot(count + 1), Depot(0, service_duration=case["turn_s"])]
    locations = [Location(0, 0)] * (count + 2)
    data = ProblemData(locations, clients_of(case), depots, [vehicle], [matrix], [matrix])
    stop = Stop(case["seconds"])
    found = solve(data, stop, seed=1, collect_stats=False, display=False)
    cars: Cars = []
    for route in found.best.routes():
        loads: list[list[int]] = [[]]
        for each in route:
            if each.is_client():
                loads[-1].append(each.idx)
            elif loads[-1]:
                loads.append([])
        cars.append([load for load in loads if load])
    return cars


def vroom_cars(case: Case) -> Cars:
    """Return the loads that VROOM finds within its CPU time."""
    return within_cpu_time(case["seconds"], lambda wall_s: _vroom_cars(case, wall_s))


def _vroom_cars(case: Case, wall_s: float) -> Cars:
    """Return cars of shipments that are picked up at the mall once they are released."""
    import numpy as np  # noqa: PLC0415
    import vroom  # noqa: PLC0415

    count = len(case["released"])
    matrix: Any = np.array(case["matrix"], dtype=np.uint32)
    matrix[1:, 0] = case["backs"]
    # What a further load takes at the mall lies on the way back.
    matrix[1:, 0] += case["turn_s"]
    problem = vroom.Input()
    problem.set_durations_matrix("car", matrix)
    for number in range(max(2, count // 3)):
        problem.add_vehicle(
            vroom.Vehicle(
                number + 1,
                start=0,
                capacity=[case["orders_max"]],
                time_window=(0, HORIZON_S),
                max_tasks=2 * case["orders_max"] * case["loads_max"],
                costs=vroom.VehicleCosts(fixed=case["run_cost_s"]),
            )
        )
    for number in range(count):
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
                time_windows=[vroom.TimeWindow(case["opens"][number], case["closes"][number])],
            ),
            amount=vroom.Amount([1]),
        )
    solution = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=wall_s))
    cars: Cars = []
    last: tuple[int, str] | None = None
    steps = solution.routes
    for car, kind, name in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind not in {"pickup", "delivery"}:
            continue
        if last is None or last[0] != car:
            cars.append([])
        if kind == "pickup" and last != (car, "pickup"):
            cars[-1].append([])
        if kind == "pickup":
            cars[-1][-1].append(int(name) - 1)
        last = (car, kind)
    return cars


SOLVERS: dict[str, Callable[[Case], Cars]] = {"pyvrp": pyvrp_cars, "vroom": vroom_cars}


def main(name: str) -> None:
    """Answer case by case."""
    for line in sys.stdin:
        case = json.loads(line)
        began = time.process_time()
        cars = SOLVERS[name](case)
        spent = time.process_time() - began
        done = {number for loads in cars for load in loads for number in load}
        left_out = sorted(set(range(len(case["released"]))) - done)
        print(json.dumps({"cars": cars, "left_out": left_out, "s": spent}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
