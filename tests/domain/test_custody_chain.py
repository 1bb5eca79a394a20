import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody_chain import (
    EMPTY_HEAD,
    MAX_SAFE_INTEGER,
    SALT_BYTES,
    canonical,
    commitment,
    leaf_hash,
    merkle_root,
    next_head,
)
from tests.domain.mp1 import MP1

LOG = MP1["log"]
LEAVES = [bytes.fromhex(leaf) for leaf in LOG["leaf_hashes"]]

# Leaves and roots that certificate-transparency-go publishes for RFC 6962.
RFC_6962_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
RFC_6962_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

records = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def test_records_of_the_vectors_are_canonical_already():
    for text in LOG["events_jcs"]:
        assert canonical(json.loads(text)) == text.encode()


def test_leaves_and_chain_heads_agree_with_the_vectors():
    head = EMPTY_HEAD
    for text, leaf, expected in zip(LOG["events_jcs"], LEAVES, LOG["chain_heads"], strict=True):
        assert leaf_hash(text.encode()) == leaf
        head = next_head(head, leaf)
        assert head.hex() == expected


@pytest.mark.parametrize(("size", "root"), LOG["merkle_roots_by_size"].items())
def test_merkle_roots_agree_with_the_vectors(size: str, root: str):
    assert merkle_root(LEAVES[: int(size)]).hex() == root


@pytest.mark.parametrize(("size", "root"), enumerate(RFC_6962_ROOTS))
def test_merkle_roots_agree_with_certificate_transparency(size: int, root: str):
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in RFC_6962_LEAVES[:size]]
    assert merkle_root(leaves).hex() == root


@given(records)
def test_canonical_form_is_stable_json_of_the_same_record(record: object):
    text = canonical(record)  # pyright: ignore[reportArgumentType]
    assert json.loads(text) == record
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"b": 1, "a": [True, False, None]}, '{"a":[true,false,null],"b":1}'),
        ((1, "two"), '[1,"two"]'),
        ({}, "{}"),
        ([], "[]"),
        ('\u00e9\u2028"\\/', '"\u00e9\u2028\\"\\\\/"'),
        ("\b\t\n\f\r\x01\x1f\x7f", '"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f"'),
        # RFC 8785, section 3.2.3: UTF-16 puts the emoji before the Hebrew presentation form.
        ({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3}, '{"\u20ac":3,"\U0001f600":2,"\ufb33":1}'),
        (MAX_SAFE_INTEGER, "9007199254740991"),
        (-MAX_SAFE_INTEGER, "-9007199254740991"),
    ],
)
def test_canonical_form_of_each_type(record: object, text: str):
    assert canonical(record) == text.encode()  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (1.0, TypeError),
        ({"lat": 33.3}, TypeError),
        (float("nan"), TypeError),
        (b"bytes", TypeError),
        ({1, 2}, TypeError),
        ({1: "key"}, TypeError),
        ({None: "key", "a": 1}, TypeError),
        (MAX_SAFE_INTEGER + 1, ValueError),
        (-MAX_SAFE_INTEGER - 1, ValueError),
        ("\ud800", ValueError),
        ({"\udc00": 1}, ValueError),
    ],
)
def test_what_json_cannot_say_exactly_is_refused(record: object, error: type[Exception]):
    with pytest.raises(error):
        canonical(record)  # pyright: ignore[reportArgumentType]


def test_changing_dropping_or_swapping_an_event_changes_the_head():
    def head_of(leaves: list[bytes]) -> bytes:
        head = EMPTY_HEAD
        for leaf in leaves:
            head = next_head(head, leaf)
        return head

    first, second, third, fourth = LEAVES
    forged = leaf_hash(LOG["events_jcs"][1].replace("claimed", "created").encode())
    tampered = [
        [first, forged, third, fourth], [first, third, fourth], [first, third, second, fourth],
    ]  # fmt: skip
    assert head_of(LEAVES) not in [head_of(leaves) for leaves in tampered]


def test_commitment_is_the_hash_of_salt_and_value():
    salt = bytes(range(SALT_BYTES))
    assert commitment(salt, b"value") == sha256(salt + b"value").digest()


@pytest.mark.parametrize("size", [0, SALT_BYTES - 1, SALT_BYTES + 1])
def test_a_salt_of_another_length_is_refused(size: int):
    with pytest.raises(ValueError, match="salt"):
        commitment(bytes(size), b"value")
