"""Webhooks: how a message is signed, when it is tried again, when an endpoint is given up.

Source: Standard Webhooks 1.0.0 (standardwebhooks.com).
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Final

SECRET_BYTES: Final = 32
_TEXT_START: Final = "whsec_"

#: Waits before each try: ten tries over 75 h 35 min 5 s.
WAITS: Final = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: By so much of a wait a try may come earlier, so that failed messages do not come back in step.
_JITTER: Final = 0.1
#: The receiver does not want to hear from us again.
GONE: Final = 410
#: A rotated secret signs on for this long beside its successor.
OVERLAP: Final = timedelta(hours=24)
#: An endpoint that took nothing for so long when a message is given up gets no more.
GIVE_UP_AFTER: Final = timedelta(hours=60)
#: All of a try, from the look-up of the name to the last byte that is read.
TIMEOUT_S: Final = 15.0
#: So much of an answer is read and kept, as text.
ANSWER_MAX_BYTES: Final = 1_024
#: Tries to one endpoint at a time.
AT_ONCE: Final = 2


class Payload(StrEnum):
    """What a message says: ids only, or what the delivery came to as well."""

    THIN = "thin"
    FULL = "full"


class Trouble(StrEnum):
    """Why an endpoint gets no messages."""

    FAILING = "failing"
    GONE = "gone"
    PAUSED = "paused"


def secret_text(secret: bytes) -> str:
    """Return a secret as merchants get it."""
    return _TEXT_START + base64.b64encode(secret).decode()


def signature(secrets: Sequence[bytes], message_id: str, timestamp_s: int, body: bytes) -> str:
    """Return the header `webhook-signature`: one signature for each secret that counts now."""
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    made = (base64.b64encode(hmac.digest(each, signed, "sha256")).decode() for each in secrets)
    return " ".join(f"v1,{each}" for each in made)


def wait_after(tries: int, random: float) -> timedelta | None:
    """Return how long to wait after so many failed tries; None when that was the last.

    Args:
        tries: Tries so far, at least one.
        random: 0 up to 1.
    """
    if tries >= len(WAITS):
        return None
    return WAITS[tries] * (1 - _JITTER * random)


def is_taken(status: int) -> bool:
    """Tell whether an answer means that the message has arrived; a redirection does not."""
    return 200 <= status < 300
