"""Rows as plain values, for what many read all the time: at half the cost of objects.

A shape is a `NamedTuple` whose fields are named like the columns of one table.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Column

from app.persistence.base import Base, table_of


def columns_of(model: type[Base], shape: type[tuple[Any, ...]]) -> tuple[Column[Any], ...]:
    """Return the columns of a table that a shape names, in its order."""
    columns = table_of(model).c
    return tuple(columns[name] for name in _fields(shape))


class _Part(NamedTuple):
    """Where the values of one table stand in a row, and what they are made into."""

    place: slice
    shape: Any


class Parts:
    """Cuts the rows of a join into one value per table.

    Attributes:
        columns: What to select, in order; further columns come before or behind.
    """

    def __init__(self, *tables: tuple[type[Base], type[tuple[Any, ...]]], after: int = 0) -> None:
        """Lay out a row.

        Args:
            tables: Each table with the shape of its value; the first field is never null.
            after: So many other columns come before.
        """
        self.columns: tuple[Column[Any], ...] = ()
        self._parts: list[_Part] = []
        for model, shape in tables:
            start = after + len(self.columns)
            self.columns += columns_of(model, shape)
            self._parts.append(_Part(slice(start, after + len(self.columns)), shape))

    def of(self, row: Sequence[Any]) -> list[Any]:
        """Return the value of each table; None where an outer join has found nothing."""
        return [
            part.shape(*row[part.place]) if row[part.place.start] is not None else None
            for part in self._parts
        ]


def _fields(shape: type[tuple[Any, ...]]) -> tuple[str, ...]:
    return cast("tuple[str, ...]", getattr(shape, "_fields"))  # noqa: B009 - Every named tuple's.
