import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pin import MAX_PIN_TRIES, pin_of, pins_match
from tests.domain.mp1 import MP1


def mac(message: bytes) -> bytes:
    return hmac.digest(bytes.fromhex(MP1["pin"]["mac_key"]), message, "sha256")


@pytest.mark.parametrize("version", [0, 1])
def test_pin_agrees_with_the_vectors(version: int):
    assert pin_of(mac, MP1["pin"]["delivery"], version) == MP1["pin"][f"version {version}"]


@pytest.mark.parametrize(
    ("digest_start", "pin"), [(7, "000007"), (1_000_000, "000000"), (2**64 - 1, "551615")]
)
def test_pin_always_has_six_digits(digest_start: int, pin: str):
    assert pin_of(lambda _: digest_start.to_bytes(8, "big") + bytes(24), "00" * 8, 65_535) == pin


def test_a_version_beyond_two_bytes_is_a_mistake():
    with pytest.raises(OverflowError):
        pin_of(mac, "00" * 8, 65_536)


@given(st.text(max_size=8), st.from_regex(r"\A[0-9]{6}\Z"))
def test_pins_match_only_when_equal(claimed: str, expected: str):
    assert pins_match(expected, expected)
    assert pins_match(claimed, expected) == (claimed == expected)


@pytest.mark.parametrize("claimed", ["", "12345", "123456 ", "１２３４５６", "\ud800"])  # noqa: RUF001
def test_what_is_not_the_pin_is_wrong_without_an_error(claimed: str):
    assert not pins_match(claimed, "123456")


def test_guessing_has_five_chances_in_a_million():
    assert MAX_PIN_TRIES == 5
