"""Addresses near a site: what a clerk may mean while typing, and what is known around a point.

The list of known addresses is short. A number that it lacks is guessed from other numbers of the
same street, and a guess always names what it was made from.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from app.domain.geo import Point, distance_m
from app.domain.house_numbers import House, guess_place, split_number
from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.sites.models import KnownAddress

#: Addresses offered while somebody types.
OFFERED_MAX: Final = 8
#: Addresses shown around a point.
AROUND_MAX: Final = 24
#: Known houses of streets with one name that are looked at for a guess.
_HOUSES_MAX: Final = 400
#: A street's name is looked for from so many letters on.
_NAME_MIN: Final = 3

_ADDRESS: Final = table_of(KnownAddress)
#: The boxes around the known doors of a postal code.
_BOXES: Final = (
    select(
        _ADDRESS.c.site_id,
        func.min(_ADDRESS.c.lat).label("south"),
        func.max(_ADDRESS.c.lat).label("north"),
        func.min(_ADDRESS.c.lon).label("west"),
        func.max(_ADDRESS.c.lon).label("east"),
    )
    .where(
        _ADDRESS.c.site_id.in_(bindparam("at", expanding=True)),
        _ADDRESS.c.postal_code == bindparam("of"),
    )
    .group_by(_ADDRESS.c.site_id)
)
_NOT_WORDS: Final = re.compile(r"[^0-9a-z]+")
#: Words that addresses write short, so that "East Ray Road" is "E Ray Rd".
_SHORT: Final = {
    "avenue": "ave",
    "boulevard": "blvd",
    "circle": "cir",
    "court": "ct",
    "drive": "dr",
    "east": "e",
    "highway": "hwy",
    "lane": "ln",
    "north": "n",
    "parkway": "pkwy",
    "place": "pl",
    "road": "rd",
    "south": "s",
    "street": "st",
    "west": "w",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address that may be meant.

    Attributes:
        street: With its number.
        city: As the known address has it.
        postal_code: Likewise.
        point: Where it is, or where to start looking.
        near: Empty when the address itself is known; else the known streets and numbers that the
            point was guessed from: one whose place it is, or two that it lies between.
    """

    street: str
    city: str
    postal_code: str
    point: Point
    near: tuple[str, ...] = ()


def search_key(street: str) -> str:
    """Return the form by which a street is found: lower case, plain letters, usual short words."""
    plain = unicodedata.normalize("NFKD", street.lower()).encode("ascii", "ignore").decode()
    return " ".join(_SHORT.get(word, word) for word in _NOT_WORDS.sub(" ", plain).split())


def suggestions(site_id: str, typed: str) -> list[Suggestion]:
    """Return addresses for what was typed, at most eight.

    Streets that begin with it come first, then those that contain it. When there is none and a
    number was typed, it is guessed on every street of that name. At most three queries.
    """
    key = search_key(typed)
    if not key:
        return []
    known = _rows(site_id, KnownAddress.search_key.startswith(key), limit=OFFERED_MAX)
    if len(known) < OFFERED_MAX:
        within = KnownAddress.search_key.contains(f" {key}")
        more = _rows(site_id, within, limit=OFFERED_MAX - len(known))
        known = [*known, *(row for row in more if row not in known)]
    if known:
        return [_known(row) for row in known]
    return _guesses(site_id, key)[:OFFERED_MAX]


def known_keys(site_id: str) -> frozenset[tuple[str, str]]:
    """Return `(search key, postal code)` of all known addresses of a site. One query."""
    query = select(KnownAddress.search_key, KnownAddress.postal_code).where(
        KnownAddress.site_id == site_id
    )
    return frozenset((row.search_key, row.postal_code) for row in session().execute(query))


def corners_of(site_ids: Collection[str], postal_code: str) -> dict[str, tuple[Point, ...]]:
    """Return `{site_id: the corners of the box around the known doors of a postal code}`.

    Sites that know no door there are missing. No known door is farther from a place than the
    farthest corner. One query.
    """
    boxes = execute(_BOXES, {"at": list(site_ids), "of": postal_code})
    return {
        box.site_id: (
            Point(box.south, box.west),
            Point(box.south, box.east),
            Point(box.north, box.west),
            Point(box.north, box.east),
        )
        for box in boxes
    }


def around(site_id: str, point: Point) -> list[Suggestion]:
    """Return the known addresses nearest to a point, nearest first, at most 24.

    Reads all addresses of the site: some thousands are no burden.
    """
    rows = session().scalars(_of_site(site_id)).all()
    found = sorted(rows, key=lambda row: distance_m(point, Point(row.lat, row.lon)))
    return [_known(row) for row in found[:AROUND_MAX]]


def _guesses(site_id: str, key: str) -> list[Suggestion]:
    parts = split_number(key)
    if parts is None or len(parts[1]) < _NAME_MIN:
        return []
    number, name_key = parts
    streets: defaultdict[tuple[str, str], dict[int, KnownAddress]] = defaultdict(dict)
    within = KnownAddress.search_key.contains(f" {name_key}")
    for row in _rows(site_id, within, limit=_HOUSES_MAX):
        house = split_number(row.search_key)
        if house is not None and house[1].startswith(name_key):
            streets[house[1], row.city].setdefault(house[0], row)
    found = [_guess(number, houses) for houses in streets.values()]
    return [suggestion for suggestion in found if suggestion is not None]


def _guess(number: int, houses: dict[int, KnownAddress]) -> Suggestion | None:
    known = [House(each, Point(row.lat, row.lon)) for each, row in houses.items()]
    guess = guess_place(number, known)
    if guess is None:
        return None
    nearest = min(guess.near, key=lambda house: abs(house.number - number))
    row = houses[nearest.number]
    name = row.street.split(maxsplit=1)[1]
    near = tuple(houses[house.number].street for house in guess.near)
    return Suggestion(f"{number} {name}", row.city, row.postal_code, guess.point, near)


def _known(row: KnownAddress) -> Suggestion:
    return Suggestion(row.street, row.city, row.postal_code, Point(row.lat, row.lon))


def _of_site(site_id: str) -> Select[KnownAddress]:
    return (
        select(KnownAddress)
        .where(KnownAddress.site_id == site_id)
        .order_by(KnownAddress.search_key, KnownAddress.id)
    )


def _rows(site_id: str, condition: ColumnElement[bool], *, limit: int) -> Sequence[KnownAddress]:
    return session().scalars(_of_site(site_id).where(condition).limit(limit)).all()
