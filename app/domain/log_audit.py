"""Holding what is stored of an event to what its record says, column by column.

Whoever changes a row by hand has to change all of this together, and the tree and its signed
checkpoints besides.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from app.domain.custody_chain import canonical, commitment, leaf_hash, next_head

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """Every column of an event, and what belongs to it.

    Attributes:
        handle: Of the delivery that it is stored with; None when there is none.
        occurred_at: What is stored; a text where that is no instant.
        received_at: The same.
        personal: Salt and value that are kept apart, as hex and text; None when erased or none.
    """

    id: str
    handle: str | None
    seq: int
    type: str
    actor: str
    occurred_at: datetime | str
    received_at: datetime | str
    record: str
    leaf_hash: str
    head: str
    personal: tuple[str, str] | None


def to_milliseconds(instant: datetime) -> int:
    """Return an instant as records have it. Exact, where a float could fall one short."""
    return (instant - _EPOCH) // _MILLISECOND


def whole_milliseconds(instant: datetime) -> datetime:
    """Return an instant without what a record cannot say, so that column and record agree."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def event_faults(event: StoredEvent, *, seq: int, head: bytes) -> list[str]:
    """Return what does not hold, in words; nothing for an event that is as it was recorded.

    Args:
        event: What is stored.
        seq: Number that it must have, by those before it.
        head: Head of the chain before it.
    """
    faults: list[str] = []
    leaf = leaf_hash(event.record.encode("utf-8", "surrogatepass"))
    if leaf.hex() != event.leaf_hash:
        faults.append("the record does not have the leaf's hash")
    stored_leaf = _hash(event.leaf_hash)
    if stored_leaf is None or next_head(head, stored_leaf).hex() != event.head:
        faults.append("the head does not follow from the events before it")
    if event.seq != seq:
        faults.append(f"number {seq} is missing")
    return faults + _column_faults(event)


def _column_faults(event: StoredEvent) -> list[str]:
    record = _read(event.record)
    if record is None:
        return ["the record cannot be read"]
    said = {
        "event_id": event.id,
        "type": event.type,
        "delivery": event.handle,
        "seq": event.seq,
        "actor": event.actor,
        "occurred_at": _exact(event.occurred_at),
        "received_at": _exact(event.received_at),
    }
    faults = [
        f"{name} is stored as {value!r}, the record says {record.get(name)!r}"
        for name, value in said.items()
        if record.get(name) != value
    ]
    if event.personal is not None and not _opens(event.personal, record.get("pii_commit")):
        faults.append("what is kept about a person is not what was committed to")
    return faults


def _read(text: str) -> dict[str, Any] | None:
    try:
        record: Any = json.loads(text)
        is_canonical = canonical(record) == text.encode()
    except (ValueError, TypeError):
        return None
    return cast("dict[str, Any]", record) if is_canonical and isinstance(record, dict) else None


def _exact(instant: datetime | str) -> int | str:
    """Return milliseconds; an instant between two of them is nothing that a record can say."""
    if isinstance(instant, str):
        return instant
    milliseconds = to_milliseconds(instant)
    return milliseconds if _EPOCH + milliseconds * _MILLISECOND == instant else str(instant)


def _opens(personal: tuple[str, str], committed: object) -> bool:
    salt, value = personal
    try:
        return commitment(bytes.fromhex(salt), value.encode()).hex() == committed
    except ValueError:
        return False


def _hash(text: str) -> bytes | None:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == len(leaf_hash(b"")) and raw.hex() == text else None
