"""What is stored of an event is held to its record, column by column."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody_chain import EMPTY_HEAD, canonical, commitment, leaf_hash, next_head
from app.domain.log_audit import StoredEvent, event_faults, to_milliseconds, whole_milliseconds

AT = datetime(2026, 11, 22, 18, 4, 5, 123000, tzinfo=UTC)
SALT = bytes(range(16))
RECORD = {
    "v": 1,
    "event_id": "e1",
    "type": "delivery.created",
    "delivery": "000000000000000a",
    "seq": 0,
    "actor": "system",
    "occurred_at": to_milliseconds(AT),
    "received_at": to_milliseconds(AT),
    "facts": {},
    "pii_commit": commitment(SALT, b'{"note":"x"}').hex(),
}


def stored(record: str = canonical(RECORD).decode(), **changes: object) -> StoredEvent:
    leaf = leaf_hash(record.encode("utf-8", "surrogatepass"))
    event = StoredEvent(
        id="e1",
        handle="000000000000000a",
        seq=0,
        type="delivery.created",
        actor="system",
        occurred_at=AT,
        received_at=AT,
        record=record,
        leaf_hash=leaf.hex(),
        head=next_head(EMPTY_HEAD, leaf).hex(),
        personal=(SALT.hex(), '{"note":"x"}'),
    )
    return replace(event, **changes)


def faults(event: StoredEvent, seq: int = 0, head: bytes = EMPTY_HEAD) -> list[str]:
    return event_faults(event, seq=seq, head=head)


def test_event_as_it_was_recorded_has_no_faults():
    assert faults(stored()) == []
    assert faults(stored(personal=None)) == []


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("id", "e2", "event_id is stored as 'e2'"),
        ("handle", None, "delivery is stored as None"),
        ("type", "delivery.packed", "type is stored"),
        ("actor", "driver:x", "actor is stored"),
        ("occurred_at", AT + timedelta(milliseconds=1), "occurred_at is stored"),
        ("received_at", AT + timedelta(microseconds=1), "received_at is stored"),
        ("occurred_at", "2026-11-22!18:04:05.123000", "occurred_at is stored"),
        ("leaf_hash", "00" * 32, "the record does not have the leaf's hash"),
        ("leaf_hash", "zz", "the record does not have the leaf's hash"),
        ("head", "00" * 32, "the head does not follow"),
        ("head", "", "the head does not follow"),
        ("personal", (SALT.hex(), "{}"), "committed to"),
        ("personal", ("00", "{}"), "committed to"),
        ("personal", ("zz", "{}"), "committed to"),
    ],
)
def test_fault_is_said_in_words(column: str, value: Any, words: str):
    said = faults(stored(**{column: value}))

    assert any(words in each for each in said)


def test_upper_case_of_a_hash_is_another_text():
    assert faults(stored(leaf_hash=stored().leaf_hash.upper())) != []


def test_event_out_of_its_place_is_a_fault():
    assert faults(stored(), seq=2) == ["number 2 is missing"]
    assert "the head does not follow" in faults(stored(), head=bytes(31) + b"\1")[0]


@pytest.mark.parametrize(
    "record",
    ["", "{", "[]", '"text"', json.dumps(RECORD), '{"v":1.5}', "\ud800", '{"v":1,"v":1}'],
)
def test_record_that_is_not_canonical_cannot_be_read(record: str):
    assert faults(stored(record)) == ["the record cannot be read"]


def test_instant_is_cut_to_what_a_record_can_say():
    instant = datetime(2026, 11, 30, 9, 30, 1, 234_999, tzinfo=UTC)

    assert whole_milliseconds(instant) == instant.replace(microsecond=234_000)


@given(st.datetimes(timezones=st.just(UTC)))
def test_column_and_record_say_the_same_instant(instant: datetime):
    whole = whole_milliseconds(instant)

    assert timedelta(0) <= instant - whole < timedelta(milliseconds=1)
    assert to_milliseconds(whole) == to_milliseconds(instant)
    assert to_milliseconds(instant) * 1000 == (
        whole - datetime(1970, 1, 1, tzinfo=UTC)
    ) // timedelta(microseconds=1)
