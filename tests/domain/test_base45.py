import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import base45

# The examples of RFC 9285, section 4.3.
RFC_EXAMPLES = [
    (b"", ""),
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]


@pytest.mark.parametrize(("raw", "text"), RFC_EXAMPLES)
def test_examples_of_the_rfc_hold_both_ways(raw: bytes, text: str):
    assert base45.encode(raw) == text
    assert base45.decode(text) == raw


@given(st.binary(max_size=300))
def test_bytes_survive_the_round_trip(raw: bytes):
    assert base45.decode(base45.encode(raw)) == raw


@given(st.text(base45.ALPHABET, max_size=30))
def test_a_text_is_refused_or_the_only_one_for_its_bytes(text: str):
    try:
        raw = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(raw) == text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("BB8B", "left over"),
        ("bb8", "outside"),
        ("BB_", "outside"),
        ("BB\u0668", "outside"),
        (":::", "too much"),
        ("GGW", "too much"),
        ("::", "too much"),
        ("V5", "too much"),
    ],
)
def test_each_defect_of_a_text_is_refused(text: str, why: str):
    with pytest.raises(ValueError, match=why):
        base45.decode(text)


@pytest.mark.parametrize(("text", "raw"), [("FGW", b"\xff\xff"), ("U5", b"\xff")])
def test_the_largest_groups_are_read(text: str, raw: bytes):
    assert base45.decode(text) == raw
