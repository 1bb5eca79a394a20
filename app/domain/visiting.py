"""The best order of visits on one way: the doors of a run, or the stores of a mall.

A dynamic programme over (which visits are done, which was last) with the labels that nothing beats
(lateness, clock, work). What is still to come is bounded from below by the shortest way through it,
itself exact, and from above by an answer found before; that leaves few labels alive.

Source: Held and Karp 1962 for the bound; labels and dominance as for the time-constrained shortest
path (Desrochers and Soumis 1988).
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from app.domain.tour import Cost, Tour, along, moves, numbers_of, shortest, sums_of

#: To this many visits every label is kept, so that the answer is the best there is.
EXACT_MAX: Final = 8
#: Beyond, a round of the programme goes on with this many labels, those with the best prospects.
LABELS_MAX: Final = 200
#: Beyond this many visits the exact bound costs more than it saves: 2^10 sets are 10 ms.
BOUND_MAX: Final = 10
#: … and the programme goes on with this many labels.
LABELS_MAX_WITHOUT_BOUND: Final = 150


#: Seconds from a visit (second) through all of a set (first, as bits) to the end, without waits.
ToGo = Callable[[int, int], int]


class Found(NamedTuple):
    """An order of visits, and with which of the possible starts it is best."""

    cost: Cost
    start: int
    order: tuple[int, ...]


class _Label(NamedTuple):
    """A way so far. Its cost is not the whole way's: that to the end is left out."""

    late_s: int
    clock_s: int
    work_s: int
    order: tuple[int, ...]


