"""Making checkpoints: what waits gets its place in the tree, and the server signs the new root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from app.domain.checkpoint import LEAVES_MAX, Checkpoint, anchor_of, note_of
from app.domain.merkle import Grown, grow, peak_names, root_of
from app.eventlog.models import EventRow, LogCheckpoint, LogLeaf, LogNode, LogWaiting
from app.eventlog.tree import hashes_of, tree_size
from app.persistence.base import table_of
from app.persistence.transaction import execute

_WAITING: Final = table_of(LogWaiting)
_EVENT: Final = table_of(EventRow)

_OLDEST: Final = select(_WAITING.c.number).order_by(_WAITING.c.number).limit(LEAVES_MAX)
_TAKE: Final = (
    delete(_WAITING)
    .where(_WAITING.c.number.in_(_OLDEST.scalar_subquery()))
    .returning(_WAITING.c.number, _WAITING.c.event_id)
)
_LEAVES: Final = select(_EVENT.c.id, _EVENT.c.leaf_hash).where(
    _EVENT.c.id.in_(bindparam("wanted", expanding=True))
)
_ADD_LEAVES: Final = insert(table_of(LogLeaf))
_ADD_NODES: Final = insert(table_of(LogNode))
_ADD_CHECKPOINT: Final = insert(table_of(LogCheckpoint))


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs.

    Attributes:
        origin: Names this installation's log; the same for as long as it lives.
        kid: Number of the server key.
        sign: ES256 over the note: r and s, 64 bytes.
    """

    origin: str
    kid: int
    sign: Callable[[bytes], bytes]


def make_checkpoint(signer: Signer, *, now: datetime) -> int:
    """Take up to `LEAVES_MAX` waiting events into the tree and sign it; return how many.

    Nothing is signed when nothing waits. The work grows with what waits, not with the log. Two
    workers at once take different events: on PostgreSQL the second waits for the rows that the
    first takes away. Should they ever see none in common, the second finds its position taken.

    Raises:
        sqlalchemy.exc.IntegrityError: In that last case; the job is tried again.
    """
    taken = sorted((row.number, row.event_id) for row in execute(_TAKE, {}))
    if not taken:
        return 0
    event_ids = [event_id for _number, event_id in taken]
    found = {row.id: row.leaf_hash for row in execute(_LEAVES, {"wanted": event_ids})}
    # Read after the taking, which has waited for any other worker.
    size = tree_size()
    _add_leaves(size, event_ids, found)
    names = peak_names(size)
    known = hashes_of(names)
    leaves = [bytes.fromhex(found[event_id]) for event_id in event_ids]
    grown = grow(size, [known[name] for name in names], leaves)
    _add_nodes(grown)
    _add_checkpoint(signer, grown, now)
    return len(taken)


def _add_leaves(size: int, event_ids: Sequence[str], leaf_hashes: dict[str, str]) -> None:
    rows = [
        {"position": position, "event_id": event_id, "leaf_hash": leaf_hashes[event_id]}
        for position, event_id in enumerate(event_ids, start=size)
    ]
    execute(_ADD_LEAVES, rows)


def _add_nodes(grown: Grown) -> None:
    rows = [
        {"level": level, "number": number, "hash": digest.hex()}
        for (level, number), digest in grown.nodes
    ]
    if rows:
        execute(_ADD_NODES, rows)


def _add_checkpoint(signer: Signer, grown: Grown, now: datetime) -> None:
    root = root_of(grown.peaks)
    note = note_of(Checkpoint(signer.origin, grown.size, root))
    row = {
        "size": grown.size,
        "root": root.hex(),
        "note": note,
        "anchor": anchor_of(note),
        "kid": signer.kid,
        "signature": signer.sign(note.encode()).hex(),
        "created_at": now,
    }
    execute(_ADD_CHECKPOINT, row)
