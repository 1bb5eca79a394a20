"""The Merkle tree over all leaves, grown leaf by leaf from the hashes that are kept.

A complete subtree is named `(level, number)`: the `number`-th, from the left and from 0, of those
with 2**level leaves; level 0 are the leaves themselves. Once complete it never changes, so these
hashes are all that is ever stored. Everything else (roots, proofs) is put together from them.

Source: RFC 6962, sections 2.1 (tree), 2.1.1 (inclusion) and 2.1.2 (consistency); RFC 9162, section
2.1.3.2 (checking an inclusion).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

_NODE: Final = b"\x01"

#: Level and number of a complete subtree.
NodeName: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grown:
    """What leaves added to a tree.

    Attributes:
        nodes: Subtrees above the leaves that became complete, each after the two it is made of.
        peaks: Hashes of the largest complete subtrees that the tree now consists of, from the left.
        size: Number of leaves now.
    """

    nodes: tuple[tuple[NodeName, bytes], ...]
    peaks: tuple[bytes, ...]
    size: int


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return sha256(_NODE + left + right).digest()


def peak_names(size: int) -> tuple[NodeName, ...]:
    """Return the largest complete subtrees of a tree of `size` leaves, from the left."""
    return tuple(_pieces(0, size))


def _pieces(start: int, end: int) -> Iterator[NodeName]:
    """Yield the complete subtrees of leaves `start` to `end`; `start` is where one may begin."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def grow(size: int, peaks: Sequence[bytes], leaves: Sequence[bytes]) -> Grown:
    """Add leaf hashes at the end. Costs at most two hashes for each leaf, whatever the size.

    Args:
        size: Leaves of the tree so far.
        peaks: Hashes of its `peak_names`.
        leaves: What comes next.
    """
    stack = list(peaks)
    nodes: list[tuple[NodeName, bytes]] = []
    for position, leaf in enumerate(leaves, start=size):
        stack.append(leaf)
        level, number = 0, position
        while number & 1:
            right = stack.pop()
            stack.append(node_hash(stack.pop(), right))
            level, number = level + 1, number >> 1
            nodes.append(((level, number), stack[-1]))
    return Grown(tuple(nodes), tuple(stack), size + len(leaves))


def root_of(peaks: Sequence[bytes]) -> bytes:
    """Return the root of a tree with these peaks; of the empty tree when there are none."""
    if not peaks:
        return sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


@dataclass(frozen=True, slots=True)
class Path:
    """A proof as data: for each of its hashes the complete subtrees that it is made of."""

    parts: tuple[tuple[NodeName, ...], ...]

    @property
    def names(self) -> frozenset[NodeName]:
        """Every subtree that is needed: at most a few for each doubling of the tree."""
        return frozenset(name for part in self.parts for name in part)

    def hashes(self, known: Mapping[NodeName, bytes]) -> list[bytes]:
        """Return the proof.

        Raises:
            KeyError: When one of `names` is not known.
        """
        return [root_of([known[name] for name in part]) for part in self.parts]


def inclusion_path(position: int, size: int) -> Path:
    """Return the proof that the leaf at `position` is in the tree of `size` leaves.

    Raises:
        ValueError: When there is no such leaf.
    """
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    start, end = 0, size
    parts: list[tuple[NodeName, ...]] = []
    while end - start > 1:
        split = start + _split(end - start)
        if position < split:
            parts.append(tuple(_pieces(split, end)))
            end = split
        else:
            parts.append(tuple(_pieces(start, split)))
            start = split
    return Path(tuple(reversed(parts)))


def consistency_path(old: int, size: int) -> Path:
    """Return the proof that the tree of `old` leaves is the beginning of that of `size` leaves.

    Raises:
        ValueError: Unless 0 < old <= size.
    """
    if not 0 < old <= size:
        raise ValueError(f"a tree of {old} is no beginning of one of {size}")
    start, end = 0, size
    parts: list[tuple[NodeName, ...]] = []
    while old < end:
        split = start + _split(end - start)
        if old <= split:
            parts.append(tuple(_pieces(split, end)))
            end = split
        else:
            parts.append(tuple(_pieces(start, split)))
            start = split
    # Where the old tree is a whole subtree of the new one, whoever checks has its root already.
    if start:
        parts.append(tuple(_pieces(start, end)))
    return Path(tuple(reversed(parts)))


def _split(width: int) -> int:
    """Return the largest power of two below `width`."""
    return 1 << (width - 1).bit_length() - 1


def root_by_inclusion(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, or None when it cannot be one."""
    if not 0 <= position < size:
        return None
    here, last, root = position, size - 1, leaf
    for sibling in path:
        if not last:
            return None
        if here & 1 or here == last:
            root = node_hash(sibling, root)
            # A node at the right edge has no sibling of its own until it is a right child.
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        here, last = here >> 1, last >> 1
    return None if last else root


def is_beginning(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Tell whether a consistency proof holds between two trees, each its size and root."""
    (old_size, old_root), (size, root) = old, new
    if not 0 < old_size <= size:
        return False
    rest = list(path)
    try:
        sums = _both_roots(old_size, size, rest, old_root)
    except IndexError:
        return False
    return not rest and sums == (old_root, root)


def _both_roots(old: int, size: int, rest: list[bytes], whole: bytes | None) -> tuple[bytes, bytes]:
    """Return the old and the new root of a subtree of which the old tree covers `old` leaves.

    Args:
        old: Leaves of the subtree that the old tree had, at least one.
        size: Leaves of the subtree.
        rest: What is left of the proof, the hash nearest to the root last; taken from the end.
        whole: Root of the old tree, while the subtree begins where the tree does.

    Raises:
        IndexError: When the proof is too short.
    """
    if old == size:
        same = rest.pop() if whole is None else whole
        return same, same
    sibling, split = rest.pop(), _split(size)
    if old <= split:
        left = _both_roots(old, split, rest, whole)
        return left[0], node_hash(left[1], sibling)
    right = _both_roots(old - split, size - split, rest, None)
    return node_hash(sibling, right[0]), node_hash(sibling, right[1])
