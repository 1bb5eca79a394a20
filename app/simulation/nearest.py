"""Nearest first, without forming: what the product's way is compared with."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from app.domain import eta
from app.domain.forming import ORDERS_MAX
from app.domain.geo import Point, distance_m
from app.domain.run_plan import OpenDelivery, RunPlan
from app.domain.timetable import Stay, timetable
from app.domain.walking import Spot, walk_m, walk_s
from app.simulation.offers import Offer
from app.simulation.policies import Shown, Stage

#: What is ready, and wanted, within this time is due.
_DUE_WITHIN: Final = timedelta(minutes=45)
#: The patient one looks every so often.
_EVERY: Final = timedelta(minutes=30)


class _Chains(Shown):
    """Makes a run of the order that waits longest, the door nearest to it, and so on.

    Nobody looks at the ends of the windows, and stores are visited nearest first as well.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._waiting: list[OpenDelivery] = []

    def _due(self, now: datetime) -> list[OpenDelivery]:
        until = now + _DUE_WITHIN
        return [each for each in self._waiting if max(each.window_from, each.ready_at) <= until]

    def _chained(self, due: Sequence[OpenDelivery], now: datetime) -> Iterator[RunPlan]:
        left = list(due)
        while left:
            run: list[OpenDelivery] = []
            here = left[0].dropoff
            while left and len(run) < ORDERS_MAX:
                nearest = _nearest(here, left)
                left.remove(nearest)
                run.append(nearest)
                here = nearest.dropoff
            yield self._plan(run, now)

    def _plan(self, run: Sequence[OpenDelivery], now: datetime) -> RunPlan:
        site = self._stage.site.forming
        car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
        pickups, last = _walk(run, entrance)
        ways_s = (
            eta.PARKING_S + walk_s(car, entrance),
            walk_s(last, entrance) + walk_s(entrance, car),
        )
        return timetable(None, pickups, self._drive(run, now), now, ways_s)

    def _drive(self, run: Sequence[OpenDelivery], now: datetime) -> list[Stay]:
        doors: list[Stay] = []
        here: Point = self._stage.site.forming.parking
        left = list(run)
        while left:
            door = _nearest(here, left)
            left.remove(door)
            way = self._stage.travel(here, door.dropoff, now)
            doors.append(Stay(way.seconds, way.metres, eta.DOOR_S, (door,)))
            here = door.dropoff
        return doors


def _nearest(here: Point, orders: Sequence[OpenDelivery]) -> OpenDelivery:
    return min(orders, key=lambda each: (distance_m(here, each.dropoff), each.id))


def _walk(run: Sequence[OpenDelivery], entrance: Spot) -> tuple[list[Stay], Spot]:
    """Return the visits to the stores, nearest first, and where the last one is."""
    stores: dict[str, tuple[OpenDelivery, ...]] = {}
    for each in run:
        stores[each.store_id] = (*stores.get(each.store_id, ()), each)
    pickups: list[Stay] = []
    here = entrance
    while stores:
        way_s = {name: walk_s(here, orders[0].store_spot) for name, orders in stores.items()}
        orders = stores.pop(min(way_s, key=lambda name: (way_s[name], name)))
        spot = orders[0].store_spot
        stay = Stay(walk_s(here, spot), walk_m(here, spot), eta.handover_s(len(orders)), orders)
        pickups.append(stay)
        here = spot
    return pickups, here


class NearestFirst(_Chains):
    """Naive: whoever is free takes what waits longest and is due, and the nearest doors to it."""

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Look at what is due: runs that nobody took are no more."""
        self._waiting += orders
        self._orders, self._plans, self._opens = {}, {}, {}
        by_id = {each.id: each for each in self._waiting}
        for plan in self._chained(self._due(now), now):
            self._put(plan, tuple(by_id[each] for each in plan.delivery_ids), now)

    def taken(self, offer: Offer) -> None:
        """Forget what is on its way."""
        super().taken(offer)
        self._waiting = [each for each in self._waiting if each.id not in offer.orders]

    def given_back(self, offer: Offer, now: datetime) -> None:
        """Let the orders wait again, before all others."""
        self._waiting = [*offer.orders.values(), *self._waiting]
        self.placed((), now)


class HalfHourly(_Chains):
    """Nearest first with patience: what is due each half hour goes together, and stays so."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._next_at: datetime | None = None

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Keep new orders until the half hour is over."""
        self._waiting += orders
        self._next_at = self._next_at or now
        if now < self._next_at:
            return
        self._next_at = now + _EVERY
        due = {each.id: each for each in self._due(now)}
        self._waiting = [each for each in self._waiting if each.id not in due]
        for plan in self._chained(list(due.values()), now):
            self._put(plan, tuple(due[each] for each in plan.delivery_ids), now)
