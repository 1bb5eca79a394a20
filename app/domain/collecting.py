"""The ways through the stores of a mall on which all orders of a run are collected.

Usually each store is visited once, when all its orders are ready. Taking a late order on a visit of
its own is worth it only when a window would be missed otherwise: the others are handed over in the
meantime, so the collecting ends earlier, but the driver is at work for longer.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.domain.tour import shortest


@dataclass(frozen=True, slots=True)
class Mall:
    """Stores of a run, by number.

    Attributes:
        ready_s: For each store when its orders are ready, earliest first; at least one.
        legs: Seconds on foot from store to store; the last row is from the entrance.
        ends: Seconds on foot from each store to the car.
        counter_s: For each store the seconds at its counter for one order, for two, and so on.
    """

    ready_s: tuple[tuple[int, ...], ...]
    legs: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...]
    counter_s: tuple[tuple[int, ...], ...]


class Take(NamedTuple):
    """A visit: at which store, and how many further orders are taken: the earliest ready."""

    store: int
    order_count: int


class Collected(NamedTuple):
    """A way on which everything is collected; less is better.

    Attributes:
        ends_s: When the driver is back at the car.
        work_s: Seconds on foot and at counters; waits are left out.
        takes: The visits in order.
    """

    ends_s: int
    work_s: int
    takes: tuple[Take, ...]


class _Label(NamedTuple):
    clock_s: int
    work_s: int
    takes: tuple[Take, ...]


#: How many orders are left at each store, and where the driver is.
_State = tuple[tuple[int, ...], int]


def collect_once(mall: Mall, start_s: int) -> list[Collected]:
    """Return the ways with one visit for each store that no other beats in both end and work.

    Args:
        mall: At least one store.
        start_s: When the driver comes in at the entrance.
    """
    search = _Search(mall)
    first = search.shortest_way(start_s)
    layer = search.start(start_s)
    for _round in mall.ends:
        layer = search.next_layer(layer, (first.ends_s, first.work_s), may_return=False)
    return _unbeaten([first, *search.finished(layer)])


def collect_with_returns(mall: Mall, start_s: int, before_s: int) -> list[Collected]:
    """Return the ways that end before an instant because stores are visited more than once.

    Args:
        mall: At least one store.
        start_s: When the driver comes in at the entrance.
        before_s: When the best way with single visits ends.
    """
    search = _Search(mall)
    if before_s <= search.ends_at_least():
        return []
    layer = search.start(start_s)
    found: list[Collected] = []
    for _round in range(sum(map(len, mall.ready_s))):
        layer = search.next_layer(layer, (before_s, 0), may_return=True)
        found += search.finished(layer)
    return _unbeaten(found)


class _Search:
    """What both ways of collecting share."""

    def __init__(self, mall: Mall) -> None:
        self._mall = mall
        self._walks = shortest(mall.legs, mall.ends)
        self._nothing = tuple(0 for _ in mall.ends)
        #: For what is left: the stores as a set, and the time at their counters.
        self._left: dict[tuple[int, ...], tuple[int, int]] = {}

    def start(self, start_s: int) -> dict[_State, list[_Label]]:
        """Return the one state at the entrance."""
        left = tuple(map(len, self._mall.ready_s))
        return {(left, len(left)): [_Label(start_s, 0, ())]}

    def ends_at_least(self) -> int:
        """Return when the driver can be at the car at the earliest, for the last order's sake."""
        return max(
            ready[-1] + counter[0] + end
            for ready, counter, end in zip(
                self._mall.ready_s, self._mall.counter_s, self._mall.ends, strict=True
            )
        )

    def shortest_way(self, start_s: int) -> Collected:
        """Return the way with the least walking, whatever waits it has."""
        left, last = (1 << len(self._mall.ends)) - 1, len(self._mall.ends)
        label = _Label(start_s, 0, ())
        while left:
            walks = (
                (self._mall.legs[last][store] + self._walks[left ^ 1 << store][store], store)
                for store in range(len(self._mall.ends))
                if left >> store & 1
            )
            store = min(walks)[1]
            count = len(self._mall.ready_s[store])
            label = self._visited(label, last, Take(store, count), count)
            left, last = left ^ 1 << store, store
        return self._finished(label)

    def next_layer(
        self, layer: dict[_State, list[_Label]], bound: tuple[int, int], *, may_return: bool
    ) -> dict[_State, list[_Label]]:
        """Let every way make one more visit.

        Args:
            layer: Ways so far.
            bound: End and work of a complete way: what must be as bad in both is left out.
            may_return: Whether a visit may take fewer than all orders.
        """
        following: dict[_State, list[_Label]] = {}
        for (left, last), labels in layer.items():
            for store, count in enumerate(left):
                if not count:
                    continue
                for label in labels:
                    clock = label.clock_s + self._mall.legs[last][store]
                    least = self._ready_count(store, count, clock) if may_return else count
                    for some in range(least, count + 1):
                        after = (*left[:store], count - some, *left[store + 1 :])
                        further = self._visited(label, last, Take(store, some), count)
                        rest = self._to_go(after, store)
                        if further.clock_s + rest < bound[0] or further.work_s + rest < bound[1]:
                            _keep(following.setdefault((after, store), []), further)
        return following

    def _ready_count(self, store: int, left: int, clock: int) -> int:
        """Return how many orders a visit takes at the least: one, and all that are ready.

        Leaving a ready one for later saves nothing: it takes as long then, or longer. A way without
        that later visit may stay at the store before it for a second visit there.
        """
        ready = self._mall.ready_s[store]
        return max(1, bisect_right(ready, clock) - (len(ready) - left))

    def finished(self, layer: dict[_State, list[_Label]]) -> Iterator[Collected]:
        """Yield the ways on which nothing is left."""
        for (left, _last), labels in layer.items():
            if left == self._nothing:
                yield from map(self._finished, labels)

    def _finished(self, label: _Label) -> Collected:
        end = self._mall.ends[label.takes[-1].store]
        return Collected(label.clock_s + end, label.work_s + end, label.takes)

    def _visited(self, label: _Label, last: int, take: Take, left: int) -> _Label:
        leg = self._mall.legs[last][take.store]
        service = self._mall.counter_s[take.store][take.order_count - 1]
        ready = self._mall.ready_s[take.store][take.order_count - left - 1]
        return _Label(
            max(label.clock_s + leg, ready) + service,
            label.work_s + leg + service,
            (*label.takes, take),
        )

    def _to_go(self, left: tuple[int, ...], last: int) -> int:
        """Return seconds that are still needed at the least."""
        found = self._left.get(left)
        if found is None:
            stores = sum(1 << store for store, count in enumerate(left) if count)
            counters = zip(self._mall.counter_s, left, strict=True)
            found = (stores, sum(each[count - 1] for each, count in counters if count))
            self._left[left] = found
        return self._walks[found[0]][last] + found[1]


def _keep(kept: list[_Label], label: _Label) -> None:
    """Add a way unless one is as good in both; those it beats go. All have as many visits."""
    clock, work, _takes = label
    if any(other[0] <= clock and other[1] <= work for other in kept):
        return
    kept[:] = [other for other in kept if not (clock <= other[0] and work <= other[1])]
    kept.append(label)


def _unbeaten(found: Sequence[Collected]) -> list[Collected]:
    """Return the ways that no other beats, in order."""
    kept: list[Collected] = []
    for way in sorted(found):
        if not any(one.work_s <= way.work_s for one in kept):
            kept.append(way)
    return kept
