"""Opening a socket: who it is was settled by the ticket; the rooms follow from that."""

import logging
from typing import Final, cast

from flask import request
from socketio.exceptions import ConnectionRefusedError as Refused

from app.accounts import queries as accounts
from app.extensions import socketio
from app.persistence.transaction import session
from app.realtime import rooms
from app.sites import queries as sites
from app.web.tickets import linked_delivery, read_socket_ticket

log = logging.getLogger(__name__)

SOCKETS_PER_SESSION: Final = 3


def register_sockets() -> None:
    """Answer connections; nothing else is ever listened to."""
    socketio.on("connect")(_connect)


def _connect(auth: object = None) -> None:
    given = cast("dict[object, object]", auth) if isinstance(auth, dict) else {}
    ticket = read_socket_ticket(given.get("ticket"))
    if ticket is None:
        raise Refused("not_signed_in")
    audience, subject, session_id = ticket
    if session_id and not accounts.is_session_live(session_id):
        raise Refused("not_signed_in")
    sid = _sid()
    for room in _rooms(audience, subject):
        socketio.server.enter_room(sid, room)
    if session_id:
        _make_space(session_id)
        socketio.server.enter_room(sid, rooms.of_session(session_id))
    # The handler's reads end here: a socket holds no database connection while it is open.
    session().rollback()


def _rooms(audience: str, subject: str) -> list[str]:
    if audience == "customer":
        delivery_id = linked_delivery(subject)
        if delivery_id is None:
            raise Refused("not_signed_in")
        return [rooms.of_delivery(delivery_id)]
    if audience == "desk":
        return [rooms.of_store(subject)]
    if audience == "merchant":
        # Everything that happens to a delivery is told to its store.
        return [rooms.of_store(store.id) for store in sites.stores_of_merchant(subject)]
    if audience == "driver":
        driver = accounts.driver(subject)
        site_id = driver.duty_site_id if driver is not None else None
        return [rooms.of_driver(subject), *([rooms.of_offers(site_id)] if site_id else [])]
    return []


def _make_space(session_id: str) -> None:
    """Close the oldest sockets of a sign-in beyond three."""
    server = socketio.server
    own = [sid for sid, _eio in server.manager.get_participants("/", rooms.of_session(session_id))]
    for sid in own[: max(0, len(own) - SOCKETS_PER_SESSION + 1)]:
        server.disconnect(sid)


def _sid() -> str:
    """Return the id that Flask-SocketIO has set on the request of this connection."""
    return str(getattr(request, "sid"))  # noqa: B009 - Set at run time; a type checker does not know it.
