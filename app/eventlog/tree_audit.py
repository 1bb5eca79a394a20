"""Auditing the tree and its checkpoints: grown anew from its leaves, slice by slice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Integer, bindparam, cast, func, select

from app.domain.checkpoint import Checkpoint, anchor_of, read_note
from app.domain.merkle import Grown, grow, root_of
from app.eventlog.audit import SLICE, Fault
from app.eventlog.models import EventRow, LogCheckpoint, LogLeaf, LogNode
from app.eventlog.tree import stored_hashes
from app.persistence.base import table_of
from app.persistence.transaction import execute, session

_EVENT: Final = table_of(EventRow)
_LEAF: Final = table_of(LogLeaf)
_NODE: Final = table_of(LogNode)
_CHECKPOINT: Final = table_of(LogCheckpoint)

_LEAVES: Final = (
    select(_LEAF.c.position, _LEAF.c.leaf_hash, _LEAF.c.event_id, _EVENT.c.id)
    .outerjoin(_EVENT, _EVENT.c.id == _LEAF.c.event_id)
    .where(_LEAF.c.position >= bindparam("begin"), _LEAF.c.position < bindparam("end"))
    .order_by(_LEAF.c.position)
)
_CHECKPOINTS: Final = (
    select(_CHECKPOINT)
    .where(_CHECKPOINT.c.size > bindparam("begin"), _CHECKPOINT.c.size <= bindparam("end"))
    .order_by(_CHECKPOINT.c.size)
)
#: One statement, so that both are of one instant.
_SIZES: Final = select(
    select(func.coalesce(func.max(_LEAF.c.position) + 1, 0)).scalar_subquery(),
    select(func.coalesce(func.max(_CHECKPOINT.c.size), 0)).scalar_subquery(),
)

#: Key id, signature and note -> whether the server signed it.
CheckSignature = Callable[[int, bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class TreeCursor:
    """How far the tree is audited: its size there, and its peaks in hex."""

    size: int = 0
    peaks: tuple[str, ...] = ()


def audit_tree(
    after: TreeCursor, check: CheckSignature
) -> tuple[TreeCursor | None, int, list[Fault]]:
    """Audit the next leaves, the nodes above them, and the checkpoints that they complete.

    Returns: where it is (None at the end), how many leaves were read, and what is wrong.
    """
    leaf_count, signed_size = session().execute(_SIZES).one()
    begin, end = after.size, min(after.size + SLICE, signed_size)
    faults: list[Fault] = []
    if leaf_count != signed_size:
        faults.append(_fault(f"{leaf_count} leaves, but the newest checkpoint signs {signed_size}"))
    rows = execute(_LEAVES, {"begin": begin, "end": end}).all()
    missing = sorted(set(range(begin, end)) - {row.position for row in rows})
    if missing:
        # Without a leaf no node above it can be grown; the rest of the tree proves nothing.
        return None, len(rows), [*faults, _fault(f"leaf {missing[0]} is gone from the tree")]
    for row in rows:
        if row.id is None:
            words = f"leaf {row.position}: its event {row.event_id} is gone"
            faults.append(_fault(words))
    cursor, more = _grow(after, rows, end, check)
    is_done = end == signed_size
    faults += more + (_superfluous_nodes(signed_size) if is_done else [])
    return (None if is_done else cursor), len(rows), faults


def _grow(
    after: TreeCursor, rows: Sequence[Any], end: int, check: CheckSignature
) -> tuple[TreeCursor, list[Fault]]:
    """Grow the tree checkpoint by checkpoint up to `end`."""
    faults: list[Fault] = []
    try:
        leaves = [bytes.fromhex(row.leaf_hash) for row in rows]
    except ValueError:
        return after, [_fault("a leaf's hash in the tree is none")]
    size, peaks = after.size, [bytes.fromhex(peak) for peak in after.peaks]
    signed = list(execute(_CHECKPOINTS, {"begin": after.size, "end": end}))
    for stop, checkpoint in [*((row.size, row) for row in signed), (end, None)]:
        grown = grow(size, peaks, leaves[size - after.size : stop - after.size])
        faults += _node_faults(grown)
        if checkpoint is not None:
            faults += _checkpoint_faults(checkpoint, grown, check)
        size, peaks = grown.size, list(grown.peaks)
    return TreeCursor(size, tuple(peak.hex() for peak in peaks)), faults


def _node_faults(grown: Grown) -> list[Fault]:
    known = stored_hashes([name for name, _digest in grown.nodes])
    return [
        _fault(f"node {number} of level {level} is missing or another")
        for (level, number), digest in grown.nodes
        if known.get((level, number)) != digest.hex()
    ]


def _checkpoint_faults(row: Any, grown: Grown, check: CheckSignature) -> list[Fault]:  # noqa: ANN401 - A row of _CHECKPOINTS.
    root = root_of(grown.peaks)
    try:
        said: Checkpoint | None = read_note(row.note)
        signature = bytes.fromhex(row.signature)
    except ValueError:
        said, signature = None, b""
    is_right = said is not None and (said.size, said.root) == (row.size, root)
    holds = {
        "its note is not about the leaves it covers": is_right,
        "its root is another": row.root == root.hex(),
        "its anchor is another": row.anchor == anchor_of(row.note),
        "its signature does not hold": check(row.kid, signature, row.note.encode()),
    }
    return [_fault(f"checkpoint {row.size}: {words}") for words, fits in holds.items() if not fits]


def _superfluous_nodes(size: int) -> list[Fault]:
    """Return a fault when there are more nodes than a tree of this size has."""
    expected = sum(size >> level for level in range(1, size.bit_length()))
    leaves_up_to = (_NODE.c.number + 1).op("<<")(cast(_NODE.c.level, Integer))
    within = leaves_up_to <= size
    found = session().scalar(select(func.count()).select_from(_NODE).where(within)) or 0
    return [] if found == expected else [_fault(f"{found} nodes, where there should be {expected}")]


def unknown_anchors(noted: Sequence[str]) -> list[str]:
    """Return which of the anchors and heads that were noted outside the log does not have.

    Each is looked for as what it is by its length: 16 hex digits name a checkpoint, 64 the head
    of a delivery's chain.
    """
    columns = {16: _CHECKPOINT.c.anchor, 64: _EVENT.c.head}
    return [
        text
        for text in noted
        if session().scalar(select(columns[len(text)]).where(columns[len(text)] == text)) is None
    ]


def _fault(words: str) -> Fault:
    return Fault("", words)
