"""The declarative base that every table inherits, with names for every constraint."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, BindParameter, MetaData, Table, Text, literal
from sqlalchemy.orm import DeclarativeBase

from app.persistence.types import UtcDateTime

#: Named constraints let batch migrations on SQLite and error messages on PostgreSQL find them
#: again.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables: text without length, integers of 64 bit, instants in UTC."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        datetime: UtcDateTime(),
    }


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that need no objects.

    Where a claim or a position counts in milliseconds, such a statement is made once, at import,
    and costs a third of one that is put together for each call.
    """
    return cast("Table", model.__table__)


def choice(values: Iterable[str]) -> list[BindParameter[str]]:
    """Return the values of a fixed choice for `in_`, in a statement that is made once.

    Of plain values SQLAlchemy keeps a list of any length, whose places it writes into the
    statement's text at every call: a third of what the call costs.
    """
    return [literal(value) for value in values]
