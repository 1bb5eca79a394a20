"""What it costs to bring the open orders of one mall, beside three solvers with as much CPU time.

Three real malls with 50 and with 200 orders each, one with 1,000. Ours is what the product does: a
place for each order at once, then the regrouping job. The peers get the CPU seconds of that job for
their search, building their models not counted; how each is stopped stands in
`solvers/group_orders.py`. They know the orders' release times with the way from each counter to the
car. Every answer is then planned and costed alike, by the product's exact sequencing: seconds from
start to end over all runs, and 30 minutes for each run. An order that a peer leaves out gets a run
of its own. No peer and no part of ours reloads at the mall within a run.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.forming import OfferedRun, form
from app.domain.group_costs import GroupsCost
from app.domain.grouping import Bench
from app.domain.regrouping import regroup
from app.domain.run_plan import FormingSite, OpenDelivery
from app.domain.travel import estimate
from app.runs.solving import propose
from bench import peer_solvers
from bench.figures import Figure, quantile, say
from bench.mall_cases import MallCase, mall_cases, peers_case
from tests.domain.run_cases import NOW

#: How many malls of each size.
MALLS = {50: 3, 200: 3, 1_000: 1}
PEERS = ("pyvrp", "vroom", "ortools")
GOAL_MEDIAN = 1.00
GOAL_WORST = 1.02
NEW_ORDERS = 100


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one mall's runs cost, ours and by peer, and the CPU seconds of each."""

    ours: GroupsCost
    seconds: float
    peers: dict[str, GroupsCost]
    peer_seconds: dict[str, float]

    @property
    def best(self) -> GroupsCost:
        """The best peer's."""
        return min(self.peers.values())

    @property
    def ratio(self) -> float:
        """Ours by the best peer's. More late seconds would be no answer, whatever it costs."""
        late = self.ours.late_s > self.best.late_s
        return float("inf") if late else self.ours.work_s / self.best.work_s


def measure() -> Iterator[Figure]:
    """Form every mall's runs, and let the peers do it."""
    peer_solvers.install("forming")
    answers: list[_Answer] = []
    for size, count in MALLS.items():
        found: list[_Answer] = []
        for mall in mall_cases(size, count):
            found.append(_answer(size, mall))
            yield _to_best(size, mall, found[-1])
        yield from _beside_peers(size, found)
        answers += found
    median = statistics.median(each.ratio for each in answers)
    yield _overall("forming_mall_median", median, len(answers), GOAL_MEDIAN)
    worst = max(each.ratio for each in answers)
    yield _overall("forming_mall_worst", worst, len(answers), GOAL_WORST)
    yield _one_more(max(MALLS))


def _answer(size: int, mall: MallCase) -> _Answer:
    bench = Bench(mall.orders, mall.site, NOW, estimate)
    say(f"forming: {size} orders, {mall.name}")
    offered = offered_runs(mall.orders, mall.site)
    began = time.process_time()
    ours = regroup(offered, mall.site, NOW, [propose]).after
    seconds = time.process_time() - began
    costs: dict[str, GroupsCost] = {}
    spent: dict[str, float] = {}
    for peer in PEERS:
        say(f"forming: {size} orders, {mall.name}, {peer}")
        case = peers_case(mall, seconds)
        (answer,) = peer_solvers.answers("group_orders.py", peer, [case])
        groups = [*answer["groups"], *([number] for number in answer["left_out"])]
        costs[peer] = bench.total(
            frozenset(bench.deliveries[number].id for number in group) for group in groups
        )
        spent[peer] = answer["s"]
    return _Answer(ours, seconds, costs, spent)


def _to_best(size: int, mall: MallCase, answer: _Answer) -> Figure:
    return Figure(
        name=f"forming_{size}_{mall.name}_to_best",
        ours=_words(answer.ours),
        peer=_words(answer.best),
        ratio=answer.ratio,
        judged=answer.ratio,
    )


def _beside_peers(size: int, answers: Sequence[_Answer]) -> Iterator[Figure]:
    """Yield the median over malls of one size: CPU seconds, and the cost beside each peer."""
    seconds = statistics.median(each.seconds for each in answers)
    yield Figure(name=f"forming_{size}_seconds", ours=f"{seconds:.1f} s", judged=seconds)
    for peer in PEERS:
        ratio = statistics.median(each.ours.work_s / each.peers[peer].work_s for each in answers)
        spent = statistics.median(each.peer_seconds[peer] for each in answers)
        yield Figure(
            name=f"forming_{size}_beside_{peer}",
            ours=f"{seconds:.1f} s",
            peer=f"{spent:.1f} s",
            ratio=ratio,
            judged=ratio,
        )


def _overall(name: str, ratio: float, count: int, goal: float) -> Figure:
    ours = f"{count} malls"
    return Figure(name=name, ours=ours, ratio=ratio, judged=ratio, goal=goal, rule="at_most")


def _one_more(size: int) -> Figure:
    """Give one new order a place among so many open ones, again and again."""
    say(f"forming: one more than {size} orders")
    (mall,) = mall_cases(size + NEW_ORDERS, 1)
    # Every other run has lost an order, so that there is room to choose from.
    offered = [
        OfferedRun(run.id, run.deliveries[number % 2 :] or run.deliveries)
        for number, run in enumerate(offered_runs(mall.orders[:size], mall.site))
    ]
    ms: list[float] = []
    for order in mall.orders[size:]:
        began = time.thread_time()
        form([order], offered, mall.site, NOW)
        ms.append((time.thread_time() - began) * 1_000)
    p95 = quantile(ms, 0.95)
    return Figure(name=f"forming_one_more_than_{size}_ms_p95", ours=f"{p95:.0f} ms", judged=p95)


def offered_runs(orders: Sequence[OpenDelivery], site: FormingSite) -> list[OfferedRun]:
    """Return the runs that `form` gives orders at once."""
    by_id = {each.id: each for each in orders}
    return [
        OfferedRun(f"run_{number:04}", tuple(by_id[each] for each in plan.delivery_ids))
        for number, plan in enumerate(form(orders, (), site, NOW))
    ]


def _words(cost: GroupsCost) -> str:
    late = f" +{cost.late_s} late" if cost.late_s else ""
    return f"{cost.work_s} s{late}"
