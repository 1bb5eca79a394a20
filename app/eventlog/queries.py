"""Reading the event log."""

import json
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from app.domain.events import EventType
from app.eventlog.models import EventPersonalData, EventRow
from app.persistence.base import table_of
from app.persistence.transaction import execute, session

_EVENT: Final = table_of(EventRow)
_NEWEST: Final = (
    select(_EVENT.c.delivery_id, func.max(_EVENT.c.seq).label("seq"))
    .where(_EVENT.c.delivery_id.in_(bindparam("wanted", expanding=True)))
    .group_by(_EVENT.c.delivery_id)
    .subquery()
)
_CHAIN_ENDS: Final = select(_EVENT.c.delivery_id, _EVENT.c.seq, _EVENT.c.head).join(
    _NEWEST, (_EVENT.c.delivery_id == _NEWEST.c.delivery_id) & (_EVENT.c.seq == _NEWEST.c.seq)
)


def chain_ends(delivery_ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """Return `{delivery_id: (seq, head)}` of each delivery's newest event. One query."""
    rows = execute(_CHAIN_ENDS, {"wanted": list(delivery_ids)})
    return {row.delivery_id: (row.seq, bytes.fromhex(row.head)) for row in rows}


def timeline(delivery_id: str, types: Collection[EventType] | None = None) -> Sequence[EventRow]:
    """Return the events of one delivery, oldest first, of the given types or all."""
    query = select(EventRow).where(EventRow.delivery_id == delivery_id).order_by(EventRow.seq)
    if types is not None:
        query = query.where(EventRow.type.in_([event_type.value for event_type in types]))
    return session().scalars(query).all()


def personal_values(event_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return `{event_id: what it says about people}`; erased ones are missing. One query."""
    rows = session().scalars(
        select(EventPersonalData).where(EventPersonalData.event_id.in_(event_ids))
    )
    return {row.event_id: json.loads(row.value) for row in rows}


def newest_of(delivery_ids: Collection[str], types: Collection[EventType]) -> dict[str, str]:
    """Return `{delivery_id: type of its newest event among these}`. One query."""
    query = (
        select(EventRow.delivery_id, EventRow.type)
        .where(
            EventRow.delivery_id.in_(delivery_ids),
            EventRow.type.in_([each.value for each in types]),
        )
        .order_by(EventRow.seq)
    )
    return {row.delivery_id: row.type for row in session().execute(query)}
