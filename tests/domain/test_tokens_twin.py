"""Python and TypeScript read each other's tokens, and refuse the same changed ones."""

import hmac
from pathlib import Path
from typing import Any

import pytest

from app.domain import base45
from app.domain.errors import DomainError
from app.domain.tokens import (
    DeviceKey,
    KeyRole,
    Label,
    Presence,
    Release,
    Scanned,
    Token,
    encode,
    encode_label,
    parse,
    short_code,
    signed_bytes,
    verify,
    verify_label,
)
from app.keys import check_es256, new_private_key, public_bytes, sign_es256
from tests.domain.mp1 import KEYS, MP1
from tests.domain.random_tokens import RandomTokens, as_twin
from tests.domain.twins import a_seed, ask_twin, needs_node

#: Signed here and read there, and as many the other way.
COUNT = 5_000
LABEL_KEY = MP1["pin"]["mac_key"]

pytestmark = [needs_node, pytest.mark.slow]


def label_mac(message: bytes) -> bytes:
    return hmac.digest(bytes.fromhex(LABEL_KEY), message, "sha256")


def role_of(token: Token) -> KeyRole:
    if isinstance(token, Release):
        return KeyRole.DESK
    return KeyRole.PHONE if isinstance(token, Presence) else KeyRole.SERVER


def believe(scanned: Scanned, key: DeviceKey | None, role: KeyRole) -> None:
    """Raise DomainError unless the signature (or a label's MAC) holds."""
    if isinstance(scanned.token, Label):
        verify_label(scanned, label_mac)
    else:
        verify(scanned, lambda _: key, check_es256, role)


def test_both_languages_read_each_others_tokens(tmp_path: Path):
    seed, private = a_seed(), new_private_key()
    chance = RandomTokens(seed)
    tokens = [chance.next() for _ in range(COUNT)]
    texts = [
        encode_label(token.handle, token.n, token.of, label_mac)
        if isinstance(token, Label)
        else encode(token, sign_es256(private, signed_bytes(token)))
        for token in tokens
    ]

    asked = {"publicKey": public_bytes(private).hex(), "labelKey": LABEL_KEY, "seed": seed}
    twin = ask_twin("tokens_twin", {"exchange": {**asked, "texts": texts}}, tmp_path)["exchange"]

    for token, text, read in zip(tokens, texts, twin["read"], strict=True):
        assert read == {"token": as_twin(token), "shortCode": short_code(text)}
    assert len(twin["made"]) == COUNT
    assert {made["token"]["kind"] for made in twin["made"]} == {as_twin(t)["kind"] for t in tokens}
    for made in twin["made"]:
        read_back(made, bytes.fromhex(twin["publicKey"]))


def read_back(made: dict[str, Any], public_key: bytes) -> None:
    """Read a token that the twin made."""
    scanned = parse(made["text"])
    role = role_of(scanned.token)
    believe(scanned, DeviceKey(0, role, public_key), role)
    assert as_twin(scanned.token) == made["token"]
    assert short_code(made["text"]) == made["shortCode"]


def flips_of(raw: bytes) -> list[str]:
    """Return a text for each bit of a token, changed."""
    texts: list[str] = []
    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        texts.append("MP1:" + base45.encode(bytes(changed)))
    return texts


def refusal(text: str, role: KeyRole) -> str:
    try:
        scanned = parse(text)
        kid = None if isinstance(scanned.token, Label) else scanned.token.kid
        believe(scanned, KEYS.get(kid) if kid is not None else None, role)
    except DomainError as error:
        return error.code
    return "believed"


def test_both_languages_refuse_every_flipped_bit_for_the_same_reason(tmp_path: Path):
    roles = {name: role_of(parse(each["qr"]).token) for name, each in MP1["tokens"].items()}
    flips = {name: flips_of(bytes.fromhex(each["hex"])) for name, each in MP1["tokens"].items()}
    keys = [
        {"kid": key.kid, "role": key.role, "publicKey": key.public_key.hex()}
        for key in KEYS.values()
    ]
    cases = [(text, roles[name]) for name, texts in flips.items() for text in texts]
    untouched = [(each["qr"], roles[name]) for name, each in MP1["tokens"].items()]

    asked = {"keys": keys, "labelKey": LABEL_KEY, "cases": untouched + cases}
    twin = ask_twin("tokens_twin", {"judge": asked}, tmp_path)["judge"]

    here = [refusal(text, role) for text, role in untouched + cases]
    assert here == twin
    assert here[: len(untouched)] == ["believed"] * len(untouched)
    assert "believed" not in here[len(untouched) :]
