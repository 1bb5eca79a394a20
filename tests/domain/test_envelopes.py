"""Signed statements are read in exactly one way; everything else is refused before it counts."""

import base64
import hashlib
import json
import string
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from app.domain.envelope import (
    MAX_ENVELOPE_CHARACTERS,
    NO_ENVELOPE,
    read_envelope,
    verify_envelope,
    write_envelope,
)
from app.domain.errors import DomainError
from app.domain.statement import StatementType
from app.domain.tokens import DeviceKey, KeyRole

HANDLE = "00112233445566aa"
SIGNATURE = bytes(range(64))
KEY = DeviceKey(kid=0xD001, role=KeyRole.PHONE, public_key=b"\x04" + bytes(64))

PAYLOAD: dict[str, Any] = {
    "v": 1,
    "event_id": "01932c5e-7a00-7abc-8def-0123456789ab",
    "type": "handoff.picked_up",
    "deliveries": [HANDLE],
    "parcels": {HANDLE: 2},
    "occurred_at": 1_795_000_000_123,
    "clock": {"offset_ms": -1500, "sync_age_s": 40, "jump": False},
    "anchor": "0" * 16,
    "device": 0xD001,
    "seq": 1,
    "prev": NO_ENVELOPE,
    "assignment_epoch": 3,
    "actor": {"id": "per_" + "a" * 26, "auth": "offline"},
    "evidence": [
        {"kind": "release_code", "text": "MP1:ABC"},
        {"kind": "photo", "sha256": "b" * 64},
        {"kind": "pin"},
    ],
    "shown": ["00" * 8],
    "reason": "nobody_home",
    "commitments": {"geo": "c" * 64},
    "refers_to": "01932c5e-7a00-7abc-8def-0123456789ac",
}


def written(payload: dict[str, Any] = PAYLOAD) -> str:
    return write_envelope(payload, lambda _message: SIGNATURE)


def raw(header: str, payload: str, signature: bytes = SIGNATURE) -> str:
    parts = (header.encode(), payload.encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def refusal(text: str) -> str:
    with pytest.raises(DomainError) as refused:
        read_envelope(text)
    return refused.value.code


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    payload = deepcopy(PAYLOAD)
    change(payload)
    return payload


HEADER = '{"alg":"ES256","kid":"0000d001","typ":"mp-event+jws"}'
BODY = json.dumps(PAYLOAD)


def test_statement_is_read_as_it_was_written():
    envelope = read_envelope(written())
    statement = envelope.statement

    assert (statement.type, statement.parcels) == (StatementType.PICKED_UP, {HANDLE: 2})
    assert statement.occurred_at.timestamp() == 1_795_000_000.123
    assert (statement.device, statement.seq, statement.assignment_epoch) == (0xD001, 1, 3)
    assert statement.texts("release_code") == ["MP1:ABC"]
    assert statement.texts("photo") == ["b" * 64]
    assert statement.has("pin")
    assert not statement.has("label")
    assert (statement.is_online, statement.clock.jump) == (False, False)
    assert (statement.shown, statement.commitments) == (("00" * 8,), {"geo": "c" * 64})
    assert envelope.sha256 == hashlib.sha256(written().encode()).hexdigest()


def test_what_may_be_left_out_is_left_out():
    payload = changed(
        lambda each: [
            each.pop(name)
            for name in ("assignment_epoch", "shown", "reason", "commitments", "refers_to")
        ]
    )

    statement = read_envelope(written(payload)).statement

    left_out = (statement.assignment_epoch, statement.reason, statement.refers_to)
    assert (left_out, statement.shown, statement.commitments) == ((None, None, None), (), {})


@pytest.mark.parametrize("is_good", [True, False])
def test_signature_is_over_the_text_before_it(*, is_good: bool):
    envelope = read_envelope(written())
    asked: list[tuple[bytes, bytes, bytes]] = []

    def check(*given: bytes) -> bool:
        asked.append(given)  # pyright: ignore[reportArgumentType]
        return is_good

    if is_good:
        verify_envelope(envelope, KEY, check)
    else:
        with pytest.raises(DomainError, match="envelope_forged"):
            verify_envelope(envelope, KEY, check)
    assert asked == [(KEY.public_key, SIGNATURE, written().rpartition(".")[0].encode())]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.d",
        "=.=.=",
        raw(HEADER, BODY, SIGNATURE[:63]),
        raw('{"alg":"none","kid":"0000d001","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"HS256","kid":"0000d001","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"ES256","kid":"0000d001","typ":"mp-event+jws","crit":["x"]}', BODY),
        raw('{"alg":"ES256","alg":"ES256","kid":"0000d001","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"ES256","kid":"../keys","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"ES256","kid":"0000D001","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"ES256","kid":"0000d002","typ":"mp-event+jws"}', BODY),
        raw('{"alg":"ES256","kid":"0000d001","typ":"JWT"}', BODY),
        raw(HEADER, "[]"),
        raw(HEADER, "nonsense"),
        raw(HEADER, "[" * 20_000),
        raw(HEADER, BODY.replace('"v": 1', '"v": 1, "v": 1')),
        raw(HEADER, BODY.replace('"v": 1', '"v": 1.0')),
        raw(HEADER, BODY.replace('"v": 1', '"v": NaN')),
    ],
)
def test_anything_but_one_envelope_is_unreadable(text: str):
    assert refusal(text) == "envelope_unreadable"


