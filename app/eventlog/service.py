"""Recording events: in the change's transaction, chained per delivery, told after the commit."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import insert

from app.domain.act import Act
from app.domain.custody_chain import (
    EMPTY_HEAD,
    SALT_BYTES,
    Json,
    canonical,
    commitment,
    leaf_hash,
    next_head,
)
from app.domain.events import EventType
from app.domain.log_audit import to_milliseconds, whole_milliseconds
from app.eventlog import relay
from app.eventlog.models import EventPersonalData, EventRow
from app.eventlog.queries import chain_ends
from app.eventlog.relay import Subject
from app.persistence.base import table_of
from app.persistence.ids import new_uuid7
from app.persistence.transaction import execute, on_commit

#: Version of the record's form, part of the hashed bytes.
RECORD_VERSION: Final = 1

_APPEND: Final = insert(table_of(EventRow))
_KEEP_PERSONAL: Final = insert(table_of(EventPersonalData))


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to record.

    `facts` go into the hashed record and must hold no personal data. `personal` is kept apart under
    a salted commitment, so that it can be erased while the chain stays valid.
    """

    type: EventType
    subject: Subject
    facts: Mapping[str, Json] = field(default_factory=dict[str, Json])
    personal: Mapping[str, Json] | None = None


def record(events: Sequence[NewEvent], *, act: Act) -> str | None:
    """Append events, one per delivery or several, in the given order.

    Returns:
        The leaf hash of the first, hex; None when there was nothing to append.

    Args:
        events: What happened.
        act: Who did it, and when by whose clock.

    Side effects: one SELECT for the chain ends, unless all begin one, and one INSERT for all rows;
    screens and webhooks hear of it after commit.

    Raises:
        sqlalchemy.exc.IntegrityError: When another transaction appended to the same delivery at the
            same time; the edge tries again.
    """
    if not events:
        return None
    known = {
        event.subject.delivery_id
        for event in events
        # Each delivery's first event: nothing can come before it.
        if event.type is not EventType.DELIVERY_CREATED
    }
    ends = chain_ends(known) if known else {}
    rows: list[dict[str, object]] = []
    personal_rows: list[dict[str, str]] = []
    for event in events:
        seq, head = ends.get(event.subject.delivery_id, (-1, EMPTY_HEAD))
        row, personal_row = _row(event, seq + 1, head, act=act)
        ends[event.subject.delivery_id] = (seq + 1, bytes.fromhex(str(row["head"])))
        rows.append(row)
        if personal_row:
            personal_rows.append(personal_row)
    execute(_APPEND, rows)
    if personal_rows:
        execute(_KEEP_PERSONAL, personal_rows)
    happened = tuple(relay.Happened(event.type, event.subject, act.now) for event in events)
    on_commit(lambda: relay.tell(happened))
    return str(rows[0]["leaf_hash"])


def _row(
    event: NewEvent, seq: int, head: bytes, *, act: Act
) -> tuple[dict[str, object], dict[str, str] | None]:
    event_id = new_uuid7(act.now)
    members: dict[str, Json] = {
        "v": RECORD_VERSION,
        "event_id": event_id,
        "type": event.type.value,
        "delivery": event.subject.handle,
        "seq": seq,
        "actor": act.actor,
        "occurred_at": to_milliseconds(act.at),
        "received_at": to_milliseconds(act.now),
        "facts": dict(event.facts),
    }
    personal_row = None
    if event.personal is not None:
        salt = secrets.token_bytes(SALT_BYTES)
        value = canonical(dict(event.personal))
        members["pii_commit"] = commitment(salt, value).hex()
        personal_row = {"event_id": event_id, "salt": salt.hex(), "value": value.decode()}
    content = canonical(members)
    leaf = leaf_hash(content)
    row: dict[str, object] = {
        "id": event_id,
        "delivery_id": event.subject.delivery_id,
        "seq": seq,
        "type": event.type.value,
        "actor": act.actor,
        "occurred_at": whole_milliseconds(act.at),
        "received_at": whole_milliseconds(act.now),
        "record": content.decode(),
        "leaf_hash": leaf.hex(),
        "head": next_head(head, leaf).hex(),
    }
    return row, personal_row


def facts_of(record_text: str) -> dict[str, Json]:
    """Return the facts member of a stored record."""
    facts: dict[str, Json] = json.loads(record_text)["facts"]
    return facts
