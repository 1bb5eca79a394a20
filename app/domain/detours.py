"""What an order adds to a run at the least, told without planning the run."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from app.domain.run_plan import FormingSite, OpenDelivery
from app.domain.travel import TravelTimes

#: Where runs begin, among the ids of orders.
_SITE: Final = ""


class Detours:
    """Ways from door to door, each asked for once.

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
        self._legs: dict[tuple[str, str], int] = {}

    def least_s(self, delivery_id: str, group: Collection[str]) -> int:
        """Return the seconds of the smallest detour to a door, with the work for its order.

        Args:
            delivery_id: Whose door.
            group: The run's orders by id, at least one.
        """
        to = [(each, self._leg_s(each, delivery_id)) for each in (_SITE, *group)]
        back = [(each, self._leg_s(delivery_id, each)) for each in group]
        last = min(seconds for _each, seconds in to)
        between = min(
            there + onwards - self._leg_s(start, end)
            for start, there in to
            for end, onwards in back
            if start != end
        )
        order, times = self._deliveries[delivery_id], self._site.times
        work = times.door_s(order.proof) + times.next_order_s(order.store_id)
        return min(last, between) + work

    def _leg_s(self, start: str, end: str) -> int:
        seconds = self._legs.get((start, end))
        if seconds is None:
            here = self._site.parking if start == _SITE else self._deliveries[start].dropoff
            seconds = self._travel(here, self._deliveries[end].dropoff, self._now).seconds
            self._legs[start, end] = seconds
        return seconds
