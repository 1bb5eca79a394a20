"""Identifiers: random public ids, handles for tokens, UUIDv7 for commands and events."""

import base64
import re
import secrets
import uuid
from datetime import datetime
from typing import Final

_UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id(prefix: str) -> str:
    """Return `prefix_` and 128 random bits in lower-case base32 (26 characters)."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"


def new_handle() -> str:
    """Return a random 64-bit delivery handle as 16 hex digits."""
    return secrets.token_hex(8)


def new_uuid7(now: datetime) -> str:
    """Return a UUIDv7 for an instant. Python 3.11 has none of its own.

    Source: RFC 9562, section 5.7.
    """
    value = int(now.timestamp() * 1000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def is_uuid7(text: str) -> bool:
    """Tell whether a text is a UUIDv7 in its canonical lower-case form."""
    return _UUID7.fullmatch(text) is not None
