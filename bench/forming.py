"""What it costs to bring the open orders of one mall, beside three solvers with as much time.

Malls of 50, 200 and 1,000 orders by seed: twenty stores on two floors, doors around. Ours is what
the product does: a place for each order at once, then the regrouping job. The peers get the CPU
time that took, and release times that know the way from each counter to the car. Every answer is
then planned and costed alike, by the product's exact sequencing: seconds from start to end over all
runs, and 30 minutes for each run. An order that a peer leaves out gets a run of its own.
"""

import random
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from app.domain import eta
from app.domain.forming import ORDERS_MAX, OfferedRun, form
from app.domain.geo import Point
from app.domain.group_costs import RUN_COST_S, GroupsCost
from app.domain.grouping import Bench
from app.domain.regrouping import regroup
from app.domain.run_plan import OpenDelivery
from app.domain.travel import estimate
from app.domain.walking import Spot, walk_s
from app.runs.solving import propose
from bench import peer_solvers
from bench.figures import Figure, quantile, say
from tests.domain.run_cases import NOW, SITE

SIZES = (50, 200, 1_000)
PEERS = ("pyvrp", "vroom", "ortools")
GOAL_RATIO = 1.02
NEW_ORDERS = 100
_STORES = 20


def measure() -> Iterator[Figure]:
    """Form every mall's runs, and let the peers do it."""
    peer_solvers.install("forming")
    for size in SIZES:
        yield from _beside_peers(size)
    yield _one_more(SIZES[-1])


def _beside_peers(size: int) -> Iterator[Figure]:
    orders = _mall(size)
    bench = Bench(orders, SITE, NOW, estimate)
    say(f"forming: {size} orders")
    began = time.process_time()
    change = regroup(_offered(orders), SITE, NOW, [propose])
    spent = time.process_time() - began
    yield Figure(name=f"forming_{size}_seconds", ours=f"{spent:.1f} s", judged=spent)
    ours = change.after
    costs: dict[str, GroupsCost] = {}
    for peer in PEERS:
        say(f"forming: {size} orders, {peer}")
        (answer,) = peer_solvers.answers("group_orders.py", peer, [_case(orders, spent)])
        groups = [*answer["groups"], *([number] for number in answer["left_out"])]
        costs[peer] = bench.total(
            frozenset(bench.deliveries[number].id for number in group) for group in groups
        )
        yield Figure(
            name=f"forming_{size}_beside_{peer}",
            ours=_words(ours),
            peer=_words(costs[peer]),
            ratio=ours.work_s / costs[peer].work_s,
            judged=answer["s"],
        )
    best = min(costs.values())
    # More late seconds than the best peer would be no answer, whatever it costs.
    ratio = ours.work_s / best.work_s if ours.late_s <= best.late_s else float("inf")
    yield Figure(
        name=f"forming_{size}_to_best_peer",
        ours=_words(ours),
        peer=_words(best),
        ratio=ratio,
        judged=ratio,
        goal=GOAL_RATIO,
        rule="at_most",
    )


def _one_more(size: int) -> Figure:
    """Give one new order a place among so many open ones, again and again."""
    say(f"forming: one more than {size} orders")
    everything = _mall(size + NEW_ORDERS)
    # Every other run has lost an order, so that there is room to choose from.
    offered = [
        OfferedRun(run.id, run.deliveries[number % 2 :] or run.deliveries)
        for number, run in enumerate(_offered(everything[:size]))
    ]
    ms: list[float] = []
    for order in everything[size:]:
        began = time.thread_time()
        form([order], offered, SITE, NOW)
        ms.append((time.thread_time() - began) * 1_000)
    p95 = quantile(ms, 0.95)
    return Figure(name=f"forming_one_more_than_{size}_ms_p95", ours=f"{p95:.0f} ms", judged=p95)


def _offered(orders: Sequence[OpenDelivery]) -> list[OfferedRun]:
    by_id = {each.id: each for each in orders}
    return [
        OfferedRun(f"run_{number:04}", tuple(by_id[each] for each in plan.delivery_ids))
        for number, plan in enumerate(form(orders, (), SITE, NOW))
    ]


def _words(cost: GroupsCost) -> str:
    late = f" +{cost.late_s} late" if cost.late_s else ""
    return f"{cost.work_s} s{late}"


def _mall(size: int) -> list[OpenDelivery]:
    """Return orders due within four hours, ready within one; their ids sort as they come."""
    chance = random.Random(min(size, SIZES[-1]))  # noqa: S311 - Cases, not secrets.
    stores = [
        Spot(
            Point(
                33.3012 + chance.uniform(-15, 25) / 1e4, -111.8990 + chance.uniform(-20, 20) / 1e4
            ),
            chance.choice([0, 0, 1]),
        )
        for _ in range(_STORES)
    ]
    return [_order(number, stores, chance) for number in range(size)]


def _order(number: int, stores: Sequence[Spot], chance: random.Random) -> OpenDelivery:
    store = chance.randrange(len(stores))
    return OpenDelivery(
        id=f"dlv_{number:04}",
        store_id=f"str_{store:02}",
        store_point=stores[store].point,
        floor=stores[store].floor,
        dropoff=Point(33.3012 + chance.gauss(0, 0.035), -111.8990 + chance.gauss(0, 0.04)),
        window_from=NOW,
        window_until=NOW + timedelta(minutes=chance.randint(120, 240)),
        ready_at=NOW + timedelta(minutes=chance.choice([-10, chance.randint(0, 60)])),
        parcels=1,
    )


def _case(orders: Sequence[OpenDelivery], seconds: float) -> dict[str, Any]:
    points = [SITE.parking, *(each.dropoff for each in orders)]
    matrix = [
        [
            0 if column in (0, row) else estimate(start, end, NOW).seconds
            for column, end in enumerate(points)
        ]
        for row, start in enumerate(points)
    ]
    return {
        "matrix": matrix,
        "released": [_released_s(each) for each in orders],
        "opens": [0] * len(orders),
        "closes": [_seconds(each.window_until - NOW) for each in orders],
        "service_s": eta.DOOR_S + eta.HANDOVER_NEXT_S,
        "orders_max": ORDERS_MAX,
        "run_cost_s": RUN_COST_S,
        "seconds": seconds,
    }


def _released_s(order: OpenDelivery) -> int:
    car, entrance = Spot(SITE.parking, 0), Spot(SITE.entrance, SITE.entrance_floor)
    in_s = walk_s(car, entrance) + walk_s(entrance, order.store_spot)
    reached_s = max(eta.PARKING_S + in_s, _seconds(order.ready_at - NOW))
    return reached_s + eta.HANDOVER_FIRST_S + in_s


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
