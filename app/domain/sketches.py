"""What a planned run would cost about with other orders in it, told without planning it again.

Orders are taken out of the planned ways and put in where the detour is smallest, on foot and by
car; then the clock goes through the doors once. Plans are mostly as good or better.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.domain.run import StopKind
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.travel import TravelTimes
from app.domain.walking import Spot

#: Where runs begin, among the ids of orders and of stores.
_SITE: Final = ""
_SECOND: Final = timedelta(seconds=1)
#: Longer than any way.
_LONG_S: Final = 1_000_000


class Sketch(NamedTuple):
    """A run in outline.

    Attributes:
        doors: Its orders as they are delivered.
        stores: Its stores as they are visited, each once.
        mall_s: What it takes to collect everything, from turning in to the car.
    """

    doors: tuple[str, ...]
    stores: tuple[str, ...]
    mall_s: int


class _Timed(NamedTuple):
    """An order in seconds from now: its window, its work, and when it can be in the car."""

    opens: int
    closes: int
    door_s: int
    released: int


class Sketches:
    """Draws sketches; asks for each way once.

    Args:
        deliveries: By id.
        site: Where the runs begin.
        now: The present.
        travel: How long ways by car take.
    """

    def __init__(
        self,
        deliveries: Mapping[str, OpenDelivery],
        site: FormingSite,
        now: datetime,
        travel: TravelTimes,
    ) -> None:
        self._deliveries, self._site, self._now, self._travel = deliveries, site, now, travel
        self._spots = {each.store_id: each.store_spot for each in deliveries.values()}
        self._spots[_SITE] = Spot(site.entrance, site.entrance_floor)
        self._drives: dict[tuple[str, str], int] = {}
        self._walks: dict[tuple[str, str], int] = {}
        self._timed: dict[str, _Timed] = {}

    def of(self, plan: RunPlan) -> Sketch:
        """Return the sketch of a plan."""
        visited = (stop.store_id for stop in plan.stops if stop.kind is StopKind.PICKUP)
        stores = tuple(dict.fromkeys(each for each in visited if each is not None))
        mall_s = self._ends_s
        before = _SITE
        for store in stores:
            count = sum(self._deliveries[each].store_id == store for each in plan.delivery_ids)
            mall_s += self._walk_s(before, store) + self._site.times.counter_s(store, count)
            before = store
        return Sketch(plan.delivery_ids, stores, mall_s + self._walk_s(before, _SITE))

    @property
    def _ends_s(self) -> int:
        """The seconds from turning in to the entrance and from there to the car."""
        times, car = self._site.times, Spot(self._site.parking, 0)
        return times.parking_s(car, self._spots[_SITE]) + times.walk_s(self._spots[_SITE], car)

    def cost_s(self, sketch: Sketch) -> tuple[int, int]:
        """Return the seconds by which doors are reached late, and those from start to end."""
        first, *others = sketch.doors
        timed = self._in_time
        out = max(sketch.mall_s, *(timed(each).released for each in sketch.doors))
        opens, closes, door_s, _released = timed(first)
        way = self._drive_s(_SITE, first)
        # The start is put off until nobody waits at the first door.
        begins = max(out + way, opens)
        late, clock, here = max(0, begins - closes), begins + door_s, first
        for door in others:
            opens, closes, door_s, _released = timed(door)
            at = max(clock + self._drive_s(here, door), opens)
            late, clock, here = late + max(0, at - closes), at + door_s, door
        return late, clock - begins + way + sketch.mall_s

    def without(self, sketch: Sketch, leaving: Iterable[str]) -> Sketch:
        """Return a sketch without some of its orders."""
        doors, stores, mall_s = sketch
        for delivery_id in leaving:
            at = doors.index(delivery_id)
            doors = (*doors[:at], *doors[at + 1 :])
            mall_s -= self._counter_s(delivery_id, doors)
            store = self._deliveries[delivery_id].store_id
            if all(self._deliveries[each].store_id != store for each in doors):
                at = stores.index(store)
                stores = (*stores[:at], *stores[at + 1 :])
                mall_s -= self._store_detour_s(store, stores, at)
        return Sketch(doors, stores, mall_s)

    def extended(self, sketch: Sketch, coming: Iterable[str]) -> Sketch:
        """Return a sketch with further orders, each put in where the detour is smallest."""
        doors, stores, mall_s = sketch
        for delivery_id in coming:
            store = self._deliveries[delivery_id].store_id
            mall_s += self._counter_s(delivery_id, doors)
            at = self._best_place(delivery_id, doors, mall_s)
            doors = (*doors[:at], delivery_id, *doors[at:])
            if store not in stores:
                detour_s, at = min(
                    (self._store_detour_s(store, stores, at), at) for at in range(len(stores) + 1)
                )
                stores = (*stores[:at], store, *stores[at:])
                mall_s += detour_s
        return Sketch(doors, stores, mall_s)

    def _counter_s(self, delivery_id: str, others: Sequence[str]) -> int:
        """Return the seconds that an order adds at its counter, beside others."""
        store, times = self._deliveries[delivery_id].store_id, self._site.times
        is_visited = any(self._deliveries[each].store_id == store for each in others)
        return times.next_order_s(store) if is_visited else times.counter_s(store, 1)

    def _in_time(self, delivery_id: str) -> _Timed:
        timed = self._timed.get(delivery_id)
        if timed is None:
            order, times = self._deliveries[delivery_id], self._site.times
            out_s = self._walk_s(order.store_id, _SITE) + times.walk_s(
                self._spots[_SITE], Spot(self._site.parking, 0)
            )
            ready_s = -((self._now - order.ready_at) // _SECOND)
            timed = _Timed(
                -((self._now - order.window_from) // _SECOND),
                (order.window_until - self._now) // _SECOND,
                times.door_s(order.proof),
                ready_s + times.counter_s(order.store_id, 1) + out_s,
            )
            self._timed[delivery_id] = timed
        return timed

    def _best_place(self, door: str, doors: Sequence[str], mall_s: int) -> int:
        """Return as which door one is reached with the smallest detour by car.

        Doors whose windows begin later come after the others, as in a plan: one waits there.
        """
        timed, drive_s = [self._in_time(each) for each in (door, *doors)], self._drive_s
        out = max(mall_s, min(each.opens for each in timed), *(each.released for each in timed))
        is_later = [each.opens > out for each in timed[1:]]
        turn = is_later.index(True) if True in is_later else len(doors)
        begin, end = (turn, len(doors)) if timed[0].opens > out else (0, turn)
        best, place = _LONG_S, end
        before = doors[begin - 1] if begin else _SITE
        there_s = drive_s(before, door)
        for at in range(begin, end):
            after = doors[at]
            detour = there_s + drive_s(door, after) - drive_s(before, after)
            if detour < best:
                best, place = detour, at
            before, there_s = after, drive_s(after, door)
        if end < len(doors):
            there_s += drive_s(door, doors[end]) - drive_s(before, doors[end])
        return end if there_s <= best else place

    def _store_detour_s(self, store: str, stores: Sequence[str], at: int) -> int:
        before = stores[at - 1] if at else _SITE
        after, walk_s = stores[at] if at < len(stores) else _SITE, self._walk_s
        return walk_s(before, store) + walk_s(store, after) - walk_s(before, after)

    def _drive_s(self, start: str, end: str) -> int:
        seconds = self._drives.get((start, end))
        if seconds is None:
            here = self._deliveries[start].dropoff if start else self._site.parking
            seconds = self._travel(here, self._deliveries[end].dropoff, self._now).seconds
            self._drives[start, end] = seconds
        return seconds

    def _walk_s(self, start: str, end: str) -> int:
        seconds = self._walks.get((start, end))
        if seconds is None:
            seconds = self._site.times.walk_s(self._spots[start], self._spots[end])
            self._walks[start, end] = seconds
        return seconds
