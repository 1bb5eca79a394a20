"""Visits to bring into an order, and what an order of them costs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple


class Cost(NamedTuple):
    """What an order of visits costs; less is better, in this order.

    Attributes:
        late_s: Seconds after the end of their windows, added up over the visits.
        ends_s: When the last visit ends.
        work_s: Seconds under way and at work; waits are left out.
    """

    late_s: int
    ends_s: int
    work_s: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A place to go to. Instants are whole seconds on one clock.

    Attributes:
        opens_s: The work begins no earlier.
        closes_s: Beginning later is late.
        service_s: How long the work takes.
    """

    opens_s: int
    closes_s: int
    service_s: int


@dataclass(frozen=True, slots=True)
class Tour:
    """Visits to bring into an order, by number.

    Attributes:
        visits: All of them.
        legs: Seconds from visit to visit, `legs[i][j]`; the last row is from where one sets out.
        ends: Seconds from each visit to where the way ends; all 0 when it ends with the last visit.
    """

    visits: tuple[Visit, ...]
    legs: tuple[tuple[int, ...], ...]
    ends: tuple[int, ...]

    def cost(self, order: Sequence[int], start: Cost) -> Cost:
        """Return what the whole way costs in this order.

        Args:
            order: Every number once.
            start: What was spent before, and when one sets out.
        """
        late, clock, work = start
        last = len(self.visits)
        for number in order:
            visit, leg = self.visits[number], self.legs[last][number]
            begins = max(clock + leg, visit.opens_s)
            late += max(0, begins - visit.closes_s)
            clock, work, last = begins + visit.service_s, work + leg + visit.service_s, number
        return Cost(late, clock + self.ends[last], work + self.ends[last])


def shortest(legs: Sequence[Sequence[int]], ends: Sequence[int]) -> list[list[int]]:
    """Return the shortest way through every set of visits: `table[set][last]`, legs alone.

    The last column is for setting out. Cost: 2^n × n² steps.
    """
    count = len(ends)
    bits = [1 << number for number in range(count)]
    table = [[*ends, 0]]
    for left in range(1, 1 << count):
        # What the rest costs once `number` is next, whoever asks.
        nexts = [(number, table[left ^ bits[number]][number]) for number in numbers_of(left)]
        table.append([min([row[number] + rest for number, rest in nexts]) for row in legs])
    return table


def along(table: Sequence[Sequence[int]], legs: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the shortest way through all visits, from the table that `shortest` made of them."""
    order: list[int] = []
    left, last = len(table) - 1, len(legs) - 1
    while left:
        last = min(
            numbers_of(left),
            key=lambda number: legs[last][number] + table[left ^ (1 << number)][number],
        )
        order.append(last)
        left ^= 1 << last
    return tuple(order)


def moves(order: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the order with one visit moved elsewhere, in every way."""
    for at, number in enumerate(order):
        rest = (*order[:at], *order[at + 1 :])
        for to in range(len(order)):
            if to != at:
                yield (*rest[:to], number, *rest[to:])


@lru_cache(maxsize=1 << 12)
def numbers_of(bits: int) -> tuple[int, ...]:
    """Return the numbers in a set."""
    return tuple(number for number in range(bits.bit_length()) if bits >> number & 1)


def sums_of(values: Sequence[int]) -> list[int]:
    """Return the sum over every set, by its bits."""
    sums = [0]
    for value in values:
        sums += [before + value for before in sums]
    return sums
