"""What devices need to trust each other without signal: signed entries, tickets, sealed details."""

import base64
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Final

from flask import current_app

from app.accounts.queries import Device, Tablet
from app.deliveries.queries import Delivery
from app.domain.roster import RosterEntry, entry_times, write_entry
from app.domain.token_layout import Ticket
from app.domain.tokens import NO_ANCHOR, encode, signed_bytes
from app.keys import SERVER_KID, Keys, seal
from app.runs.under_way import Carried

#: MP1: a ticket counts for a day at most.
_TICKET_LIFE: Final = timedelta(hours=24)
_TICKET_RENEWED: Final = timedelta(hours=12)
_NONCE_BYTES: Final = 8
_PHONE_STORE: Final = 0


def _keys() -> Keys:
    keys: Keys = current_app.extensions["mallrun_keys"]
    return keys


def server_keys() -> list[dict[str, Any]]:
    """Return the server's public keys as devices pin them."""
    return [{"kid": SERVER_KID, "public_key": _keys().server_public.hex()}]


def tablet_entry(tablet: Tablet, store_number: int, *, now: datetime) -> str:
    """Return the signed word that a tablet's key counts for a store."""
    return _entry(tablet.kid, "desk", tablet.public_key, store_number, tablet.desk_name, now=now)


def phone_entry(phone: Device, first_name: str, *, now: datetime) -> str:
    """Return the signed word that a phone is this driver's."""
    return _entry(phone.kid, "phone", phone.public_key, _PHONE_STORE, first_name, now=now)


def _entry(kid: int, role: str, public_key: str, store: int, name: str, *, now: datetime) -> str:
    iat, exp = entry_times(now.timestamp())
    entry = RosterEntry(
        kid=kid, role=role, public_key=public_key, store=store, name=name, iat=iat, exp=exp
    )
    return write_entry(entry, SERVER_KID, _keys().sign)


def ticket(
    row: Delivery | Carried,
    *,
    phone_kid: int,
    store_number: int,
    epoch: int,
    claimed_at: datetime,
    now: datetime,
) -> str:
    """Return the code `T`: the server says that this phone collects this delivery.

    A run that is held for longer gets another every half a day, so that the one on the phone always
    counts for as long again; in between the state document stays the same.
    """
    issued_at = claimed_at + max((now - claimed_at) // _TICKET_RENEWED, 0) * _TICKET_RENEWED
    nonce = _keys().mac("ticket")(f"{row.handle}/{phone_kid}/{epoch}".encode())[:_NONCE_BYTES]
    claims = Ticket(
        kid=SERVER_KID,
        iat=int(issued_at.timestamp()),
        anchor=NO_ANCHOR,
        nonce=nonce,
        handle=row.handle,
        driver_kid=phone_kid,
        store=store_number,
        epoch=epoch,
        exp=int((issued_at + _TICKET_LIFE).timestamp()),
        parcels=row.parcel_count,
    )
    return encode(claims, _keys().sign(signed_bytes(claims)))


def sealed_for(ticket_text: str, details: dict[str, str]) -> str:
    """Seal what the driver reads at the door under a ticket, base64.

    It travels with the claim, because the door may have no signal either; the app opens it when
    the collection is recorded on the phone. Nonce (12 bytes), then AES-256-GCM under the SHA-256 of
    the ticket's text.
    """
    key = hashlib.sha256(ticket_text.encode()).digest()
    return base64.b64encode(seal(key, json.dumps(details, sort_keys=True).encode())).decode()
