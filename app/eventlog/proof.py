"""The proof of one delivery: its chain, and where each event stands in the signed tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from app.domain.merkle import Path, consistency_path, inclusion_path
from app.eventlog.models import EventRow, LogLeaf
from app.eventlog.queries import timeline
from app.eventlog.tree import SignedCheckpoint, hashes_of, newest_signed, signed_by_anchor
from app.persistence.base import table_of
from app.persistence.transaction import execute

_LEAF: Final = table_of(LogLeaf)
_PLACES: Final = select(_LEAF.c.event_id, _LEAF.c.position).where(
    _LEAF.c.event_id.in_(bindparam("wanted", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands in the tree, and the path that proves it."""

    position: int
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A checkpoint that somebody holds, and the path that shows it to be the log's beginning."""

    checkpoint: SignedCheckpoint
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class DeliveryProof:
    """What shows that a delivery's history is whole.

    Attributes:
        events: The delivery's events, oldest first.
        places: By event id; an event that waits for the next checkpoint has none.
        checkpoint: The newest, or None before the first.
        earlier: The one that was asked for, if it is known.
    """

    events: Sequence[EventRow]
    places: Mapping[str, Place]
    checkpoint: SignedCheckpoint | None
    earlier: Earlier | None


def delivery_proof(delivery_id: str, *, anchor: str | None = None) -> DeliveryProof:
    """Return the proof of a delivery, and of the beginning that `anchor` names. Six queries.

    What it reads grows with the delivery's events and the logarithm of the log.
    """
    # Read first: what is added meanwhile is then simply not covered.
    newest = newest_signed()
    events = timeline(delivery_id)
    if newest is None:
        return DeliveryProof(events, {}, None, None)
    asked = signed_by_anchor(anchor) if anchor else None
    rows = execute(_PLACES, {"wanted": [event.id for event in events]})
    positions = {row.event_id: row.position for row in rows if row.position < newest.size}
    paths = {key: inclusion_path(each, newest.size) for key, each in positions.items()}
    back = consistency_path(asked.size, newest.size) if asked is not None else Path(())
    known = hashes_of(back.names.union(*(path.names for path in paths.values())))
    places = {key: Place(positions[key], path.hashes(known)) for key, path in paths.items()}
    earlier = Earlier(asked, back.hashes(known)) if asked is not None else None
    return DeliveryProof(events, places, newest, earlier)
