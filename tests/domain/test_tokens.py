import contextlib
import hmac
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import base45
from app.domain.errors import DomainError
from app.domain.tokens import (
    MAX_DELIVERIES,
    NO_ANCHOR,
    CustomerCode,
    DeviceKey,
    KeyRole,
    Label,
    Presence,
    Release,
    ReleasedDelivery,
    Scanned,
    Ticket,
    Token,
    encode,
    encode_label,
    label_bytes,
    parse,
    signed_bytes,
    ticket_set_of,
    verify,
    verify_label,
)
from app.keys import check_es256
from tests.domain.mp1 import KEYS, MP1, TEXTS

TOKENS = MP1["tokens"]
HEADER: dict[str, Any] = {
    "iat": 1767225600,
    "anchor": bytes.fromhex("0102030405060708"),
    "nonce": bytes.fromhex("a1a2a3a4a5a6a7a8"),
}
FIRST = "de11000000000001"
LINES = [ReleasedDelivery(f"de110000000000{n:02x}", 1) for n in range(1, MAX_DELIVERIES + 1)]


def release(*deliveries: ReleasedDelivery) -> Release:
    return Release(kid=0x5001, **HEADER, clerk=193, driver_kid=0xD001, deliveries=deliveries)


EXPECTED: dict[str, Token] = {
    "P": Presence(kid=0xD001, **HEADER, store=81, ticket_set=bytes.fromhex("b84818d3")),
    "R1": release(ReleasedDelivery(FIRST, 2)),
    "R3": release(*LINES[:3]),
    "R10": release(*LINES[:10]),
    "R20": release(*LINES),
    "T": Ticket(
        kid=0xA1, **HEADER, handle=FIRST, driver_kid=0xD001, store=81, epoch=3,
        exp=1767312000, parcels=2,
    ),
    "C": CustomerCode(kid=0xA1, **HEADER, handle=FIRST, exp=1767312000, flags=0),
    "L": Label(FIRST, 1, 2),
}  # fmt: skip
SIGNER = {"P": KeyRole.PHONE, "T": KeyRole.SERVER, "C": KeyRole.SERVER} | dict.fromkeys(
    ("R1", "R3", "R10", "R20"), KeyRole.DESK
)

u8, u16, u32 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32))
eight = st.binary(min_size=8, max_size=8)
handles = eight.map(bytes.hex)
header = {"kid": u32, "iat": u32, "anchor": eight, "nonce": eight}
lines = st.lists(
    st.builds(ReleasedDelivery, handles, u8),
    min_size=1,
    max_size=MAX_DELIVERIES,
    unique_by=lambda line: line.handle,
).map(tuple)
signed_tokens = st.one_of(
    st.builds(Presence, **header, store=u32, ticket_set=st.binary(min_size=4, max_size=4)),
    st.builds(Release, **header, clerk=u32, driver_kid=u32, deliveries=lines),
    st.builds(
        Ticket, **header, handle=handles, driver_kid=u32, store=u32, epoch=u16, exp=u32, parcels=u8
    ),
    st.builds(CustomerCode, **header, handle=handles, exp=u32, flags=u8),
)


def parse_raw(raw: bytes) -> Scanned:
    return parse("MP1:" + base45.encode(raw))


def label_mac(message: bytes) -> bytes:
    return hmac.digest(bytes.fromhex(MP1["pin"]["mac_key"]), message, "sha256")


def verify_by_vectors(scanned: Scanned, role: KeyRole) -> None:
    verify(scanned, KEYS.get, check_es256, role)


def code_of(refused: Any, *args: Any) -> str:
    with pytest.raises(DomainError) as caught:
        refused(*args)
    return caught.value.code


@pytest.mark.parametrize("name", TOKENS)
def test_tokens_of_the_vectors_are_read_and_written(name: str):
    scanned = parse(TOKENS[name]["qr"])
    assert scanned.token == EXPECTED[name]
    assert (scanned.body + scanned.signature).hex() == TOKENS[name]["hex"]
    assert signed_bytes(scanned.token) == b"MP1\0" + scanned.body
    assert encode(EXPECTED[name], scanned.signature) == TOKENS[name]["qr"]


