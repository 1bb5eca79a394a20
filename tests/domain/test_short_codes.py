import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.tokens import normalise_short_code, short_code
from tests.domain.mp1 import MP1, TEXTS

TOKENS = MP1["tokens"]


@pytest.mark.parametrize("name", TOKENS)
def test_short_codes_of_the_vectors_agree(name: str):
    expected = TEXTS["short_codes"][name]
    assert short_code(TOKENS[name]["qr"]) == expected
    assert short_code(bytes.fromhex(TOKENS[name]["hex"])) == expected


def test_a_text_that_is_no_token_has_no_short_code():
    with pytest.raises(DomainError, match="code_damaged"):
        short_code("MP1:")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ec193v", "EC193V"),
        (" EC1-93V\n", "EC193V"),
        ("ecl93v", "EC193V"),
        ("eci93v", "EC193V"),
        ("9voHAH", "9V0HAH"),
        ("JHJ\u2013T2H", "JHJT2H"),
        ("JHJ\u00a0T2H", "JHJT2H"),
        ("U?", "U?"),
        ("", ""),
    ],
)
def test_a_typed_short_code_is_read_as_meant(typed: str, code: str):
    assert normalise_short_code(typed) == code


@given(st.binary(max_size=40))
def test_a_short_code_survives_being_typed(raw: bytes):
    code = short_code(raw)
    assert len(code) == 6
    assert normalise_short_code(f"{code[:3].lower()}-{code[3:]}") == code
