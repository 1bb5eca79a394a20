"""Keys of programs: their form, and when they work."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.api_key import (
    Mode,
    Scope,
    is_valid,
    key_hash,
    key_text,
    known_scopes,
    may_come_from,
    networks_of,
    shown_part,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAME, SECRET = "abcdefghijkl", "a2" * 16


def test_key_says_what_it_is_for_and_hides_its_secret():
    text = key_text(Mode.TEST, NAME, SECRET)

    assert text == f"mp_test_{NAME}_{SECRET}"
    assert shown_part(text) == f"mp_test_{NAME}"
    assert SECRET not in key_hash(text)


@pytest.mark.parametrize(
    "text",
    ["", "mp_live_", f"mp_live_{NAME}", f"mp_other_{NAME}_{SECRET}", f"mp_live_{NAME}_{SECRET}x"],
)
def test_what_is_no_key_has_nothing_to_show(text: str):
    assert shown_part(text) == ""


@pytest.mark.parametrize(
    ("revoked_at", "expires_at", "works"),
    [
        (None, None, True),
        (None, NOW + timedelta(seconds=1), True),
        (None, NOW, False),
        (NOW, None, False),
    ],
)
def test_key_works_until_it_is_revoked_or_runs_out(revoked_at, expires_at, *, works: bool):
    assert is_valid(revoked_at=revoked_at, expires_at=expires_at, now=NOW) is works


def test_networks_are_kept_in_one_form():
    assert networks_of(" 203.0.113.9/24, 2001:db8::1 ") == ("203.0.113.0/24", "2001:db8::1/128")
    assert networks_of(" ") == ()
    with pytest.raises(ValueError, match="203"):
        networks_of("203.0.113.300")


@pytest.mark.parametrize(
    ("address", "networks", "may"),
    [
        ("203.0.113.7", (), True),
        ("203.0.113.7", ("203.0.113.0/24",), True),
        ("203.0.114.7", ("203.0.113.0/24", "10.0.0.0/8"), False),
        ("2001:db8::1", ("203.0.113.0/24",), False),
        ("unknown", ("203.0.113.0/24",), False),
    ],
)
def test_key_works_from_its_networks_only(address: str, networks: tuple[str, ...], *, may: bool):
    assert may_come_from(address, networks) is may


def test_scopes_that_are_gone_count_for_nothing():
    assert known_scopes(["webhooks", "fly"]) == {Scope.WEBHOOKS}
