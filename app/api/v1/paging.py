"""Cursors of lists: where a page ended, so that the next one costs the same however long the list.

A cursor names the last row's time and id; rows that are added meanwhile stand before it and are
neither skipped nor shown twice.
"""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from app.api.v1.asking import InvalidInput
from app.web.problems import said_of

_FORM: Final = re.compile(r"([0-9]{1,17})\.([a-z]{3}_[a-z2-7]{26})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_of(at: datetime, row_id: str) -> str:
    """Return the cursor behind a row."""
    text = f"{(at - _EPOCH) // timedelta(microseconds=1)}.{row_id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, str]:
    """Return the time and id of a cursor's row.

    Raises:
        InvalidInput: For a cursor that is none of ours.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        found = _FORM.fullmatch(text)
        if found is not None:
            return _EPOCH + timedelta(microseconds=int(found[1])), found[2]
    except (binascii.Error, UnicodeDecodeError, OverflowError):
        pass
    error = {"loc": "/cursor", "msg": said_of("string_pattern_mismatch", {}), "kind": "cursor"}
    raise InvalidInput("query", (error,))