class Search:
    """The search for the cheapest order of one tour's visits, from one start or several.

    Args:
        tour: At least one visit.
    """

    def __init__(self, tour: Tour) -> None:
        self._tour = tour
        self._count = len(tour.visits)
        self._all = (1 << self._count) - 1
        self._by_close = sorted(range(self._count), key=lambda each: tour.visits[each].closes_s)
        has_bound = self._count <= BOUND_MAX
        self._shortest = shortest(tour.legs, tour.ends) if has_bound else None
        self._bound = self._exact_bound(self._shortest) if self._shortest else self._rough_bound()
        self._known_deadlines: dict[int, tuple[list[int], int]] = {}
        self._labels_max = LABELS_MAX if has_bound else LABELS_MAX_WITHOUT_BOUND

    def best(self, starts: Sequence[Cost]) -> Found:
        """Return the cheapest order: the best to `EXACT_MAX` visits, else a good one.

        Args:
            starts: What may have been spent before, and when one sets out then; at least one, the
                earliest first, none later and more work than another.
        """
        best = self._better(0, starts[0], self._quick(starts[0]))
        for number, start in enumerate(starts[1:], start=1):
            if self._may_wait(starts[0]):
                best = self._better(number, start, best)
        return best

    def _may_wait(self, start: Cost) -> bool:
        """Tell whether a visit may begin with a wait. Without one, setting out later ends later."""
        earliest = start.ends_s + min(self._tour.legs[self._count])
        return any(visit.opens_s > earliest for visit in self._tour.visits)

    def better(self, start: Cost, than: Cost) -> Found | None:
        """Return the cheapest order from a start if it costs less than something known."""
        found = self._better(0, start, Found(than, 0, ()))
        return found if found.order else None

    def _quick(self, start: Cost) -> Found:
        """Return a good order from a start: moving any single visit makes it no better.

        Where nobody is late or waits on the shortest way it is the best, and all there is to do.
        """
        if self._shortest is not None:
            order = along(self._shortest, self._tour.legs)
            cost = self._tour.cost(order, start)
            if cost <= self._at_least(start):
                return Found(cost, 0, order)
        first_orders = (self._nearest_next(), tuple(self._by_close))
        cost, order = min(self._improved(order, start) for order in first_orders)
        return Found(cost, 0, order)

    def _at_least(self, start: Cost) -> Cost:
        """Return what no order can undercut: never late, never waiting, on the shortest way."""
        rest = self._bound(self._all, self._count)
        return Cost(start.late_s, start.ends_s + rest, start.work_s + rest)

    def _better(self, number: int, start: Cost, best: Found) -> Found:
        """Return the best order from a start, or `best` when that costs no more."""
        if best.cost <= self._at_least(start):
            return best
        layer = {(self._all, self._count): [_Label(*start, ())]}
        for _round in range(self._count):
            layer = self._next_layer(layer, best.cost)
        ends = self._tour.ends
        for (_left, last), labels in layer.items():
            for late, clock, work, order in labels:
                cost = Cost(late, clock + ends[last], work + ends[last])
                best = min(best, Found(cost, number, order))
        return best

    def _next_layer(
        self, layer: dict[tuple[int, int], list[_Label]], best: Cost
    ) -> dict[tuple[int, int], list[_Label]]:
        """Let every label make one more visit; keep what nothing beats and what may beat `best`."""
        visits, legs, bound = self._tour.visits, self._tour.legs, self._bound
        following: dict[tuple[int, int], list[_Label]] = {}
        for (left, last), labels in layer.items():
            for number in numbers_of(left):
                rest_of = left ^ (1 << number)
                rest = bound(rest_of, number)
                visit, leg = visits[number], legs[last][number]
                opens, closes, service = visit.opens_s, visit.closes_s, visit.service_s
                kept = following.setdefault((rest_of, number), [])
                for late, clock, work, order in labels:
                    begins = max(clock + leg, opens)
                    ended = begins + service
                    after = late + max(0, begins - closes)
                    worked = work + leg + service
                    if (after, ended + rest, worked + rest) >= best:
                        continue
                    if best.late_s and (
                        after + self._late_at_least(rest_of, number, ended) > best.late_s
                    ):
                        continue
                    _keep(kept, _Label(after, ended, worked, (*order, number)))
        return self._cut(following)

    def _late_at_least(self, left: int, last: int, clock: int) -> int:
        """Return a bound for what the visits in a set will be late, whatever their order.

        Were all legs and services as short as the shortest, the earliest deadline first would be
        late least; and no visit is reached sooner than from here directly or over another one.
        """
        if not left:
            return 0
        closes, step = self._deadlines(left)
        row = self._tour.legs[last]
        late, at = 0, clock + min(row[number] for number in numbers_of(left))
        for close in closes:
            late += max(0, at - close)
            at += step
        return late

    def _deadlines(self, left: int) -> tuple[list[int], int]:
        """Return a set's deadlines, earliest first, and the least time from visit to visit."""
        known = self._known_deadlines.get(left)
        if known is None:
            visits, legs = self._tour.visits, self._tour.legs
            numbers = numbers_of(left)
            steps = (
                legs[one][other] + visits[one].service_s
                for one in numbers
                for other in numbers
                if one != other
            )
            known = (sorted(visits[number].closes_s for number in numbers), min(steps, default=0))
            self._known_deadlines[left] = known
        return known

    def _cut(
        self, layer: dict[tuple[int, int], list[_Label]]
    ) -> dict[tuple[int, int], list[_Label]]:
        """Leave out the labels with the worst prospects when there are too many."""
        if self._count <= EXACT_MAX or sum(map(len, layer.values())) <= self._labels_max:
            return layer
        ranked = sorted(
            (
                (
                    label.late_s + self._late_at_least(*state, label.clock_s),
                    label.clock_s + self._bound(*state),
                    label.work_s,
                    label.order,
                ),
                state,
                label,
            )
            for state, labels in layer.items()
            for label in labels
        )
        kept: dict[tuple[int, int], list[_Label]] = {}
        for _prospect, state, label in ranked[: self._labels_max]:
            kept.setdefault(state, []).append(label)
        return kept

    def _exact_bound(self, table: list[list[int]]) -> ToGo:
        services = sums_of([visit.service_s for visit in self._tour.visits])
        return lambda left, last: table[left][last] + services[left]

    def _rough_bound(self) -> ToGo:
        """Return a bound by the shortest leg into each visit."""
        least = [
            min(row[number] for at, row in enumerate(self._tour.legs) if at != number)
            + visit.service_s
            for number, visit in enumerate(self._tour.visits)
        ]
        return lambda left, _last: sum(least[number] for number in numbers_of(left))

    def _nearest_next(self) -> tuple[int, ...]:
        order: list[int] = []
        left = set(range(self._count))
        while left:
            row = self._tour.legs[order[-1] if order else self._count]
            order.append(min(left, key=lambda each: (row[each], each)))
            left.remove(order[-1])
        return tuple(order)

    def _improved(self, order: tuple[int, ...], start: Cost) -> tuple[Cost, tuple[int, ...]]:
        best = (self._tour.cost(order, start), order)
        while True:
            others = ((self._tour.cost(other, start), other) for other in moves(best[1]))
            found = min(others, default=best)
            if found[0] >= best[0]:
                return best
            best = found


def _keep(kept: list[_Label], label: _Label) -> None:
    """Add a label unless one is as good in everything; those it beats go."""
    late, clock, work, _order = label
    for other in kept:
        if other[0] <= late and other[1] <= clock and other[2] <= work:
            return
    kept[:] = [
        other for other in kept if not (late <= other[0] and clock <= other[1] and work <= other[2])
    ]
    kept.append(label)
