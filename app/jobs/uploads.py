"""Placing the orders of an uploaded table, a few seconds of them at a time."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import Final

from flask import current_app

from app import slow_calls
from app.deliveries import uploads
from app.deliveries.uploads import OrderUpload
from app.jobs.worker import outside
from app.persistence.transaction import session, transaction

#: Nobody waits for the write lock longer than these take.
_AT_ONCE: Final = 25
#: Other jobs have their turn after so long.
_TURN_S: Final = 3.0


@outside
def place_uploaded(*, upload_id: str, now: datetime) -> None:
    row = session().get(OrderUpload, upload_id)
    content = (
        current_app.extensions["mallrun_blobs"].get(row.orders_key)
        if row is not None and row.orders_key is not None
        else None
    )
    session().rollback()
    if content is None:
        return
    # Read where they are placed: of a hundred thousand a turn places some thousands.
    lines = content.split(b"\n")
    until = monotonic() + _TURN_S
    while not _piece(upload_id, lines, is_last_turn=monotonic() >= until, now=now):
        slow_calls.let_others_in()


def _piece(upload_id: str, lines: list[bytes], *, is_last_turn: bool, now: datetime) -> bool:
    """Place the next few; tell whether this job is over: done, or its turn is."""
    with transaction() as current:
        row = current.get(OrderUpload, upload_id, with_for_update=True)
        if row is None or row.done_at is not None:
            return True
        if is_last_turn:
            uploads.go_on(row, now=now)
            return True
        piece = lines[row.at_row : row.at_row + _AT_ONCE]
        uploads.place_rows(row, [json.loads(each) for each in piece], now=now)
        return row.done_at is not None


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {uploads.PLACE: place_uploaded}
