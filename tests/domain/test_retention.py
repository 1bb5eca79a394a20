import pytest

from app.domain.geo import Point, distance_m
from app.domain.retention import coarse


@pytest.mark.parametrize("door", [Point(33.30612, -111.86401), Point(-0.004, 179.999)])
def test_coarse_point_is_within_a_kilometre_and_no_door(door: Point):
    about = coarse(door)

    assert 0 < distance_m(door, about) < 1_000
    assert coarse(about) == about
