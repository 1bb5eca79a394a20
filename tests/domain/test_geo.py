import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.geo import (
    METRES_PER_MILE,
    Point,
    bearing_deg,
    distance_m,
    interpolate,
    is_on_earth,
    round_to_m,
)

CHANDLER = Point(33.3015, -111.8990)

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
points_off_the_poles = st.builds(Point, st.floats(-80, 80), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg"),
    [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (math.nan, 0), (0, math.inf)],
)
def test_point_off_the_earth_is_refused(lat_deg: float, lon_deg: float):
    assert not is_on_earth(lat_deg, lon_deg)
    with pytest.raises(ValueError, match="out of range"):
        Point(lat_deg, lon_deg)


def test_distance_of_known_cities_is_right_within_half_a_percent():
    phoenix_sky_harbor, las_vegas_airport = Point(33.4343, -112.0116), Point(36.0840, -115.1537)

    assert distance_m(phoenix_sky_harbor, las_vegas_airport) == pytest.approx(411_000, rel=0.005)


def test_one_minute_of_latitude_is_about_a_nautical_mile():
    assert distance_m(Point(0, 0), Point(1 / 60, 0)) == pytest.approx(1_853, abs=1)


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_the_earth(start: Point, end: Point):
    assert distance_m(start, end) == pytest.approx(distance_m(end, start), abs=1e-3)
    assert 0 <= distance_m(start, end) <= 20_015_115


@pytest.mark.parametrize(
    ("end", "degrees"),
    [
        (Point(34, -111.8990), 0),
        (Point(33.3015, -111.8), 90),
        (Point(33, -111.8990), 180),
        (Point(33.3015, -112), 270),
        (CHANDLER, 0),
    ],
)
def test_bearing_follows_the_compass(end: Point, degrees: float):
    assert bearing_deg(CHANDLER, end) == pytest.approx(degrees, abs=0.1)


@given(points, points)
def test_bearing_is_below_360(start: Point, end: Point):
    assert 0 <= bearing_deg(start, end) < 360


def test_bearing_a_hair_left_of_north_is_no_360():
    assert bearing_deg(Point(0, 0), Point(10, -1e-300)) == 0


@given(points_off_the_poles, points_off_the_poles)
def test_interpolation_begins_and_ends_at_its_ends(start: Point, end: Point):
    assert distance_m(interpolate(start, end, -1), start) < 0.01
    assert distance_m(interpolate(start, end, 2), end) < 0.01


def test_interpolation_halves_a_short_way():
    end = Point(33.35, -111.85)

    middle = interpolate(CHANDLER, end, 0.5)

    assert distance_m(CHANDLER, middle) == pytest.approx(distance_m(CHANDLER, end) / 2, rel=0.001)


def test_interpolation_crosses_the_date_line_the_short_way():
    middle = interpolate(Point(0, 179), Point(0, -179), 0.75)

    assert middle.lon_deg == pytest.approx(-179.5)


@given(points, st.sampled_from([25.0, 100.0, 1_000.0, METRES_PER_MILE]))
def test_rounding_moves_less_than_the_grid_is_wide(point: Point, metres: float):
    assert distance_m(point, round_to_m(point, metres)) <= 0.75 * metres


@given(points, st.sampled_from([25.0, 1_000.0]))
def test_rounding_again_changes_nothing(point: Point, metres: float):
    once = round_to_m(point, metres)

    assert distance_m(round_to_m(once, metres), once) < 0.01


@given(points_off_the_poles, st.floats(0, 2), st.floats(0, 360))
def test_neighbours_share_a_rounded_point(point: Point, metres: float, towards: float):
    rounded = round_to_m(point, 25)
    near = Point(
        rounded.lat_deg + metres / 111_195 * math.cos(math.radians(towards)), rounded.lon_deg
    )
    assume(abs(near.lat_deg) <= 80)

    assert distance_m(round_to_m(near, 25), rounded) < 0.01


@pytest.mark.parametrize("metres", [0, -25, math.nan])
def test_rounding_needs_a_width(metres: float):
    with pytest.raises(ValueError, match="width"):
        round_to_m(CHANDLER, metres)
