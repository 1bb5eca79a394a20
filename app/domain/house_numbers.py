"""Where a house stands, guessed from the known numbers of its street.

A guess is a place to start looking from, never an address: whoever uses it says so and lets a
person correct it.

Source: American streets are numbered along their length, about a hundred to a block and eight to
sixteen blocks to a mile; between two known numbers the way is divided in proportion.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.geo import Point, interpolate

#: Numbers further apart than this lie more than about two miles apart: the street may bend between.
BETWEEN_MAX: Final = 2_000
#: A known number this far away is still a place to start looking from.
NEAR_MAX: Final = 1_000

_NUMBERED: Final = re.compile(r"\s*(\d{1,6})\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class House:
    """A house whose place is known."""

    number: int
    point: Point


@dataclass(frozen=True, slots=True)
class Guess:
    """A place to start looking from.

    Attributes:
        point: The place.
        near: The known houses it was made from, by number: one whose place it is, or two that it
            lies between.
    """

    point: Point
    near: tuple[House, ...]


def split_number(street: str) -> tuple[int, str] | None:
    """Return number and name of "4741 E Ray Rd"; None when it does not begin with a number."""
    found = _NUMBERED.fullmatch(street)
    return (int(found[1]), found[2].rstrip()) if found else None


def guess_place(number: int, known: Sequence[House]) -> Guess | None:
    """Guess where a number of a street stands.

    Args:
        number: The house number that is looked for.
        known: Houses of one street in one city, in any order.

    Returns:
        None when no known house is near enough.
    """
    below = max((house for house in known if house.number <= number), key=_number, default=None)
    above = min((house for house in known if house.number >= number), key=_number, default=None)
    if below and above and 0 < above.number - below.number <= BETWEEN_MAX:
        share = (number - below.number) / (above.number - below.number)
        return Guess(interpolate(below.point, above.point, share), (below, above))
    nearest = min(
        (house for house in (below, above) if house),
        key=lambda house: abs(house.number - number),
        default=None,
    )
    if nearest is None or abs(nearest.number - number) > NEAR_MAX:
        return None
    return Guess(nearest.point, (nearest,))


def _number(house: House) -> int:
    return house.number
