"""Random numbers of 32 bits that go into tokens, each once in its column."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.persistence.transaction import session


def free_number(column: InstrumentedAttribute[int]) -> int:
    """Return a random u32 above zero that no row has: key ids, store and clerk numbers.

    Among ten thousand rows one in a hundred installations would draw a number twice. Needs an open
    transaction; the column is unique, should two draw the same one at once. Zero stands for none.

    Args:
        column: Where the number will be kept.
    """
    while True:
        number = secrets.randbelow(2**32 - 1) + 1
        if session().scalar(select(column).where(column == number)) is None:
            return number
