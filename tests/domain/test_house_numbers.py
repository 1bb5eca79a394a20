import pytest

from app.domain.geo import Point
from app.domain.house_numbers import House, guess_place, split_number

#: A street that runs east, a hundred numbers to a hundredth of a degree.
WEST = House(4000, Point(33.0, -112.00))
EAST = House(5000, Point(33.0, -111.90))
FAR = House(9000, Point(33.0, -111.50))


@pytest.mark.parametrize(
    ("number", "lon_deg", "near"),
    [
        (4250, -111.975, (WEST, EAST)),
        (4900, -111.91, (WEST, EAST)),
        (4000, -112.00, (WEST,)),
        (5000, -111.90, (EAST,)),
        (3000, -112.00, (WEST,)),
        (5900, -111.90, (EAST,)),
        (8000, -111.50, (FAR,)),
    ],
)
def test_house_is_guessed_from_its_neighbours(number: int, lon_deg: float, near: tuple[House, ...]):
    guess = guess_place(number, [FAR, WEST, EAST])

    assert guess is not None
    assert guess.near == near
    assert guess.point.lon_deg == pytest.approx(lon_deg)


@pytest.mark.parametrize("number", [2999, 6001, 7999, 10_001])
def test_house_far_from_every_known_one_is_not_guessed(number: int):
    assert guess_place(number, [WEST, EAST, FAR]) is None


def test_two_places_of_one_number_are_no_way_to_divide():
    other = House(4000, Point(33.1, -112.0))

    assert guess_place(4000, [WEST, other]) is not None
    assert guess_place(4000, []) is None


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("4741 E Ray Rd", (4741, "E Ray Rd")),
        ("  12  Elm St  ", (12, "Elm St")),
        ("E Ray Rd", None),
        ("4741", None),
        ("4741 ", None),
        ("12345678 Elm St", None),
        ("4741B E Ray Rd", None),
    ],
)
def test_number_is_what_a_street_begins_with(street: str, parts: tuple[int, str] | None):
    assert split_number(street) == parts
