"""Points on the earth: distance, direction, points between and deliberate coarsening."""

import math
from dataclasses import dataclass
from typing import Final

#: Mean radius of the earth in metres (IUGG 1980, R1).
EARTH_RADIUS_M: Final = 6_371_008.8
#: The international mile in metres, exact.
METRES_PER_MILE: Final = 1_609.344

_METRES_PER_DEGREE: Final = EARTH_RADIUS_M * math.pi / 180


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS 84.

    Attributes:
        lat_deg: Degrees north, -90 to 90.
        lon_deg: Degrees east, -180 to 180.

    Raises:
        ValueError: When a coordinate is out of range or not a number.
    """

    lat_deg: float
    lon_deg: float

    def __post_init__(self) -> None:
        if not is_on_earth(self.lat_deg, self.lon_deg):
            raise ValueError("latitude or longitude out of range")


def is_on_earth(lat_deg: float, lon_deg: float) -> bool:
    """Tell whether two numbers can be latitude and longitude in degrees; NaN cannot."""
    return -90 <= lat_deg <= 90 and -180 <= lon_deg <= 180


def distance_m(start: Point, end: Point) -> float:
    """Return the great-circle distance in metres.

    Source: haversine formula on a sphere; at most 0.6 % off the ellipsoid, far below
    what roads add.
    """
    start_lat, end_lat = math.radians(start.lat_deg), math.radians(end.lat_deg)
    half_lat = (end_lat - start_lat) / 2
    half_lon = math.radians(end.lon_deg - start.lon_deg) / 2
    chord = (
        math.sin(half_lat) ** 2 + math.cos(start_lat) * math.cos(end_lat) * math.sin(half_lon) ** 2
    )
    # Rounding can lift the sum a hair above 1 for opposite points, where asin has no answer.
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord)))


def bearing_deg(start: Point, end: Point) -> float:
    """Return the first direction of the shortest way, in degrees clockwise from north.

    It is 0 or more and below 360; between a point and itself it is 0.
    """
    start_lat, end_lat = math.radians(start.lat_deg), math.radians(end.lat_deg)
    lon = math.radians(end.lon_deg - start.lon_deg)
    east = math.sin(lon) * math.cos(end_lat)
    north = math.cos(start_lat) * math.sin(end_lat) - math.sin(start_lat) * math.cos(
        end_lat
    ) * math.cos(lon)
    turned = math.degrees(math.atan2(east, north)) % 360
    # A tiny negative angle plus 360 rounds to 360 itself.
    return 0.0 if turned == 360 else turned


def interpolate(start: Point, end: Point, fraction: float) -> Point:
    """Return the point at a fraction of the way; straight on the map, for the miles of a run.

    Args:
        start: Where fraction 0 is.
        end: Where fraction 1 is.
        fraction: Share of the way; below 0 and above 1 are taken as the ends.
    """
    share = min(1.0, max(0.0, fraction))
    # The short way round, also across the date line.
    lon_step = (end.lon_deg - start.lon_deg + 180) % 360 - 180
    lat_deg = start.lat_deg + (end.lat_deg - start.lat_deg) * share
    return Point(min(90.0, max(-90.0, lat_deg)), _wrapped(start.lon_deg + lon_step * share))


def round_to_m(point: Point, metres: float) -> Point:
    """Return the nearest crossing of a fixed grid, so that the exact place is not told.

    The grid hangs on the earth, not on the point: the same point always gives the same crossing, so
    many roundings of one place cannot be averaged into the exact one.

    Args:
        point: The exact place.
        metres: Width of the grid, above 0; the answer is at most about 0.71 of it away.

    Raises:
        ValueError: When `metres` is not above 0.
    """
    if not metres > 0:
        raise ValueError("the grid needs a width above 0")
    quarter_rows = max(1, round(90 * _METRES_PER_DEGREE / metres))
    lat_deg = round(point.lat_deg * quarter_rows / 90) * 90 / quarter_rows
    circle_m = 360 * _METRES_PER_DEGREE * math.cos(math.radians(lat_deg))
    columns = max(1, round(circle_m / metres))
    lon_deg = round(point.lon_deg * columns / 360) * 360 / columns
    return Point(lat_deg, _wrapped(lon_deg))


def _wrapped(lon_deg: float) -> float:
    """Return the longitude within -180 to 180."""
    return lon_deg if -180 <= lon_deg <= 180 else (lon_deg + 180) % 360 - 180
