"""Finding a place among hundreds by a part of its name."""

from collections.abc import Sequence
from typing import Final

from flask import request

from app.sites.queries import PlaceName

#: Whoever has no more than these reads them all, and needs nothing to find one.
FEW_PLACES: Final = 20
_WORDS_MAX: Final = 100


def asked_name() -> str:
    """Return the part of a name that is looked for, as typed; empty for every place."""
    return request.args.get("name", "").strip()[:_WORDS_MAX]


def named(places: Sequence[PlaceName], words: str) -> list[PlaceName]:
    """Return the places with these words in their names, however they are written."""
    return [place for place in places if words.casefold() in place.name.casefold()]
