"""Reading the event log."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from app.domain.events import EventType
from app.eventlog.models import EventRow
from app.persistence.transaction import session


def chain_ends(delivery_ids: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """Return `{delivery_id: (seq, head)}` of each delivery's newest event. One query."""
    newest = (
        select(EventRow.delivery_id, func.max(EventRow.seq).label("seq"))
        .where(EventRow.delivery_id.in_(delivery_ids))
        .group_by(EventRow.delivery_id)
        .subquery()
    )
    rows = session().execute(
        select(EventRow.delivery_id, EventRow.seq, EventRow.head).join(
            newest, (EventRow.delivery_id == newest.c.delivery_id) & (EventRow.seq == newest.c.seq)
        )
    )
    return {row.delivery_id: (row.seq, bytes.fromhex(row.head)) for row in rows}


def timeline(delivery_id: str, types: Collection[EventType] | None = None) -> Sequence[EventRow]:
    """Return the events of one delivery, oldest first, of the given types or all."""
    query = select(EventRow).where(EventRow.delivery_id == delivery_id).order_by(EventRow.seq)
    if types is not None:
        query = query.where(EventRow.type.in_([event_type.value for event_type in types]))
    return session().scalars(query).all()
