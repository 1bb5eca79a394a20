import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.area import Area, Octant, area_label, coarse_postal_code, octant_of
from app.domain.geo import METRES_PER_MILE, Point

MALL = Point(33.3015, -111.8990)


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


@given(st.floats(-0.05, 0.05), st.floats(-0.05, 0.05))
def test_neighbours_within_a_kilometre_mostly_share_an_area(north: float, east: float):
    """From one area at most its neighbours are 10 m away: no label is finer than its ring."""
    home = Point(MALL.lat_deg + north, MALL.lon_deg + east)
    next_door = Point(home.lat_deg + 0.0001, home.lon_deg)

    one, other = area_label("85226", home, MALL), area_label("85226", next_door, MALL)

    assert abs(one.distance_miles - other.distance_miles) <= 1


def test_area_of_a_ring_is_at_least_two_square_kilometres():
    inner, outer = 0.5 * METRES_PER_MILE / 1_000, 1.5 * METRES_PER_MILE / 1_000

    assert 3.14159 * (outer**2 - inner**2) / 8 > 2
    assert 3.14159 * inner**2 > 2
