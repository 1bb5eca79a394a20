"""How often the order of a run's stops is the best there is, and how long finding it takes.

1,000 runs of 2 to 10 orders by seed. The best is known from the tests' solver, which works another
way. The peers get the runs on which every window can be kept, for they know windows as hard ones
only, and count as best when they end as early or travel as little. Times are CPU times.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import eta
from app.domain.run_plan import OpenDelivery
from app.domain.sequencing import plan_run
from app.domain.travel import estimate
from app.domain.walking import Spot, walk_s
from bench import peer_solvers
from bench.figures import Figure, quantile, say
from tests.domain.run_cases import NOW, SITE, Key, best_key, key_of, random_run

COUNT = 1_000
SIZES = range(2, 11)
#: To this many orders every single answer must be the best.
EXACT_TO = 8
GOAL_BEYOND = 0.99
GOAL_MS = 60
PEERS = ("vroom", "ortools")
_LONG_S = 100_000
_SETUP_S = eta.HANDOVER_FIRST_S - eta.HANDOVER_NEXT_S


@dataclass(frozen=True, slots=True)
class _Answer:
    """One run: what it costs at best, whether we found that, and how long it took."""

    orders: list[OpenDelivery]
    best: Key
    is_best: bool
    ms: float


def measure() -> Iterator[Figure]:
    """Plan every run, and let the peers plan what they can."""
    peer_solvers.install("sequencing")
    answers = list(_ours())
    small = [each for each in answers if len(each.orders) <= EXACT_TO]
    large = [each for each in answers if len(each.orders) > EXACT_TO]
    yield _share("sequencing_best_to_8", small, 1.0)
    yield _share("sequencing_best_at_9_10", large, GOAL_BEYOND)
    for share in (0.5, 0.99):
        ms = quantile([each.ms for each in answers], share)
        yield Figure(
            name=f"sequencing_ms_p{share * 100:.0f}",
            ours=f"{ms:.1f} ms",
            judged=ms,
            goal=GOAL_MS if share > 0.5 else None,
            rule="at_most" if share > 0.5 else "report",
        )
    in_time = [each for each in answers if not each.best[0]]
    for peer in PEERS:
        yield from _beside(peer, in_time)


def _ours() -> Iterator[_Answer]:
    for number in range(COUNT):
        if number % 50 == 0:
            say(f"sequencing: run {number} of {COUNT}")
        orders = random_run(10_000 + number, SIZES[number % len(SIZES)])
        began = time.thread_time()
        plan = plan_run(orders, SITE, NOW, revisits=True)
        ms = (time.thread_time() - began) * 1_000
        best = best_key(orders)
        yield _Answer(orders, best, key_of(plan, orders) == best, ms)


def _share(name: str, answers: Sequence[_Answer], goal: float) -> Figure:
    best = sum(each.is_best for each in answers)
    return Figure(
        name=name,
        ours=f"{best}/{len(answers)}",
        judged=best / len(answers),
        goal=goal,
        rule="at_least",
    )


def _beside(peer: str, runs: Sequence[_Answer]) -> Iterator[Figure]:
    ours, theirs, ms = 0, 0, list[float]()
    cases = [_case(each.orders) for each in runs]
    found = peer_solvers.answers("order_stops.py", peer, cases)
    for number, (run, case, answer) in enumerate(zip(runs, cases, found, strict=True)):
        if number % 50 == 0:
            say(f"sequencing: {peer}, run {number} of {len(runs)}")
        ours += run.is_best
        theirs += answer["order"] is not None and _is_best(case, answer["order"], run.best)
        ms.append(answer["ms"])
    yield Figure(
        name=f"sequencing_best_beside_{peer}",
        ours=f"{ours}/{len(runs)}",
        peer=f"{theirs}/{len(runs)}",
        ratio=ours / max(1, theirs),
        judged=ours / max(1, theirs),
        goal=1.0,
        rule="at_least",
    )
    our_ms, peer_ms = (quantile(each, 0.99) for each in ([run.ms for run in runs], ms))
    yield Figure(
        name=f"sequencing_ms_p99_beside_{peer}",
        ours=f"{our_ms:.1f} ms",
        peer=f"{peer_ms:.1f} ms",
        ratio=our_ms / peer_ms,
        judged=our_ms,
    )


@dataclass(frozen=True, slots=True)
class _Node:
    """A pickup or a door of one order, as the peers know places."""

    order: OpenDelivery
    is_door: bool


def _case(orders: Sequence[OpenDelivery]) -> dict[str, Any]:
    """Return a run as the peers read it. Turning to a counter costs the first minute there."""
    nodes = [_Node(each, is_door) for is_door in (False, True) for each in orders]
    matrix = [[0, *(_way(None, end) for end in nodes)]]
    matrix += [[0, *(_way(start, end) for end in nodes)] for start in nodes]
    pickups = [[max(0, _seconds(each.ready_at)), _LONG_S] for each in orders]
    doors = [[max(0, _seconds(each.window_from)), _seconds(each.window_until)] for each in orders]
    service = [0, *([eta.HANDOVER_NEXT_S] * len(orders)), *([eta.DOOR_S] * len(orders))]
    return {"matrix": matrix, "service": service, "windows": [[0, _LONG_S], *pickups, *doors]}


def _way(start: _Node | None, end: _Node) -> int:
    """Return the seconds from the start of the run or a node to a node, by car and on foot."""
    car, entrance = Spot(SITE.parking, 0), Spot(SITE.entrance, SITE.entrance_floor)
    if start is not None and not start.is_door and not end.is_door:
        if start.order.store_id == end.order.store_id:
            return 0
        return walk_s(start.order.store_spot, end.order.store_spot) + _SETUP_S
    left_by = start.order.dropoff if start is not None and start.is_door else SITE.parking
    back_s = 0
    if start is not None and not start.is_door:
        back_s = walk_s(start.order.store_spot, entrance) + walk_s(entrance, car)
    if end.is_door:
        return back_s + estimate(left_by, end.order.dropoff, NOW).seconds
    drive_s = 0 if start is None else estimate(left_by, SITE.parking, NOW).seconds
    in_s = eta.PARKING_S + walk_s(car, entrance) + walk_s(entrance, end.order.store_spot)
    return drive_s + in_s + _SETUP_S


def _seconds(instant: datetime) -> int:
    return round((instant - NOW).total_seconds())


def _is_best(case: dict[str, Any], order: Sequence[int], best: Key) -> bool:
    """Tell whether a peer's order keeps every window and ends as early, or works as little."""
    clock, work, last = 0, 0, 0
    for node in order:
        opens, closes = case["windows"][node]
        leg, service = case["matrix"][last][node], case["service"][node]
        begins = max(clock + leg, opens)
        if begins > closes:
            return False
        clock, work, last = begins + service, work + leg + service, node
    way_in_s = eta.PARKING_S + walk_s(Spot(SITE.parking, 0), Spot(SITE.entrance, 0))
    return clock <= best[2] or work - way_in_s <= best[3]
