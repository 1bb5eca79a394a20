"""Keys with which a merchant's own programs ask: their form, what they may, how long they live.

A key reads `mp_live_<12>_<32>`: its kind, a name for people and logs, and 160 random bits. The form
is fixed, so that secret scanners find a key that was committed by mistake; a test key can be told
from a live one at sight.
"""

import hashlib
import ipaddress
import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: What secret scanners look for; published in `docs/merchant-api.md`.
KEY_FORM: Final = re.compile(r"(mp_(live|test)_[a-z2-7]{12})_[a-z2-7]{32}")

#: A rotated key works on for this long beside its successor.
OVERLAP: Final = timedelta(hours=24)
#: Keys of a merchant that work at a time; more are a mistake of a program.
KEYS_MAX: Final = 20


class Mode(StrEnum):
    """Whether a key moves real parcels or those of the merchant's own test mall."""

    LIVE = "live"
    TEST = "test"


class Scope(StrEnum):
    """What a key may do; it has one or several."""

    DELIVERIES_READ = "deliveries:read"
    DELIVERIES_WRITE = "deliveries:write"
    STORES_READ = "stores:read"
    STORES_WRITE = "stores:write"
    WEBHOOKS = "webhooks"
    PIN_READ = "pin:read"


def key_text(mode: Mode, name: str, secret: str) -> str:
    """Return a key as it is shown once.

    Args:
        mode: Live or test.
        name: 12 letters of base32 in lower case.
        secret: 32 letters of the same.
    """
    return f"mp_{mode.value}_{name}_{secret}"


def shown_part(key: str) -> str:
    """Return the part of a key that may be shown again: `mp_live_<12>`; empty for no key."""
    found = KEY_FORM.fullmatch(key)
    return found[1] if found is not None else ""


def key_hash(key: str) -> str:
    """Return what the database knows of a key.

    A plain hash is enough for 160 random bits: nobody can try them all.
    """
    return hashlib.sha256(key.encode()).hexdigest()


def is_valid(*, revoked_at: datetime | None, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether a key still works."""
    return revoked_at is None and (expires_at is None or now < expires_at)


def networks_of(text: str) -> tuple[str, ...]:
    """Return the networks that somebody typed, each in its canonical form.

    Args:
        text: Addresses and networks, separated by white space or commas; empty for everywhere.

    Raises:
        ValueError: For something that is neither.
    """
    words = re.split(r"[\s,]+", text.strip()) if text.strip() else []
    return tuple(str(ipaddress.ip_network(word, strict=False)) for word in words)


def may_come_from(address: str, networks: Collection[str]) -> bool:
    """Tell whether an address lies in one of the networks; without any, everywhere is allowed."""
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(each) for each in networks)


def known_scopes(words: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes among some words; what is not known any more counts for nothing."""
    known = {scope.value: scope for scope in Scope}
    return frozenset(known[word] for word in words if word in known)
