"""Another order for the stops that are left, once reality has changed: only ever a proposal.

Stores first, on foot, then doors, as `sequencing` plans them, but from where the driver is, with
what is known by now. A driver is asked only when it is worth a glance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.stops_left import Left, NextStop, PickupLeft
from app.domain.tour import Cost, Tour, Visit
from app.domain.travel import TravelTimes, Way
from app.domain.visiting import Search
from app.domain.walking import Spot, walk_m

#: An order that ends so much earlier, or is so much less late, is worth asking.
WORTH_S: Final = 120
WORTH_LATE_S: Final = 120
#: A store that has not packed although it had promised to is ready in so long, as far as we know.
NOT_READY_S: Final = 300
#: A wait at a counter that is worth a word.
WAIT_S: Final = 180
#: Later than any store opens its counter: being there late is no lateness.
_NEVER_S: Final = 7 * 24 * 3600
_SECOND: Final = timedelta(seconds=1)
_NOTHING: Final = Cost(0, 0, 0)


class Reason(StrEnum):
    """Why another order is better."""

    NOT_READY = "not_ready"
    WINDOW = "window"
    SHORTER = "shorter"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A better order.

    Attributes:
        stops: All that are left, in the new order.
        reason: Why.
        about: The stop that it is about: the store that is not ready, the door that would be late,
            else the one that comes first now.
        saved_s: How much earlier the last stop ends; below 0 when a window costs time.
        late_saved_s: How much less late, over all doors.
        wait_s: How long the driver would wait at the next counter as it is.
        further_m: How much further the driver drives; below 0 for less.
    """

    stops: tuple[NextStop, ...]
    reason: Reason
    about: str
    saved_s: int
    late_saved_s: int
    wait_s: int
    further_m: int

    @property
    def stop_ids(self) -> tuple[str, ...]:
        """The new order."""
        return tuple(stop.stop_id for stop in self.stops)


def propose(left: Left, now: datetime, travel: TravelTimes | None = None) -> Proposal | None:
    """Return a better order of the stops that are left, or None when none is worth asking."""
    return _Board(left, now, travel or left.travel).proposal()


def timed(
    left: Left, stop_ids: Sequence[str], now: datetime, travel: TravelTimes | None = None
) -> tuple[NextStop, ...]:
    """Return all stops that are left in an order, with the times at which they are reached."""
    return _Board(left, now, travel or left.travel).in_order(stop_ids)


