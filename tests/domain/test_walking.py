import pytest

from app.domain.geo import Point
from app.domain.walking import Spot, walk_m, walk_s

ENTRANCE = Spot(Point(33.3015, -111.8990), 0)
#: 111 m north of the entrance.
NORTH = Point(33.3025, -111.8990)


def test_walk_is_a_third_longer_than_the_straight_line():
    assert walk_m(ENTRANCE, Spot(NORTH, 0)) == 145
    assert walk_s(ENTRANCE, Spot(NORTH, 0)) == 145


@pytest.mark.parametrize(("floor", "seconds"), [(1, 205), (2, 265), (-1, 205)])
def test_every_floor_takes_a_minute(floor: int, seconds: int):
    assert walk_s(ENTRANCE, Spot(NORTH, floor)) == seconds
    assert walk_s(Spot(NORTH, floor), ENTRANCE) == seconds


def test_floors_add_no_metres():
    assert walk_m(ENTRANCE, Spot(ENTRANCE.point, 2)) == 0
