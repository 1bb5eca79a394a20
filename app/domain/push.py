"""What a driver's locked phone is told, for how long it matters, and through whose servers."""

from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit


class PushKind(StrEnum):
    """What a message on a locked phone is about."""

    #: A run came on offer while the driver waits.
    NEW_RUN = "new_run"
    #: The run that the driver asked for is his, or a dispatcher gave him one.
    RUN_IS_YOURS = "run_is_yours"
    #: The claimed run goes back on offer unless the driver says that he is on his way.
    CLAIM_LAPSES = "claim_lapses"


#: Seconds after which a phone that had no signal needs it no more.
LIFE_S: Final = {
    PushKind.NEW_RUN: 600,
    PushKind.RUN_IS_YOURS: 1_800,
    PushKind.CLAIM_LAPSES: 900,
}
#: Phones and browsers of one driver; the oldest gives way.
PER_PERSON: Final = 5
#: Seconds before each next try; what is sent later than that is news no more.
RETRY_AFTER_S: Final = (5, 30, 120)

ADDRESS_MAX: Final = 1_000
#: The message services of Chrome, Firefox, Safari and Edge. A name with a dot in front stands for
#: all below it.
SERVICES: Final = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)


def is_service(address: str, *, services: tuple[str, ...] = SERVICES) -> bool:
    """Tell whether an address that a browser named belongs to one of the known message services.

    A browser sends it, so it could name anything; the server must not be made to call others.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username is not None or len(address) > ADDRESS_MAX:
        return False
    return any(host.endswith(each) if each.startswith(".") else host == each for each in services)


def origin_of(address: str) -> str:
    """Return scheme and authority of an address: what the signature for its service names."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