def test_another_spelling_of_the_same_bytes_is_refused():
    text = written()
    last = text[-1]
    others = [letter for letter in string.ascii_letters + string.digits if letter != last]

    same = [
        text[:-1] + letter
        for letter in others
        if base64.urlsafe_b64decode(text[:-1].rpartition(".")[2] + letter + "==") == SIGNATURE
    ]

    assert same
    assert {refusal(each) for each in same} == {"envelope_unreadable"}


def test_too_long_a_text_is_not_read():
    assert refusal("a" * (MAX_ENVELOPE_CHARACTERS + 1)) == "payload_too_large"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("v", 2),
        ("event_id", "not-a-uuid"),
        ("type", "handoff.eaten"),
        ("deliveries", []),
        ("deliveries", [HANDLE, HANDLE]),
        ("deliveries", ["XYZ"]),
        ("deliveries", "one"),
        ("deliveries", [f"{each:016x}" for each in range(21)]),
        ("parcels", {}),
        ("parcels", {HANDLE: 0}),
        ("parcels", {HANDLE: 21}),
        ("parcels", {HANDLE: True}),
        ("parcels", {HANDLE: 2, "0" * 16: 1}),
        ("parcels", [2]),
        ("occurred_at", -1),
        ("occurred_at", 2**60),
        ("occurred_at", "now"),
        ("clock", {"offset_ms": 0, "sync_age_s": -1, "jump": False}),
        ("clock", {"offset_ms": 0, "sync_age_s": 1, "jump": 1}),
        ("clock", {"offset_ms": 0, "sync_age_s": 1, "jump": True, "more": 1}),
        ("anchor", "0" * 15),
        ("anchor", 0),
        ("device", 0),
        ("device", 2**32),
        ("seq", 0),
        ("prev", "0" * 63),
        ("assignment_epoch", 2**16),
        ("actor", {"id": "per_" + "a" * 26, "auth": "maybe"}),
        ("actor", {"id": "me", "auth": "online"}),
        ("actor", {"id": "per_" + "a" * 26, "auth": "online", "role": "admin"}),
        ("evidence", {}),
        ("evidence", ["pin"]),
        ("evidence", [{"kind": "pin"}] * 41),
        ("evidence", [{"kind": "rumour"}]),
        ("evidence", [{"kind": "pin", "pin": "123456"}]),
        ("evidence", [{"kind": "photo", "sha256": "B" * 64}]),
        ("evidence", [{"kind": "label", "text": "x" * 601}]),
        ("evidence", [{"kind": "label", "text": ""}]),
        ("shown", ["zz" * 8]),
        ("shown", ["00" * 8, "00" * 8]),
        ("reason", "bored"),
        ("commitments", {"name": "c" * 64}),
        ("commitments", {"geo": "C" * 64}),
        ("commitments", []),
        ("refers_to", None),
    ],
)
def test_value_out_of_its_range_is_unreadable(name: str, value: object):
    assert refusal(written(PAYLOAD | {name: value})) == "envelope_unreadable"


@pytest.mark.parametrize("name", ["v", "event_id", "type", "prev", "actor", "evidence", "clock"])
def test_missing_member_is_unreadable(name: str):
    assert refusal(written(changed(lambda each: each.pop(name)))) == "envelope_unreadable"


def test_unknown_member_is_unreadable():
    assert refusal(written(PAYLOAD | {"status": "delivered"})) == "envelope_unreadable"
