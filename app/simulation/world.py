"""What is not as planned on a simulated day: roads, counters, stores, doors and people.

Every surprise hangs on the seed and on what it happens to, never on the order in which it is asked
for: under another way of forming runs the same road is as slow at the same hour.
"""

import math
from collections.abc import Hashable
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.domain.eta import handover_s
from app.domain.geo import Point
from app.domain.run_plan import OpenDelivery
from app.domain.travel import TravelTimes, Way

#: Spread of a way's time around the estimate: a mean absolute error of 21 %, which is what the
#: estimate showed against road times on networks it was not fitted to (`domain.eta`).
ROAD_SPREAD: Final = 0.26
#: Seconds at a door: quartiles 52 and 103 s of 1,164 Amazon stops give this median and spread.
DOOR_MEDIAN_S: Final = 73
DOOR_SPREAD: Final = 0.51
#: Assumptions: nobody measured a mall's counters and parking.
COUNTER_SPREAD: Final = 0.35
PARKING_SPREAD: Final = 0.40
WALK_SPREAD: Final = 0.12
#: Share of orders that a store packs later than it promised, and by how many minutes on average.
LATE_SHARE: Final = 0.08
LATE_MEAN_MIN: Final = 10
#: The others are packed up to so many minutes early.
EARLY_MAX_MIN: Final = 8
#: Share of claims after which the driver never sets out.
IDLE_CLAIM_SHARE: Final = 0.02


class World:
    """The surprises of one seed.

    Args:
        seed: Of the day.
        travel: How long ways take as planned.
    """

    def __init__(self, seed: int, travel: TravelTimes) -> None:
        self._seed = seed
        self._travel = travel

    def drive(self, start: Point, end: Point, at: datetime) -> Way:
        """Return how long a way really takes at an hour."""
        planned = self._travel(start, end, at)
        return Way(
            round(planned.seconds * self._about_one(ROAD_SPREAD, "road", start, end, at.hour)),
            planned.metres,
        )

    def packed_at(self, order: OpenDelivery) -> datetime:
        """Return when a store has really packed an order."""
        chance = self._chance("packed", order.id)
        if chance.random() < LATE_SHARE:
            return order.ready_at + timedelta(minutes=chance.expovariate(1 / LATE_MEAN_MIN))
        return order.ready_at - timedelta(minutes=chance.uniform(0, EARLY_MAX_MIN))

    def at_counter_s(self, store_id: str, at: datetime, count: int) -> int:
        """Return seconds at a counter for so many orders that are packed."""
        return round(handover_s(count) * self._about_one(COUNTER_SPREAD, "counter", store_id, at))

    def at_door_s(self, order: OpenDelivery) -> int:
        """Return seconds at a door, from the car and back."""
        return round(DOOR_MEDIAN_S * self._about_one(DOOR_SPREAD, "door", order.id))

    def parking_s(self, planned_s: int, at: datetime) -> int:
        """Return seconds for what is planned from turning in to the entrance."""
        return round(planned_s * self._about_one(PARKING_SPREAD, "parking", at))

    def walk_s(self, planned_s: int, at: datetime) -> int:
        """Return seconds for a planned way on foot."""
        return round(planned_s * self._about_one(WALK_SPREAD, "walk", at))

    def is_idle(self, driver_id: str, at: datetime) -> bool:
        """Tell whether a driver who claims now will never set out."""
        return self._chance("idle", driver_id, at).random() < IDLE_CLAIM_SHARE

    def reacts(self, driver_id: str, at: datetime) -> bool:
        """Tell whether a driver looks at the offers within this minute."""
        return self._chance("reacts", driver_id, at).random() < 0.5

    def _about_one(self, spread: float, *of: Hashable) -> float:
        """Return a factor whose median is 1 and whose logarithm has this deviation."""
        return math.exp(self._chance(*of).gauss(0, spread))

    def _chance(self, *of: Hashable) -> Random:
        # A text is hashed by its own digits, not by the process's salt.
        return Random(f"{self._seed}/{of}")  # noqa: S311 - A simulation, no secret.
