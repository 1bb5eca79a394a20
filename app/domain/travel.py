"""How long a way by car takes: one small interface, and the built-in estimates behind it.

Whoever plans asks a `TravelTimes`. A road engine takes the estimate's place by being one as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

from app.domain import eta
from app.domain.geo import Point, distance_m
from app.domain.hours import hours_of
from app.domain.traffic import ROADS, TRAFFIC, Area


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


def free_flow(area: Area) -> TravelTimes:
    """Return the estimate for the roads of an area, free of traffic at every hour."""
    roads = ROADS[area]

    def travel(start: Point, end: Point, _at: datetime) -> Way:
        straight_m = distance_m(start, end)
        seconds = eta.travel_s(straight_m, a=roads.start_s, b=roads.s_per_m)
        return Way(seconds, eta.road_distance_m(straight_m))

    return travel


@dataclass(frozen=True, slots=True)
class Driving:
    """The built-in estimate of one site, by the roads around it and the hour. A `TravelTimes`.

    Attributes:
        area: What kind of roads there are.
        zone: In which the site's people tell the time.
        learned: By hours, factors on the whole that the site's own runs have shown.
    """

    area: Area
    zone: tzinfo
    learned: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)

    def __call__(self, start: Point, end: Point, at: datetime) -> Way:
        """Return a way as it is estimated."""
        straight_m = distance_m(start, end)
        metres = eta.road_distance_m(straight_m)
        if straight_m <= eta.SAME_PLACE_M:
            return Way(eta.travel_s(straight_m), metres)
        roads, hours = ROADS[self.area], hours_of(at.astimezone(self.zone))
        traffic = TRAFFIC[self.area].get(hours, 1.0)
        seconds = roads.start_s + traffic * roads.s_per_m * straight_m
        return Way(round(self.learned.get(hours.value, 1.0) * seconds), metres)

    def in_traffic(self, way: Way, at: datetime) -> Way:
        """Return a way of which somebody knows how long it takes without traffic."""
        traffic = TRAFFIC[self.area].get(hours_of(at.astimezone(self.zone)), 1.0)
        return Way(round(traffic * way.seconds), way.metres)
