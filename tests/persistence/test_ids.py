"""Identifiers: unguessable, in one form."""

import re
from datetime import UTC, datetime

from app.persistence.ids import is_uuid7, new_handle, new_id, new_uuid7

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_public_id_is_a_prefix_and_128_random_bits():
    made = {new_id("dlv") for _ in range(1_000)}

    assert len(made) == 1_000
    assert all(re.fullmatch(r"dlv_[a-z2-7]{26}", each) for each in made)


def test_command_id_sorts_by_time_and_says_its_version():
    earlier, later = new_uuid7(NOW), new_uuid7(NOW.replace(hour=11))

    assert earlier < later
    assert is_uuid7(earlier)


def test_other_forms_are_no_command_ids():
    right = new_uuid7(NOW)

    assert not any(map(is_uuid7, (right.upper(), right[:-1], f"{right}\n", right.replace("-", ""))))


def test_handle_is_64_random_bits():
    assert all(re.fullmatch("[0-9a-f]{16}", new_handle()) for _ in range(100))
