"""The PIN that a customer reads out at the door: derived, never stored.

Source: handoff protocol MP1, "Delivery proof at the door". Six digits are the 20 bits that OWASP
ASVS asks of a code that is tried at most a few times.
"""

import hmac
from collections.abc import Callable
from typing import Final

#: Wrong tries that one delivery takes in total, over every device and channel, before it locks.
MAX_PIN_TRIES: Final = 5

PIN_DIGITS: Final = 6


def pin_of(mac: Callable[[bytes], bytes], handle: str, version: int) -> str:
    """Return the six-digit PIN of a delivery.

    Args:
        mac: HMAC-SHA256 under the installation's PIN key.
        handle: The delivery's handle, 16 hex digits.
        version: 0 to 65535; the next version is the next PIN.
    """
    digest = mac(b"pin" + bytes.fromhex(handle) + version.to_bytes(2, "big"))
    return f"{int.from_bytes(digest[:8], 'big') % 10**PIN_DIGITS:0{PIN_DIGITS}d}"


def pins_match(claimed: str, expected: str) -> bool:
    """Tell whether two PINs are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(claimed.encode(errors="replace"), expected.encode())
