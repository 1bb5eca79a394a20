"""Signed JSON in compact form, written and read in exactly one way.

`base64url(header).base64url(payload).base64url(signature)`, ES256 only, with a header of three
members and nothing to choose. Source: RFC 7515, RFC 7518 section 3.4.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.strict_json import Members, read_object

SIGNATURE_BYTES: Final = 64

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Jws:
    """A signed object that was read: well-formed, and not yet believed."""

    kid: int
    payload: Members
    signed: bytes
    signature: bytes


def write_jws(
    typ: str, kid: int, payload: Mapping[str, Any], sign: Callable[[bytes], bytes]
) -> str:
    """Return the text of a signed object; `sign` makes an ES256 signature, r‖s, of a message."""
    header = {"alg": "ES256", "kid": f"{kid:08x}", "typ": typ}
    signed = ".".join(_encode(_compact(part)) for part in (header, payload))
    return f"{signed}.{_encode(sign(signed.encode()))}"


def read_jws(text: str, typ: str) -> Jws:
    """Read a signed object of a type without believing it.

    Raises:
        ValueError: For another algorithm or type, an unknown or repeated member, another spelling.
        RecursionError: For nesting without end.
    """
    header, payload, signature = (_decode(part) for part in text.split("."))
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("signature")
    members = read_object(header)
    members.choice("alg", frozenset({"ES256"}))
    members.choice("typ", frozenset({typ}))
    kid = int(members.hex("kid", 8), 16)
    members.end()
    return Jws(kid, read_object(payload), text.rpartition(".")[0].encode(), signature)


def _compact(members: Mapping[str, Any]) -> bytes:
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False).encode()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(part: str) -> bytes:
    if not _ALPHABET.fullmatch(part):
        raise ValueError("alphabet")
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    # The last character may hold bits that say nothing: only one of its spellings is ours.
    if _encode(raw) != part:
        raise ValueError("spelling")
    return raw