class _Board:
    """The stops that are left, as two tours: on foot and by car."""

    def __init__(self, left: Left, now: datetime, travel: TravelTimes) -> None:
        self._left, self._now = left, now
        doors = [door.point for door in left.doors]
        self._ways: list[list[Way]] = [
            [travel(start, end, now) for end in doors] for start in (*doors, left.drives_from)
        ]
        self._on_foot = self._walking() if left.pickups else None
        self._by_car = self._driving() if left.doors else None

    def proposal(self) -> Proposal | None:
        """Return the best order if it is worth asking."""
        present = tuple(range(len(self._left.pickups))), tuple(range(len(self._left.doors)))
        best = self._best()
        before, after = self._cost(*present), self._cost(*best)
        saved_s, late_saved_s = before.ends_s - after.ends_s, before.late_s - after.late_s
        if late_saved_s < WORTH_LATE_S and (late_saved_s < 0 or saved_s < WORTH_S):
            return None
        reason, about = self._why(best, late_saved_s)
        return Proposal(
            stops=self._stops(*best),
            reason=reason,
            about=about,
            saved_s=saved_s,
            late_saved_s=late_saved_s,
            wait_s=self._wait_s(),
            further_m=self._driven_m(best[1]) - self._driven_m(present[1]),
        )

    def in_order(self, stop_ids: Sequence[str]) -> tuple[NextStop, ...]:
        """Return the stops in an order, stores first."""
        rank = {stop_id: place for place, stop_id in enumerate(stop_ids)}
        left = self._left
        pickups = sorted(range(len(left.pickups)), key=lambda n: rank[left.pickups[n].stop_id])
        doors = sorted(range(len(left.doors)), key=lambda n: rank[left.doors[n].stop_id])
        return self._stops(pickups, doors)

    def _walking(self) -> Tour:
        left, times = self._left, self._left.times
        spots = [pickup.spot for pickup in left.pickups]
        car = Spot(left.drives_from, 0)
        return Tour(
            visits=tuple(
                Visit(self._seconds(pickup.ready_at), _NEVER_S, self._counter_s(pickup))
                for pickup in left.pickups
            ),
            legs=tuple(
                tuple(times.walk_s(start, spot) for spot in spots)
                for start in (*spots, left.walks_from)
            ),
            ends=tuple(
                times.walk_s(spot, left.entrance) + times.walk_s(left.entrance, car)
                for spot in spots
            ),
        )

    def _driving(self) -> Tour:
        return Tour(
            visits=tuple(
                Visit(
                    self._seconds(door.window_from),
                    (door.window_until - self._now) // _SECOND,
                    self._left.times.door_s(door.proof),
                )
                for door in self._left.doors
            ),
            legs=tuple(tuple(way.seconds for way in row) for row in self._ways),
            ends=(0,) * len(self._left.doors),
        )

    def _counter_s(self, pickup: PickupLeft) -> int:
        return self._left.times.counter_s(pickup.store_id, pickup.order_count)

    def _seconds(self, instant: datetime) -> int:
        return -((self._now - instant) // _SECOND)

    def _best(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        start, pickups, doors = _NOTHING, tuple[int, ...](), tuple[int, ...]()
        if self._on_foot is not None:
            found = Search(self._on_foot).best([start])
            start, pickups = found.cost, tuple(found.order)
        if self._by_car is not None:
            doors = tuple(Search(self._by_car).best([start]).order)
        return pickups, doors

    def _cost(self, pickups: Sequence[int], doors: Sequence[int]) -> Cost:
        cost = self._on_foot.cost(pickups, _NOTHING) if self._on_foot is not None else _NOTHING
        return self._by_car.cost(doors, cost) if self._by_car is not None else cost

    def _wait_s(self) -> int:
        """Return how long the driver waits at the next counter as it is planned now."""
        if self._on_foot is None:
            return 0
        visit = self._on_foot.visits[0]
        return max(0, visit.opens_s - self._on_foot.legs[-1][0])

    def _why(
        self, best: tuple[Sequence[int], Sequence[int]], late_saved_s: int
    ) -> tuple[Reason, str]:
        pickups, doors = best
        if pickups and pickups[0] != 0 and self._wait_s() >= WAIT_S:
            return Reason.NOT_READY, self._left.pickups[0].stop_id
        if late_saved_s >= WORTH_LATE_S:
            return Reason.WINDOW, self._latest_door()
        first = self._left.pickups[pickups[0]] if pickups else self._left.doors[doors[0]]
        return Reason.SHORTER, first.stop_id

    def _latest_door(self) -> str:
        """Return the door that would be latest as it is planned now."""
        until = {door.stop_id: door.window_until for door in self._left.doors}
        planned = self._stops(range(len(self._left.pickups)), range(len(self._left.doors)))
        late = {
            stop.stop_id: stop.planned_at - until[stop.stop_id]
            for stop in planned
            if stop.stop_id in until
        }
        return max(late, key=lambda stop_id: late[stop_id])

    def _driven_m(self, doors: Sequence[int]) -> int:
        starts = (len(self._left.doors), *doors)
        return sum(self._ways[start][end].metres for start, end in zip(starts, doors, strict=False))

    def _stops(self, pickups: Sequence[int], doors: Sequence[int]) -> tuple[NextStop, ...]:
        """Return all stops in an order, with the times at which they are reached."""
        stops: list[NextStop] = []
        clock, here = 0, self._left.walks_from
        for number in pickups:
            pickup = self._left.pickups[number]
            leg = self._left.times.walk_s(here, pickup.spot)
            clock = max(clock + leg, self._seconds(pickup.ready_at))
            stops.append(self._stop(pickup.stop_id, clock, leg, walk_m(here, pickup.spot)))
            clock, here = clock + self._counter_s(pickup), pickup.spot
        if pickups and self._on_foot is not None:
            clock += self._on_foot.ends[pickups[-1]]
        last = len(self._left.doors)
        for number in doors:
            door, way = self._left.doors[number], self._ways[last][number]
            clock = max(clock + way.seconds, self._seconds(door.window_from))
            stops.append(self._stop(door.stop_id, clock, way.seconds, way.metres))
            clock, last = clock + self._left.times.door_s(door.proof), number
        return tuple(stops)

    def _stop(self, stop_id: str, clock_s: int, travel_s: int, distance_m: int) -> NextStop:
        return NextStop(stop_id, self._now + clock_s * _SECOND, travel_s, distance_m)
