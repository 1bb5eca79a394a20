"""Short-lived signed slips: the right to open a socket, the challenge for enrolling a phone."""

import json
from typing import Any, Final

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery

#: A socket is opened right after its ticket was fetched.
SOCKET_TICKET_S: Final = 300
CHALLENGE_S: Final = 600


class _Slips(URLSafeTimedSerializer):
    """Slips are too short to be compressed: trying takes longer than all the rest of one."""

    def dump_payload(self, obj: object) -> bytes:
        """Return what is signed."""
        return base64_encode(json.dumps(obj, separators=(",", ":")))


def socket_ticket(audience: str, subject: str, session_id: str) -> str:
    """Return a ticket for a socket.

    Args:
        audience: Such as `driver`, `desk`, `merchant` or `customer`.
        subject: Person, store or merchant id from which the server computes the rooms; for
            customers see `link_ticket`.
        session_id: The sign-in that the socket lives and dies with; empty for customers.
    """
    return _serializer("socket").dumps([audience, subject, session_id])


def link_ticket(row: Delivery) -> str:
    """Return a ticket for the holder of a delivery's present tracking link."""
    return socket_ticket("customer", f"{row.id}.{row.tracking_version}", "")


def linked_delivery(subject: str) -> str | None:
    """Return the delivery of such a ticket, or None when its link was revoked since."""
    delivery_id, _dot, version = subject.partition(".")
    row = deliveries.delivery(delivery_id)
    return delivery_id if row is not None and str(row.tracking_version) == version else None


def read_socket_ticket(ticket: object) -> tuple[str, str, str] | None:
    """Return audience, subject and session of a valid ticket, or None."""
    read = _read("socket", ticket, SOCKET_TICKET_S)
    return (str(read[0]), str(read[1]), str(read[2])) if read is not None else None


def challenge_for(person_id: str) -> str:
    """Return a challenge that only this person's phone may answer, for ten minutes."""
    return _serializer("challenge").dumps([person_id])


def is_challenge_for(challenge: str, person_id: str) -> bool:
    """Tell whether a challenge was made for this person and is young enough."""
    return _read("challenge", challenge, CHALLENGE_S) == [person_id]


def _serializer(purpose: str) -> _Slips:
    made: dict[str, _Slips] = current_app.extensions.setdefault("mallrun_tickets", {})
    # Deriving a key takes longer than signing with it.
    if purpose not in made:
        key = current_app.extensions["mallrun_keys"].derive(f"ticket-{purpose}")
        made[purpose] = _Slips(key)
    return made[purpose]


def _read(purpose: str, text: object, max_age_s: int) -> list[Any] | None:
    if not isinstance(text, str):
        return None
    try:
        return _serializer(purpose).loads(text, max_age=max_age_s)
    except BadData:
        return None
