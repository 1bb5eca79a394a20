"""Personal values beside a statement, which itself holds only a commitment to them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.custody_chain import commitment
from app.domain.errors import DomainError
from app.domain.geo import Point, distance_m

#: Metres from a counter within which a phone counts as being there; malls are large and dark.
AT_STORE_M: Final = 250.0

_GEO: Final = re.compile(r"(-?\d{1,2}\.\d{6}),(-?\d{1,3}\.\d{6}),(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Opened:
    """A value whose commitment holds; the salt is kept with it."""

    salt: str
    value: str

    def is_near(self, lat: float, lon: float) -> bool:
        """Tell whether a `geo` value lies at a place, accuracy allowed for."""
        found = _GEO.fullmatch(self.value)
        if found is None:
            return False
        here = Point(float(found[1]), float(found[2]))
        # A fix that may be anywhere is near nothing.
        allowed_m = AT_STORE_M + min(int(found[3]), AT_STORE_M)
        return distance_m(here, Point(lat, lon)) <= allowed_m


def open_commitments(
    committed: Mapping[str, str], beside: Mapping[str, tuple[str, str]]
) -> dict[str, Opened]:
    """Return the values that fit a statement's commitments.

    Args:
        committed: Name -> commitment, 64 hex digits.
        beside: Name -> salt (32 hex digits) and value. A missing value is an erased one.

    Raises:
        DomainError: `envelope_unreadable` for a value that the statement does not commit to.
    """
    for name, (salt, value) in beside.items():
        wanted = committed.get(name)
        if wanted is None or commitment(bytes.fromhex(salt), value.encode()).hex() != wanted:
            raise DomainError("envelope_unreadable")
    return {name: Opened(salt, value) for name, (salt, value) in beside.items()}
