"""Auditing every event by reading it, slice by slice, so that no slice takes long.

A slice hands back where it ended; whoever calls goes on from there, at once or in a later job.
`tree_audit` does the same for the tree.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Text, bindparam, select, tuple_, type_coerce

from app.domain.custody_chain import EMPTY_HEAD
from app.domain.log_audit import StoredEvent, event_faults
from app.eventlog.models import EventPersonalData, EventRow, LogLeaf, LogWaiting
from app.persistence.base import table_of
from app.persistence.transaction import execute

SLICE: Final = 500

_SQLITE_INSTANT: Final = "%Y-%m-%d %H:%M:%S.%f"

_EVENT: Final = table_of(EventRow)
_PERSONAL: Final = table_of(EventPersonalData)
_LEAF: Final = table_of(LogLeaf)
_WAITING: Final = table_of(LogWaiting)

#: As stored: SQLAlchemy stops at a text that is no instant, and an audit must not.
_RAW_TIMES: Final = [
    type_coerce(_EVENT.c[name], Text()).label(name) for name in ("occurred_at", "received_at")
]
_EVENTS: Final = (
    select(
        *(column for column in _EVENT.c if column.name not in {"occurred_at", "received_at"}),
        *_RAW_TIMES,
        _PERSONAL.c.salt,
        _PERSONAL.c.value,
        _LEAF.c.position,
        _LEAF.c.leaf_hash.label("placed_hash"),
        _WAITING.c.number.label("waiting"),
    )
    .outerjoin(_PERSONAL, _PERSONAL.c.event_id == _EVENT.c.id)
    .outerjoin(_LEAF, _LEAF.c.event_id == _EVENT.c.id)
    .outerjoin(_WAITING, _WAITING.c.event_id == _EVENT.c.id)
    .where(
        tuple_(_EVENT.c.delivery_id, _EVENT.c.seq)
        > tuple_(bindparam("delivery_id", type_=Text()), bindparam("seq", type_=BigInteger()))
    )
    .order_by(_EVENT.c.delivery_id, _EVENT.c.seq)
    .limit(bindparam("limit", type_=BigInteger()))
)

#: Delivery ids -> handles.
HandlesOf = Callable[[Collection[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold.

    Attributes:
        delivery_id: Which delivery; empty when it is about the tree.
        words: What, for the operator.
    """

    delivery_id: str
    words: str


@dataclass(frozen=True, slots=True)
class EventsCursor:
    """How far the events are audited; the fields of the last one."""

    delivery_id: str = ""
    seq: int = -1
    head: str = EMPTY_HEAD.hex()


def audit_events(
    after: EventsCursor, handles_of: HandlesOf
) -> tuple[EventsCursor | None, int, list[Fault]]:
    """Audit the next events; return where it is (None at the end), how many, and what is wrong.

    Args:
        after: Where the last slice ended.
        handles_of: Finds the handles of deliveries.
    """
    place = {"delivery_id": after.delivery_id, "seq": after.seq, "limit": SLICE}
    rows = execute(_EVENTS, place).all()
    handles = handles_of({row.delivery_id for row in rows})
    faults: list[Fault] = []
    for row in rows:
        before = after if row.delivery_id == after.delivery_id else EventsCursor(row.delivery_id)
        event = _stored(row, handles.get(row.delivery_id))
        words = event_faults(event, seq=before.seq + 1, head=_head(before.head))
        words += _place_faults(row)
        faults += [Fault(row.delivery_id, f"event {row.seq} ({row.id}): {each}") for each in words]
        after = EventsCursor(row.delivery_id, row.seq, row.head)
    return (after if len(rows) == SLICE else None), len(rows), faults


def _stored(row: Any, handle: str | None) -> StoredEvent:  # noqa: ANN401 - A row of _EVENTS.
    return StoredEvent(
        id=row.id,
        handle=handle,
        seq=row.seq,
        type=row.type,
        actor=row.actor,
        occurred_at=stored_instant(row.occurred_at),
        received_at=stored_instant(row.received_at),
        record=row.record,
        leaf_hash=row.leaf_hash,
        head=row.head,
        personal=(row.salt, row.value) if row.salt is not None else None,
    )


def stored_instant(stored: datetime | str) -> datetime | str:
    """Return a stored instant; SQLite keeps a text, which comes back as it is when it is none."""
    if isinstance(stored, datetime):
        return stored
    try:
        instant = datetime.strptime(stored, _SQLITE_INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return stored
    return instant if instant.strftime(_SQLITE_INSTANT) == stored else stored


def _head(text: str) -> bytes:
    """Return a stored head; what is none leads to no head, which is a fault of the next event."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _place_faults(row: Any) -> Sequence[str]:  # noqa: ANN401 - A row of _EVENTS.
    if row.position is None:
        return () if row.waiting is not None else ("it is neither in the tree nor waiting for it",)
    return () if row.placed_hash == row.leaf_hash else ("the tree holds another hash for it",)
