"""Roster entries and what travels beside a statement."""

import hashlib

import pytest

from app.domain.commitments import Opened, open_commitments
from app.domain.errors import DomainError
from app.domain.jws import read_jws
from app.domain.roster import ENTRY_LIFE_S, TYPE, RosterEntry, entry_times, write_entry

SALT = "ab" * 16


def committed(value: str) -> str:
    return hashlib.sha256(bytes.fromhex(SALT) + value.encode()).hexdigest()


def test_entry_says_whose_key_it_is_and_until_when():
    entry = RosterEntry(
        kid=7, role="desk", public_key="04" + "00" * 64, store=3, name="Main", iat=10, exp=20
    )

    jws = read_jws(write_entry(entry, 0xA1, lambda _message: bytes(64)), TYPE)

    assert jws.kid == 0xA1
    assert (jws.payload.integer("kid"), jws.payload.take("name")) == (7, "Main")


@pytest.mark.parametrize("now_s", [3_600.0, 7_199.9])
def test_entries_stay_the_same_for_an_hour(now_s: float):
    assert entry_times(now_s) == (3_600, 3_600 + ENTRY_LIFE_S)


def test_value_that_fits_its_commitment_is_opened():
    opened = open_commitments({"pin": committed("123456")}, {"pin": (SALT, "123456")})

    assert opened == {"pin": Opened(SALT, "123456")}


def test_value_that_was_erased_is_missing():
    assert open_commitments({"pin": committed("123456")}, {}) == {}


@pytest.mark.parametrize("beside", [{"pin": (SALT, "654321")}, {"note": (SALT, "123456")}])
def test_value_that_was_not_committed_to_is_refused(beside: dict[str, tuple[str, str]]):
    with pytest.raises(DomainError, match="envelope_unreadable"):
        open_commitments({"pin": committed("123456")}, beside)


@pytest.mark.parametrize(
    ("value", "is_near"),
    [
        ("33.301000,-111.898000,9", True),
        ("33.304000,-111.898000,9", False),
        ("33.304000,-111.898000,100", True),
        # A fix that may be anywhere is near nothing.
        ("33.310000,-111.898000,5000", False),
        ("somewhere", False),
    ],
)
def test_place_counts_as_near_within_its_accuracy(value: str, is_near: bool):  # noqa: FBT001
    assert Opened(SALT, value).is_near(33.301, -111.898) is is_near
