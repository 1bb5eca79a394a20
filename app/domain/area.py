"""Where a drop-off lies, told so coarsely that nobody finds the door.

Offers, labels and ended runs show it.

Source: authorisation rule "before the claim the area only, about 1 km".
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.geo import METRES_PER_MILE, Point, bearing_deg, distance_m

# Postal codes name a street or a house beyond their first part: ZIP+4 (85226-4932), Canadian and
# British codes.
_FIRST_PART: Final = re.compile(r"[A-Z0-9]{1,5}")


class Octant(StrEnum):
    """Eight directions, clockwise from north."""

    NORTH = "north"
    NORTH_EAST = "north_east"
    EAST = "east"
    SOUTH_EAST = "south_east"
    SOUTH = "south"
    SOUTH_WEST = "south_west"
    WEST = "west"
    NORTH_WEST = "north_west"


_OCTANTS: Final = tuple(Octant)


@dataclass(frozen=True, slots=True)
class Area:
    """The facts of an area; the edge words them: "85224, 2 mi north-east".

    Attributes:
        postal_code: First part of the postal code in capitals; empty when there is none.
        distance_miles: Whole miles from the site, rounded; 0 means less than half a mile.
        octant: Direction from the site; None when `distance_miles` is 0: it would tell too much.
    """

    postal_code: str
    distance_miles: int
    octant: Octant | None


def area_label(postal_code: str, point: Point, centre: Point) -> Area:
    """Return the area of a drop-off as seen from its site.

    The smallest area that can come out is half a mile around the site or an eighth of the ring
    between 0.5 and 1.5 miles: 2.0 km², that is a disc of 800 m radius.

    Args:
        postal_code: As entered, in any form.
        point: The drop-off.
        centre: The site.
    """
    miles = int(distance_m(centre, point) / METRES_PER_MILE + 0.5)
    return Area(
        postal_code=coarse_postal_code(postal_code),
        distance_miles=miles,
        octant=octant_of(bearing_deg(centre, point)) if miles else None,
    )


def coarse_postal_code(postal_code: str) -> str:
    """Return the part of a postal code that names a district.

    "85226-4932" gives "85226", "K1A 0B6" gives "K1A".
    """
    found = _FIRST_PART.match(postal_code.strip().upper())
    return found.group() if found else ""


def octant_of(degrees: float) -> Octant:
    """Return the nearest of eight directions for a bearing in degrees clockwise from north."""
    return _OCTANTS[int(degrees % 360 / 45 + 0.5) % 8]
