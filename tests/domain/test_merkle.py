"""The tree that grows by what is kept is the tree of RFC 6962, and its proofs prove."""

from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody_chain import leaf_hash, merkle_root
from app.domain.merkle import (
    NodeName,
    consistency_path,
    grow,
    inclusion_path,
    is_beginning,
    peak_names,
    root_by_inclusion,
    root_of,
)
from tests.domain.test_custody_chain import RFC_6962_LEAVES, RFC_6962_ROOTS

SIZES = range(71)
#: Every size here, exhaustively.
LEAVES = [leaf_hash(str(number).encode()) for number in SIZES]
ROOTS = [merkle_root(LEAVES[:size]) for size in SIZES]
BEYOND = [-1, 3, 4]

# Proofs that certificate-transparency-go publishes for the eight leaves of RFC 6962.
PUBLISHED_INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
PUBLISHED_CONSISTENCY = {
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def kept(leaves: list[bytes]) -> dict[NodeName, bytes]:
    """Return every complete subtree's hash, as a store that has seen the leaves keeps them."""
    return {(0, place): leaf for place, leaf in enumerate(leaves)} | dict(grow(0, (), leaves).nodes)


KEPT = kept(LEAVES)


def included(position: int, size: int) -> list[bytes]:
    path = inclusion_path(position, size)
    return path.hashes({name: KEPT[name] for name in path.names})


def extended(old: int, size: int) -> list[bytes]:
    path = consistency_path(old, size)
    return path.hashes({name: KEPT[name] for name in path.names})


@pytest.mark.parametrize("size", SIZES)
def test_grown_root_is_the_root_of_the_recursion(size: int):
    grown = grow(0, (), LEAVES[:size])

    assert grown.size == size
    assert root_of(grown.peaks) == ROOTS[size]
    assert grown.peaks == tuple(KEPT[name] for name in peak_names(size))


@pytest.mark.parametrize(("size", "root"), enumerate(RFC_6962_ROOTS))
def test_grown_roots_agree_with_certificate_transparency(size: int, root: str):
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in RFC_6962_LEAVES[:size]]

    assert root_of(grow(0, (), leaves).peaks).hex() == root


@pytest.mark.parametrize(("ends", "path"), PUBLISHED_INCLUSION.items())
def test_inclusion_agrees_with_certificate_transparency(ends: tuple[int, int], path: list[str]):
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in RFC_6962_LEAVES]

    assert [step.hex() for step in inclusion_path(*ends).hashes(kept(leaves))] == path


@pytest.mark.parametrize(("ends", "path"), PUBLISHED_CONSISTENCY.items())
def test_consistency_agrees_with_certificate_transparency(ends: tuple[int, int], path: list[str]):
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in RFC_6962_LEAVES]

    assert [step.hex() for step in consistency_path(*ends).hashes(kept(leaves))] == path


@pytest.mark.parametrize("size", SIZES)
def test_growing_in_two_steps_completes_the_same_nodes(size: int):
    whole = grow(0, (), LEAVES[:size])

    for first in range(size + 1):
        start = grow(0, (), LEAVES[:first])
        rest = grow(first, start.peaks, LEAVES[first:size])
        assert (rest.peaks, rest.size) == (whole.peaks, size)
        assert sorted(start.nodes + rest.nodes) == sorted(whole.nodes)


def test_each_node_is_made_of_the_two_below():
    for (level, number), digest in grow(0, (), LEAVES).nodes:
        below = [KEPT[level - 1, 2 * number], KEPT[level - 1, 2 * number + 1]]
        assert digest == sha256(b"\x01" + b"".join(below)).digest()


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_leaf_of_every_size_is_proved(size: int):
    for position in range(size):
        path = included(position, size)
        assert root_by_inclusion(LEAVES[position], position, size, path) == ROOTS[size]
        assert len(path) <= (size - 1).bit_length()


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_beginning_of_every_size_is_proved(size: int):
    for old in range(1, size + 1):
        ends = (old, ROOTS[old]), (size, ROOTS[size])
        assert is_beginning(*ends, extended(old, size))


