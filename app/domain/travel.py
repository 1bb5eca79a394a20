"""How long a way by car takes: one small interface, and the built-in estimate behind it.

Whoever plans asks a `TravelTimes`. A road engine takes the estimate's place by being one as well.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from app.domain import eta
from app.domain.geo import Point, distance_m


class Way(NamedTuple):
    """A way by car: whole seconds and whole metres, both 0 or more."""

    seconds: int
    metres: int


#: From where, to where, and about when one sets out (aware).
TravelTimes = Callable[[Point, Point, datetime], Way]


def estimate(start: Point, end: Point, _at: datetime) -> Way:
    """Return the way as `eta` estimates it from the great circle, at any hour the same."""
    straight_m = distance_m(start, end)
    return Way(eta.travel_s(straight_m), eta.road_distance_m(straight_m))