@pytest.mark.parametrize(("name", "role"), SIGNER.items())
def test_tokens_of_the_vectors_verify(name: str, role: KeyRole):
    verify_by_vectors(parse(TOKENS[name]["qr"]), role)


def test_the_negative_token_is_refused():
    raw = bytes.fromhex(MP1["negative"]["R1 flipped driver kid byte"])
    assert code_of(verify_by_vectors, parse_raw(raw), KeyRole.DESK) == "bad_signature"


def test_every_single_bit_flip_of_a_release_is_refused():
    raw = bytes.fromhex(TOKENS["R1"]["hex"])
    codes: set[str] = set()
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        codes.add(
            code_of(lambda text: verify_by_vectors(parse_raw(text), KeyRole.DESK), bytes(flipped))
        )
    assert codes == {"code_damaged", "unknown_desk", "wrong_role", "bad_signature"}


@pytest.mark.parametrize("case", TEXTS["refused"], ids=lambda case: case["what"])
def test_a_text_that_is_no_token_is_refused(case: dict[str, str]):
    assert code_of(parse, case["text"]) == case["code"]


@given(st.text(max_size=700) | st.text("0123456789ABCDEF:", max_size=600).map("MP1:".__add__))
def test_any_text_is_read_or_refused_with_a_code(text: str):
    # Anything but a DomainError fails the test by itself.
    with contextlib.suppress(DomainError):
        scanned = parse(text)
        assert encode(scanned.token, scanned.signature) == text


@given(signed_tokens, st.binary(min_size=64, max_size=64))
def test_any_token_survives_the_round_trip(token: Token, signature: bytes):
    scanned = parse(encode(token, signature))
    assert (scanned.token, scanned.signature) == (token, signature)


@given(signed_tokens, st.integers(0, 276))
def test_a_token_cut_short_is_refused(token: Token, size: int):
    raw = signed_bytes(token)[4:] + bytes(64)
    assert code_of(parse_raw, raw[: min(size, len(raw) - 1)]) == "code_damaged"


R1 = EXPECTED["R1"]
DESK = KEYS[0x5001]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "unknown_desk"),
        (DeviceKey(0x5001, KeyRole.PHONE, DESK.public_key), "wrong_role"),
        (DeviceKey(0x5001, KeyRole.SERVER, DESK.public_key), "wrong_role"),
        (DeviceKey(0x5001, KeyRole.DESK, KEYS[0xA1].public_key), "bad_signature"),
    ],
)
def test_a_release_by_another_key_is_refused(key: DeviceKey | None, code: str):
    def verify_with_key() -> None:
        scanned = parse(TOKENS["R1"]["qr"])
        verify(scanned, lambda _: key, check_es256, KeyRole.DESK)

    assert code_of(verify_with_key) == code


def test_nothing_is_checked_before_the_key_is_the_right_one():
    def check(*_: bytes) -> bool:
        raise AssertionError

    scanned = parse(TOKENS["R1"]["qr"])
    assert code_of(verify, scanned, lambda _: None, check, KeyRole.DESK) == "unknown_desk"
    assert code_of(verify, scanned, KEYS.get, check, KeyRole.PHONE) == "wrong_role"


def test_signature_without_the_context_is_refused():
    def check_body_only(public_key: bytes, signature: bytes, message: bytes) -> bool:
        return check_es256(public_key, signature, message.removeprefix(b"MP1\0"))

    scanned = parse(TOKENS["R1"]["qr"])
    assert code_of(verify, scanned, KEYS.get, check_body_only, KeyRole.DESK) == "bad_signature"


