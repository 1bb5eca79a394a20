"""PostgreSQL's cursor, which tells of its columns what SQLAlchemy asks and no more."""

from typing import Final, cast

from psycopg import Column, Cursor
from psycopg.rows import TupleRow

#: Display size, internal size, precision, scale, whether it may be null.
_NOT_TOLD: Final = (None, None, None, None, None)


class PlainCursor(Cursor[TupleRow]):
    """A cursor whose columns are plain tuples.

    The driver makes an object of each column of each answer and looks up its type, which was a
    sixteenth of a claim; SQLAlchemy reads name and type number.
    """

    @property
    def description(self) -> list[Column] | None:
        """The columns of the answer as PEP 249 has them: seven values each, most of them None."""
        result = self.pgresult
        if result is None or not result.nfields:
            return super().description
        columns = [
            ((result.fname(number) or b"").decode(), result.ftype(number), *_NOT_TOLD)
            for number in range(result.nfields)
        ]
        return cast("list[Column]", columns)
