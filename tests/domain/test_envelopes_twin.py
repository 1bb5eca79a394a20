"""Python and TypeScript read each other's envelopes, and neither believes a changed one."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.commitments import open_commitments
from app.domain.custody_chain import commitment
from app.domain.envelope import (
    MAX_ENVELOPE_CHARACTERS,
    read_envelope,
    verify_envelope,
    write_envelope,
)
from app.domain.errors import DomainError
from app.domain.tokens import DeviceKey, KeyRole
from app.keys import check_es256, new_private_key, public_bytes, sign_es256
from tests.domain.random_statements import RandomStatements, payload_of, without_empty
from tests.domain.twins import a_seed, ask_twin, needs_node

#: Signed here and read there, and as many the other way.
COUNT = 1_000

pytestmark = [needs_node, pytest.mark.slow]


def believe(text: str, public_key: bytes) -> dict[str, Any]:
    """Return what an envelope says.

    Raises:
        DomainError: When it is none, or the key has not signed it.
    """
    envelope = read_envelope(text)
    verify_envelope(envelope, DeviceKey(0, KeyRole.PHONE, public_key), check_es256)
    return payload_of(envelope.statement)


def test_both_languages_read_each_others_envelopes(tmp_path: Path):
    seed, private = a_seed(), new_private_key()
    chance = RandomStatements(seed)
    payloads = [chance.next() for _ in range(2 * COUNT)]
    texts = [
        write_envelope(payload, lambda message: sign_es256(private, message))
        for payload in payloads[:COUNT]
    ]

    asked = {"publicKey": public_bytes(private).hex(), "texts": texts, "sign": payloads[COUNT:]}
    twin = ask_twin("envelopes_twin", {"exchange": asked}, tmp_path)["exchange"]

    assert twin["read"] == payloads[:COUNT]
    assert len(twin["made"]) == COUNT
    for text, payload in zip(twin["made"], payloads[COUNT:], strict=True):
        assert len(text) <= MAX_ENVELOPE_CHARACTERS
        assert believe(text, bytes.fromhex(twin["publicKey"])) == without_empty(payload)


def test_both_languages_commit_to_the_same(tmp_path: Path):
    chance = RandomStatements(a_seed())
    personal = [chance.personal() for _ in range(200)]

    made = ask_twin("envelopes_twin", {"commit": personal}, tmp_path)["commit"]

    for values, each in zip(personal, made, strict=True):
        beside = {name: (one["salt"], one["value"]) for name, one in each["beside"].items()}
        opened = open_commitments(each["commitments"], beside)
        assert {name: one.value for name, one in opened.items()} == values
        for name, (salt, value) in beside.items():
            assert (
                commitment(bytes.fromhex(salt), value.encode()).hex() == each["commitments"][name]
            )


def changed(text: str) -> list[str]:
    """Return a text for each bit of an envelope's characters, changed."""
    found: list[str] = []
    for at, letter in enumerate(text):
        found += [text[:at] + chr(ord(letter) ^ 1 << bit) + text[at + 1 :] for bit in range(7)]
    return found


def test_neither_language_believes_a_changed_envelope(tmp_path: Path):
    private = new_private_key()
    public = public_bytes(private)
    chance = RandomStatements(a_seed())
    payload = min((chance.next() for _ in range(50)), key=lambda each: len(str(each)))
    text = write_envelope(payload, lambda message: sign_es256(private, message))
    texts = [text, *changed(text)]

    asked = {"publicKey": public.hex(), "texts": texts}
    there = ask_twin("envelopes_twin", {"judge": asked}, tmp_path)["judge"]

    assert there == [is_believed(each, public) for each in texts]
    assert there == [True] + [False] * (len(texts) - 1)


def is_believed(text: str, public_key: bytes) -> bool:
    try:
        believe(text, public_key)
    except DomainError:
        return False
    return True
