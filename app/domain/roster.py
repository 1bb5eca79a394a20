"""Roster entries: the server's signed word that a device's key counts, for at most a day.

A device without signal trusts another one's key by its entry alone; there are no revocation lists,
an entry simply runs out. Source: handoff protocol MP1, "Roster".
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from app.domain.jws import write_jws

TYPE: Final = "mp-roster+jws"
#: Seconds; also how long a retired key is still believed by a device that hears nothing.
ENTRY_LIFE_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterEntry:
    """Whose key it is.

    Attributes:
        kid: Key id.
        role: `desk` or `phone`.
        public_key: Uncompressed P-256 point, 130 hex digits.
        store: Number of a desk's store; 0 for a phone.
        name: What the other side reads: a driver's first name, a desk's name.
        iat: Unix seconds.
        exp: Unix seconds, at most a day later.
    """

    kid: int
    role: str
    public_key: str
    store: int
    name: str
    iat: int
    exp: int


def entry_times(now_s: float) -> tuple[int, int]:
    """Return `iat` and `exp` of an entry made now.

    They change once an hour, so that a state document stays the same in between.
    """
    iat = int(now_s) // 3_600 * 3_600
    return iat, iat + ENTRY_LIFE_S


def write_entry(entry: RosterEntry, server_kid: int, sign: Callable[[bytes], bytes]) -> str:
    """Return an entry as the server signs it; `sign` makes an ES256 signature, r‖s."""
    return write_jws(TYPE, server_kid, asdict(entry), sign)
