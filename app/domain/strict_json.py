"""Reading JSON strictly: no member twice, none too many, no number but integers in a range.

For bytes that are evidence: what two readers could understand differently is refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

MAX_INTEGER: Final = 2**53 - 1

_HEX: Final = {length: re.compile(rf"[0-9a-f]{{{length}}}") for length in (8, 16, 64)}


def read_object(raw: bytes) -> "Members":
    """Read UTF-8 bytes as one JSON object.

    Raises:
        ValueError: For anything else, a member twice, a fraction, NaN or infinity.
        RecursionError: For nesting without end.
    """
    read: object = _DECODER.decode(raw.decode())
    return _members(read, "not an object")


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found


def _refuse(_text: str) -> float:
    raise ValueError("not an integer")


#: Made once: `json.loads` would make one for every envelope, a tenth of the time of reading it.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_once_each, parse_float=_refuse, parse_constant=_refuse
)


def _members(value: object, name: str) -> "Members":
    match value:
        case dict():
            return Members(cast("dict[str, Any]", value))
        case _:
            raise ValueError(name)


class Members:
    """The members of an object, taken one by one; all methods raise ValueError on another form."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        """Hold the members of an object that was read."""
        self._left: dict[str, Any] = dict(members)

    def __contains__(self, name: str) -> bool:
        """Tell whether a member is there and was not taken yet."""
        return name in self._left

    def take(self, name: str) -> Any:  # noqa: ANN401 - Whatever stands in the JSON.
        """Take a member of any form."""
        if name not in self._left:
            raise ValueError(name)
        return self._left.pop(name)

    def integer(self, name: str, least: int = 0, most: int = MAX_INTEGER) -> int:
        """Take an integer in a range."""
        value = self.take(name)
        # `True` is an int to Python.
        if type(value) is not int or not least <= value <= most:
            raise ValueError(name)
        return value

    def flag(self, name: str) -> bool:
        """Take a boolean."""
        match self.take(name):
            case bool() as value:
                return value
            case _:
                raise ValueError(name)

    def text(self, name: str, form: re.Pattern[str]) -> str:
        """Take a text that a pattern matches as a whole."""
        value = self.take(name)
        if not isinstance(value, str) or not form.fullmatch(value):
            raise ValueError(name)
        return value

    def hex(self, name: str, digits: int) -> str:
        """Take 8, 16 or 64 lower-case hex digits."""
        return self.text(name, _HEX[digits])

    def choice(self, name: str, allowed: frozenset[str]) -> str:
        """Take one of the allowed texts."""
        value = self.take(name)
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(name)
        return value

    def object(self, name: str) -> "Members":
        """Take an object."""
        return _members(self.take(name), name)

    def objects(self, name: str, most: int) -> "list[Members]":
        """Take a list of objects."""
        return [_members(each, name) for each in self._list(name, most)]

    def hexes(self, name: str, digits: int, most: int) -> tuple[str, ...]:
        """Take a list of lower-case hex texts, none twice."""
        values = self._list(name, most)
        fits = all(isinstance(each, str) and _HEX[digits].fullmatch(each) for each in values)
        if not fits or len(set(values)) != len(values):
            raise ValueError(name)
        return tuple(values)

    def names(self) -> list[str]:
        """Return the names that were not taken yet."""
        return list(self._left)

    def end(self) -> None:
        """Refuse members that nobody asked for."""
        if self._left:
            raise ValueError("unknown members")

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.take(name)
        if not isinstance(value, list) or len(cast("list[Any]", value)) > most:
            raise ValueError(name)
        return cast("list[Any]", value)
