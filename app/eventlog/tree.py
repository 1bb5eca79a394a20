"""Reading the tree: its size, the hashes of its subtrees, and its checkpoints."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, tuple_

from app.domain.merkle import NodeName
from app.eventlog.models import LogCheckpoint, LogLeaf, LogNode, LogWaiting
from app.persistence.base import table_of
from app.persistence.transaction import execute, session

_WAITING: Final = table_of(LogWaiting)
_LEAF: Final = table_of(LogLeaf)
_NODE: Final = table_of(LogNode)
_CHECKPOINT: Final = table_of(LogCheckpoint)

_SIZE: Final = select(func.coalesce(func.max(_LEAF.c.position) + 1, 0))
_LEAVES: Final = select(_LEAF.c.position, _LEAF.c.leaf_hash).where(
    _LEAF.c.position.in_(bindparam("wanted", expanding=True))
)
_NODES: Final = select(_NODE.c.level, _NODE.c.number, _NODE.c.hash).where(
    tuple_(_NODE.c.level, _NODE.c.number).in_(bindparam("wanted", expanding=True))
)
_NEWEST: Final = (
    select(_CHECKPOINT.c.anchor, _CHECKPOINT.c.size, _CHECKPOINT.c.created_at)
    .order_by(_CHECKPOINT.c.size.desc())
    .limit(1)
)
_SIGNED: Final = select(
    _CHECKPOINT.c.size, _CHECKPOINT.c.note, _CHECKPOINT.c.kid, _CHECKPOINT.c.signature
)
_NEWEST_SIGNED: Final = _SIGNED.order_by(_CHECKPOINT.c.size.desc()).limit(1)
_BY_ANCHOR: Final = _SIGNED.where(_CHECKPOINT.c.anchor == bindparam("anchor"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a device keeps of a checkpoint."""

    anchor: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with its signature, as it is handed out."""

    size: int
    note: str
    kid: int
    signature: str


def waiting_count(at_most: int) -> int:
    """Return how many events wait for a checkpoint, counting no further than `at_most`."""
    few = select(_WAITING.c.number).limit(at_most).subquery()
    return session().scalar(select(func.count()).select_from(few)) or 0


def tree_size() -> int:
    """Return the number of leaves."""
    return session().scalar(_SIZE) or 0


def hashes_of(names: Collection[NodeName]) -> Mapping[NodeName, bytes]:
    """Return the hashes of complete subtrees, leaves included. At most two queries.

    One that is not there is not in the answer.

    Raises:
        ValueError: When what is stored is no hash.
    """
    return {name: bytes.fromhex(text) for name, text in stored_hashes(names).items()}


def stored_hashes(names: Collection[NodeName]) -> dict[NodeName, str]:
    """Return the same as it is stored, in hex, whatever it is."""
    known: dict[NodeName, str] = {}
    leaves = [number for level, number in names if not level]
    above = [(level, number) for level, number in names if level]
    if leaves:
        for leaf in execute(_LEAVES, {"wanted": leaves}):
            known[0, leaf.position] = leaf.leaf_hash
    if above:
        for node in execute(_NODES, {"wanted": above}):
            known[node.level, node.number] = node.hash
    return known


def newest_checkpoint() -> Seen | None:
    """Return what there is to know of the newest checkpoint. One query."""
    row = execute(_NEWEST, {}).first()
    return Seen(row.anchor, row.size, row.created_at) if row is not None else None


def newest_signed() -> SignedCheckpoint | None:
    """Return the newest checkpoint with its signature, or None before the first. One query."""
    row = execute(_NEWEST_SIGNED, {}).first()
    return SignedCheckpoint(*row) if row is not None else None


def signed_by_anchor(anchor: str) -> SignedCheckpoint | None:
    """Return the checkpoint that an anchor names, or None. One query."""
    row = execute(_BY_ANCHOR, {"anchor": anchor}).first()
    return SignedCheckpoint(*row) if row is not None else None


def anchored_at(anchors: Collection[str]) -> dict[str, datetime]:
    """Return `{anchor: when its checkpoint was made}` of those that are known. One query.

    Whatever carries an anchor was made after that instant, whatever its own clock says.
    """
    query = select(_CHECKPOINT.c.anchor, _CHECKPOINT.c.created_at).where(
        _CHECKPOINT.c.anchor.in_(list(anchors))
    )
    return {row.anchor: row.created_at for row in execute(query, {})}