@pytest.mark.parametrize("size", SIZES[2:])
def test_inclusion_fails_for_anything_else(size: int):
    for position in range(size):
        path, leaf, root = included(position, size), LEAVES[position], ROOTS[size]
        wrong = [
            (leaf_hash(b"forged"), position, size, path),
            (leaf, (position + 1) % size, size, path),
            (leaf, position, size, path[:-1]),
            (leaf, position, size, [*path, root]),
            (leaf, position, size, [*path[:-1], bytes(32)]),
        ]
        assert root not in [root_by_inclusion(*each) for each in wrong]


@pytest.mark.parametrize("size", SIZES[2:])
def test_consistency_fails_for_anything_else(size: int):
    for old in range(1, size):
        path, ends = extended(old, size), ((old, ROOTS[old]), (size, ROOTS[size]))
        (_, old_root), (_, root) = ends
        assert not is_beginning((old, ROOTS[old - 1]), ends[1], path)
        assert not is_beginning(ends[0], (size, ROOTS[size - 1]), path)
        assert not is_beginning(ends[0], ends[1], path[:-1])
        assert not is_beginning(ends[0], ends[1], [*path, root])
        assert not is_beginning(ends[0], ends[1], [*path[:-1], old_root])


def test_a_tree_equal_to_itself_needs_no_proof():
    assert is_beginning((7, ROOTS[7]), (7, ROOTS[7]), [])
    assert not is_beginning((7, ROOTS[7]), (7, ROOTS[6]), [])
    assert not is_beginning((7, ROOTS[7]), (7, ROOTS[7]), [ROOTS[7]])


@pytest.mark.parametrize(("old", "size"), [(0, 3), (4, 3), (-1, 3)])
def test_a_beginning_that_is_none_is_refused(old: int, size: int):
    with pytest.raises(ValueError, match="no beginning"):
        consistency_path(old, size)
    assert not is_beginning((old, ROOTS[0]), (size, ROOTS[size]), [])


def test_a_beginning_without_proof_is_refused():
    assert not is_beginning((3, ROOTS[3]), (4, ROOTS[4]), [])


@pytest.mark.parametrize("position", BEYOND)
def test_a_leaf_beyond_the_tree_is_refused(position: int):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_path(position, 3)
    assert root_by_inclusion(LEAVES[0], position, 3, []) is None


def test_a_missing_node_is_an_error():
    with pytest.raises(KeyError):
        inclusion_path(0, 3).hashes({})


@given(st.integers(1, 10**12), st.data())
def test_work_grows_with_the_levels_and_not_with_the_tree(size: int, data: st.DataObject):
    position = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))

    assert len(inclusion_path(position, size).names) <= 2 * size.bit_length()
    assert len(consistency_path(old, size).names) <= 2 * size.bit_length()
    assert len(peak_names(size)) == size.bit_count()


@given(st.lists(st.binary(max_size=4), max_size=200), st.data())
def test_any_split_of_any_leaves_grows_to_the_recursive_root(
    entries: list[bytes], data: st.DataObject
):
    leaves = [leaf_hash(entry) for entry in entries]
    cuts = sorted(data.draw(st.sets(st.integers(0, len(leaves)))) | {0, len(leaves)})
    size, peaks = 0, ()

    for start, end in pairwise(cuts):
        grown = grow(size, peaks, leaves[start:end])
        size, peaks = grown.size, grown.peaks

    assert root_of(peaks) == merkle_root(leaves)


@given(st.integers(1, 5_000), st.data())
def test_proofs_hold_in_larger_trees(size: int, data: st.DataObject):
    leaves = [bytes([number % 251]) * 32 for number in range(size)]
    known, root = kept(leaves), root_of(grow(0, (), leaves).peaks)
    position, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    old_root = root_of([known[name] for name in peak_names(old)])

    path = inclusion_path(position, size).hashes(known)
    assert root_by_inclusion(leaves[position], position, size, path) == root
    path = consistency_path(old, size).hashes(known)
    assert is_beginning((old, old_root), (size, root), path)
