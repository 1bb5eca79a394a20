"""Walking inside a site: between parking, entrance and stores."""

from dataclasses import dataclass
from typing import Final

from app.domain.eta import WALKING_CIRCUITY, WALKING_M_PER_S
from app.domain.geo import Point, distance_m

#: Escalator or lift, waiting included, per floor. An assumption until completed walks say better.
FLOOR_S: Final = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """A place one can walk to.

    Attributes:
        point: Where it is.
        floor: 0 is the floor at ground level, negative below.
    """

    point: Point
    floor: int


def walk_m(start: Spot, end: Spot) -> int:
    """Return whole metres on foot, floors left out."""
    return round(distance_m(start.point, end.point) * WALKING_CIRCUITY)


def walk_s(start: Spot, end: Spot) -> int:
    """Return whole seconds on foot: the way at 1.0 m/s and a minute per floor of difference."""
    on_the_flat = distance_m(start.point, end.point) * WALKING_CIRCUITY / WALKING_M_PER_S
    return round(on_the_flat) + FLOOR_S * abs(end.floor - start.floor)
