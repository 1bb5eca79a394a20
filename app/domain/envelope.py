"""Envelopes: the signed form in which a statement travels; the exact text is evidence.

`frontend/lib/envelope.ts` is the twin. Source: handoff protocol MP1, "Event envelope".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from app.domain.errors import DomainError
from app.domain.jws import Jws, read_jws, write_jws
from app.domain.statement import Statement, read_statement
from app.domain.tokens import DeviceKey

#: An envelope that embeds twenty codes has about 12 000 characters; more is not worth reading.
MAX_ENVELOPE_CHARACTERS: Final = 32_768
#: `prev` of a device's first envelope.
NO_ENVELOPE: Final = "0" * 64
TYPE: Final = "mp-event+jws"


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope that was read: well-formed, and not yet believed."""

    text: str
    statement: Statement
    jws: Jws

    @property
    def sha256(self) -> str:
        """Hash of the exact text, hex: what the device's next envelope names as `prev`."""
        return sha256(self.text.encode()).hexdigest()


def read_envelope(text: str) -> Envelope:
    """Read an envelope without believing it.

    Raises:
        DomainError: `payload_too_large`, or `envelope_unreadable` for anything that is not exactly
            one envelope: another algorithm or type, an unknown or repeated member, a value out of
            its range.
    """
    if len(text) > MAX_ENVELOPE_CHARACTERS:
        raise DomainError("payload_too_large")
    try:
        jws = read_jws(text, TYPE)
        statement = read_statement(jws.payload)
    except (ValueError, RecursionError):
        raise DomainError("envelope_unreadable") from None
    if statement.device != jws.kid:
        raise DomainError("envelope_unreadable")
    return Envelope(text, statement, jws)


def verify_envelope(
    envelope: Envelope, key: DeviceKey, check: Callable[[bytes, bytes, bytes], bool]
) -> None:
    """Check that a device signed an envelope.

    Args:
        envelope: What `read_envelope` returned.
        key: The key of the device that it names.
        check: Public key (65 bytes), signature (64 bytes), message -> whether ES256 holds.

    Raises:
        DomainError: `envelope_forged`.
    """
    if not check(key.public_key, envelope.jws.signature, envelope.jws.signed):
        raise DomainError("envelope_forged")


def write_envelope(payload: Mapping[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """Return the text of an envelope; for simulated devices and tests.

    Args:
        payload: The members of a statement, as they travel.
        sign: Message -> ES256 signature, 64 bytes.
    """
    return write_jws(TYPE, payload["device"], payload, sign)