# The order of P-256's group: s and order - s verify alike, so nothing may compare signatures.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def test_the_mirrored_signature_verifies_too():
    signature = bytes.fromhex(TOKENS["R1"]["hex"])[-64:]
    mirrored = P256_ORDER - int.from_bytes(signature[32:], "big")
    text = encode(R1, signature[:32] + mirrored.to_bytes(32, "big"))
    verify_by_vectors(parse(text), KeyRole.DESK)


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (0, 0), (P256_ORDER, 1), (1, P256_ORDER)])
def test_signature_numbers_out_of_range_are_refused(r: int, s: int):
    scanned = parse(encode(R1, r.to_bytes(32, "big") + s.to_bytes(32, "big")))
    assert code_of(verify_by_vectors, scanned, KeyRole.DESK) == "bad_signature"


def test_a_label_of_the_vectors_is_printed_and_verified():
    text = encode_label(FIRST, 1, 2, label_mac)
    assert text == TOKENS["L"]["qr"]
    assert label_bytes(FIRST, 1, 2).hex() == b"MP1\0".hex() + TOKENS["L"]["hex"][:22]
    assert verify_label(parse(text), label_mac) == Label(FIRST, 1, 2)


def test_every_single_bit_flip_of_a_label_is_refused():
    raw = bytes.fromhex(TOKENS["L"]["hex"])
    codes: set[str] = set()
    for bit in range(8 * len(raw)):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        codes.add(code_of(lambda text: verify_label(parse_raw(text), label_mac), bytes(flipped)))
    assert codes == {"code_damaged", "bad_signature"}


def test_a_signed_token_is_no_label_and_a_label_is_signed_by_nobody():
    assert code_of(verify_label, parse(TOKENS["R1"]["qr"]), label_mac) == "bad_signature"
    assert code_of(verify_by_vectors, parse(TOKENS["L"]["qr"]), KeyRole.DESK) == "wrong_role"


def test_ticket_set_does_not_depend_on_order():
    deliveries = TEXTS["ticket_set"]["handles"]
    assert ticket_set_of(deliveries).hex() == TEXTS["ticket_set"]["hex"]
    assert ticket_set_of(reversed(deliveries)) == ticket_set_of(deliveries)


@pytest.mark.parametrize(
    ("deliveries", "why"),
    [([], "1 to 20"), ([*LINES, ReleasedDelivery("00" * 8, 1)], "1 to 20"),
     ([LINES[0], LINES[0]], "twice")],
)  # fmt: skip
def test_a_release_of_no_many_or_repeated_deliveries_cannot_be_made(
    deliveries: list[ReleasedDelivery], why: str
):
    with pytest.raises(ValueError, match=why):
        release(*deliveries)


@pytest.mark.parametrize(
    "changed",
    [{"anchor": b""}, {"anchor": bytes(9)}, {"nonce": bytes(7)}, {"ticket_set": bytes(3)}],
)
def test_bytes_of_another_length_are_not_padded(changed: dict[str, bytes]):
    fields: dict[str, Any] = {"kid": 1, **HEADER, "store": 1, "ticket_set": bytes(4)} | changed
    with pytest.raises(ValueError, match="bytes where"):
        signed_bytes(Presence(**fields))


@pytest.mark.parametrize(
    "handle", ["", "de11", FIRST.upper(), FIRST + "00", "de 1100000000000", "x"]
)
def test_a_handle_in_another_form_is_refused(handle: str):
    with pytest.raises(ValueError):  # noqa: PT011 -- fromhex words some of them itself
        label_bytes(handle, 1, 1)


def test_a_number_that_does_not_fit_is_refused():
    with pytest.raises(struct.error):
        label_bytes(FIRST, 256, 1)


@pytest.mark.parametrize("size", [0, 12, 63, 65])
def test_a_signature_of_another_length_is_refused(size: int):
    with pytest.raises(ValueError, match="bytes where"):
        encode(R1, bytes(size))


def test_a_device_without_a_checkpoint_sends_an_empty_anchor():
    token = Presence(
        kid=1, iat=2**31, anchor=NO_ANCHOR, nonce=bytes(8), store=1, ticket_set=bytes(4)
    )
    assert parse(encode(token, bytes(64))).token == token
