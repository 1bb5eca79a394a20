import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.area import Area, Octant, area_label, coarse_postal_code, octant_of
from app.domain.geo import Point

MALL = Point(33.3015, -111.8990)


def from_mall(away_m: float, towards: float) -> Point:
    """The point so far from the mall in a direction, in degrees clockwise from north."""
    north = away_m * math.cos(math.radians(towards)) / 111_195
    east = away_m * math.sin(math.radians(towards)) / 111_195 / math.cos(math.radians(33.3015))
    return Point(MALL.lat_deg + north, MALL.lon_deg + east)


def test_area_tells_district_whole_miles_and_direction():
    area = area_label("85224-2837", Point(33.3220, -111.8743), MALL)

    assert area == Area("85224", 2, Octant.NORTH_EAST)


def test_area_beside_the_mall_has_no_direction():
    assert area_label("85226", Point(33.3050, -111.8990), MALL) == Area("85226", 0, None)


@pytest.mark.parametrize(
    ("entered", "coarse"),
    [
        ("85226", "85226"),
        (" 85226-4932 ", "85226"),
        ("852265065", "85226"),
        ("K1A 0B6", "K1A"),
        ("sw1a 1aa", "SW1A"),
        ("", ""),
        ("?", ""),
    ],
)
def test_postal_code_is_cut_to_its_district(entered: str, coarse: str):
    assert coarse_postal_code(entered) == coarse


@pytest.mark.parametrize(
    ("degrees", "octant"),
    [
        (0, Octant.NORTH),
        (22.4, Octant.NORTH),
        (22.6, Octant.NORTH_EAST),
        (90, Octant.EAST),
        (135, Octant.SOUTH_EAST),
        (180, Octant.SOUTH),
        (225, Octant.SOUTH_WEST),
        (270, Octant.WEST),
        (315, Octant.NORTH_WEST),
        (359.9, Octant.NORTH),
        (360, Octant.NORTH),
    ],
)
def test_eight_directions_are_centred_on_the_compass(degrees: float, octant: Octant):
    assert octant_of(degrees) is octant


@given(st.floats(0, 15_000), st.integers(0, 359))
def test_every_label_fits_another_door_about_a_kilometre_away(away_m: float, towards: float):
    home = from_mall(away_m, towards)
    others = (from_mall(away_m + 780, towards), from_mall(abs(away_m - 780), towards))

    labels = {area_label("85226", other, MALL) for other in others}

    assert area_label("85226", home, MALL) in labels
