"""MP1 tokens: what the codes that change hands say, byte for byte.

A code is `MP1:` and the Base45 of a body and its signature; big-endian throughout. The signature is
ES256 as r‖s over `CONTEXT` and the body; a label carries 12 bytes of an HMAC instead. Signing and
checking are functions handed in. `frontend/lib/tokens.ts` is the twin; both must agree with
`tests/vectors/mp1.json`. Source: handoff protocol MP1, "Tokens".
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from app.domain import base45
from app.domain.errors import DomainError
from app.domain.token_layout import (
    LABEL_MAC_BYTES,
    MAX_DELIVERIES,
    SIGNATURE_BYTES,
    CustomerCode,
    Label,
    Presence,
    Release,
    ReleasedDelivery,
    Ticket,
    Token,
    exactly,
    handle_bytes,
    read_token,
    write_body,
)

__all__ = [
    "MAX_CODE_CHARACTERS",
    "MAX_DELIVERIES",
    "NO_ANCHOR",
    "CustomerCode",
    "DeviceKey",
    "KeyRole",
    "Label",
    "Presence",
    "Release",
    "ReleasedDelivery",
    "Scanned",
    "Ticket",
    "Token",
    "encode",
    "encode_label",
    "label_bytes",
    "normalise_short_code",
    "parse",
    "short_code",
    "signed_bytes",
    "ticket_set_of",
    "verify",
    "verify_label",
]

PREFIX: Final = "MP1:"
CONTEXT: Final = b"MP1\0"
#: The longest code of ours has 421 characters; more is not worth reading.
MAX_CODE_CHARACTERS: Final = 600
#: The anchor of a device that has seen no checkpoint yet.
NO_ANCHOR: Final = bytes(8)

_SHORT_CODE_LENGTH: Final = 6
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters that are read for digits, and the spaces and dashes that keyboards put between.
_TYPED: Final = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\t\r\n")


class KeyRole(StrEnum):
    """Whose key it is: phones sign `P`, desks sign `R`, the server signs `T` and `C`."""

    PHONE = "phone"
    DESK = "desk"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A public key that counts right now."""

    kid: int
    role: KeyRole
    public_key: bytes  # Uncompressed P-256 point, 65 bytes.


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code that was read: well-formed, and not yet believed."""

    token: Token
    body: bytes
    signature: bytes  # A label's MAC.


def ticket_set_of(handles: Iterable[str]) -> bytes:
    """Return the four bytes by which a presence names the driver's deliveries at a store."""
    return sha256(b"".join(sorted(map(handle_bytes, handles)))).digest()[:4]


def signed_bytes(token: Token) -> bytes:
    """Return the bytes that the signature (or a label's MAC) covers.

    Raises:
        ValueError: On a handle, anchor, nonce or ticket set of another length.
        struct.error: On a number that does not fit its field.
    """
    return CONTEXT + write_body(token)


def encode(token: Token, signature: bytes) -> str:
    """Return the text of a code.

    Raises:
        ValueError: On a signature of the wrong length, else as `signed_bytes`.
    """
    size = LABEL_MAC_BYTES if isinstance(token, Label) else SIGNATURE_BYTES
    return PREFIX + base45.encode(write_body(token) + exactly(size, signature))


def parse(text: str) -> Scanned:
    """Read a scanned text without believing it: no cryptography happens before this has passed.

    Raises:
        DomainError: `code_too_long`, `code_not_ours` (another prefix), or `code_damaged` (a
            character, the length for its type, a release of no, too many or repeated deliveries).
    """
    if len(text) > MAX_CODE_CHARACTERS:
        raise DomainError("code_too_long")
    if not text.startswith(PREFIX):
        raise DomainError("code_not_ours")
    try:
        raw = base45.decode(text.removeprefix(PREFIX))
        token, body_size = read_token(raw)
    except ValueError:
        raise DomainError("code_damaged") from None
    return Scanned(token, raw[:body_size], raw[body_size:])


def verify(
    scanned: Scanned,
    public_key_of: Callable[[int], DeviceKey | None],
    check: Callable[[bytes, bytes, bytes], bool],
    required_role: KeyRole,
) -> None:
    """Check who signed a code. The caller has seen that it is the kind of token this role signs.

    Args:
        scanned: What `parse` returned.
        public_key_of: Key id -> key, or None when it is unknown, expired or retired.
        check: Public key (65 bytes), signature (64 bytes), message -> whether ES256 holds.
        required_role: Whose key must have signed.

    Raises:
        DomainError: `unknown_desk`, `wrong_role` (also for a label, which nobody signs) or
            `bad_signature`.
    """
    if isinstance(scanned.token, Label):
        raise DomainError("wrong_role")
    key = public_key_of(scanned.token.kid)
    if key is None:
        raise DomainError("unknown_desk")
    if key.role is not required_role:
        raise DomainError("wrong_role")
    if not check(key.public_key, scanned.signature, CONTEXT + scanned.body):
        raise DomainError("bad_signature")


def label_bytes(handle: str, n: int, of: int) -> bytes:
    """Return the bytes that a label's MAC covers; fields as in `Label`."""
    return signed_bytes(Label(handle, n, of))


def encode_label(handle: str, n: int, of: int, mac: Callable[[bytes], bytes]) -> str:
    """Return the text of a printed label; `mac` is HMAC-SHA256 under the label key."""
    return encode(Label(handle, n, of), mac(label_bytes(handle, n, of))[:LABEL_MAC_BYTES])


def verify_label(scanned: Scanned, mac: Callable[[bytes], bytes]) -> Label:
    """Return the label if we printed it, else raise DomainError `bad_signature`."""
    expected = mac(CONTEXT + scanned.body)[:LABEL_MAC_BYTES]
    is_ours = hmac.compare_digest(expected, scanned.signature)
    if not (isinstance(scanned.token, Label) and is_ours):
        raise DomainError("bad_signature")
    return scanned.token


def short_code(code: str | bytes) -> str:
    """Return six Crockford characters to read out: the first 30 bits of the SHA-256 of the token.

    Args:
        code: The scanned text, or the token's bytes (body and signature).

    Raises:
        DomainError: As `parse`, for a text.
    """
    if isinstance(code, str):
        scanned = parse(code)
        code = scanned.body + scanned.signature
    number = int.from_bytes(sha256(code).digest()[:4], "big") >> 2
    shifts = range(5 * (_SHORT_CODE_LENGTH - 1), -1, -5)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in shifts)


def normalise_short_code(typed: str) -> str:
    """Return what was typed in the alphabet of `short_code`; other characters stay as they are."""
    return typed.upper().translate(_TYPED)
