"""The one place that emits: a committed event becomes a nudge to the rooms concerned.

Screens then fetch their state.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from flask import has_request_context, request

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.events import EventType
from app.domain.position import is_update_due
from app.eventlog.relay import Happened
from app.extensions import socketio
from app.persistence.transaction import session
from app.realtime import rooms
from app.runs import queries as runs
from app.tracking.positions import SeenBy

log = logging.getLogger(__name__)

#: python-socketio's server; it ships no types.
SocketServer: TypeAlias = Any

VERSION: Final = 1
#: Header with a page's own connection, where it reads the state in the answer. The twin of
#: `SOCKET` in `lib/http.ts`.
SOCKET: Final = "Mallrun-Socket"
#: Events after which the other customers of the run read something else: stops before them.
_MOVES_THE_RUN: Final = frozenset(
    {
        EventType.STOP_ARRIVED,
        EventType.HANDOFF_DELIVERED,
        EventType.HANDOFF_FAILED,
        EventType.DELIVERY_CANCELLED,
        EventType.HANDOFF_PICKED_UP,
        EventType.RUN_REORDERED,
    }
)
_CHANGES_OFFERS: Final = frozenset(
    {
        # An order that waits now may have left a run that drivers see.
        EventType.RUN_FORMED,
        EventType.RUN_OFFERED,
        EventType.RUN_RAISED,
        EventType.RUN_CLAIMED,
        EventType.RUN_RELEASED,
        EventType.RUN_SPLIT,
        EventType.RUN_MERGED,
        EventType.DELIVERY_CANCELLED,
    }
)

_last_sent: dict[str, datetime] = {}


def changed(happened: Sequence[Happened]) -> None:
    """Nudge every screen that shows something of these events. Runs after the commit."""
    nudges: dict[str, dict[str, Any]] = {}
    drivers = _drivers_of_runs(happened)
    for each in happened:
        subject = each.subject
        driver_id = subject.driver_id or drivers.get(subject.run_id or "")
        nudges[rooms.of_delivery(subject.delivery_id)] = _nudge(
            "delivery", "", subject.rev, each.at
        )
        nudges[rooms.of_store(subject.store_id)] = _nudge(
            "store", subject.store_id, subject.rev, each.at
        )
        if driver_id is not None:
            nudges[rooms.of_driver(driver_id)] = _nudge(
                "run", subject.run_id or "", subject.rev, each.at
            )
        if each.type in _CHANGES_OFFERS:
            nudges[rooms.of_offers(subject.site_id)] = _nudge(
                "offers", subject.site_id, subject.rev, each.at
            )
    moved_runs = {
        each.subject.run_id: each.at
        for each in happened
        if each.type in _MOVES_THE_RUN and each.subject.run_id is not None
    }
    if moved_runs:
        for row in deliveries.deliveries_of_runs(list(moved_runs)):
            room = rooms.of_delivery(row.id)
            nudges.setdefault(
                room, _nudge("delivery", "", row.version, moved_runs[row.run_id or ""])
            )
        session().rollback()
    told = _told_by_its_answer()
    for room, message in nudges.items():
        socketio.emit("changed", message, to=room, skip_sid=told)
    _leave_revoked(happened)


def _told_by_its_answer() -> str | None:
    """Return the connection of the page whose request this is, if it reads the state in the answer.

    Only the page itself knows the name of its connection, so nobody silences another's.
    """
    return request.headers.get(SOCKET) if has_request_context() else None


def _leave_revoked(happened: Sequence[Happened]) -> None:
    """Send whoever holds a revoked link out of the room, on every worker."""
    for each in happened:
        if each.type is EventType.LINK_REISSUED:
            socketio.close_room(rooms.of_delivery(each.subject.delivery_id))


def _drivers_of_runs(happened: Sequence[Happened]) -> dict[str, str]:
    """Return who holds the runs of events that name no driver: what a store did concerns them too.

    One query when there are any, such as for parcels that were packed or taken back.
    """
    run_ids = {each.subject.run_id for each in happened if each.subject.driver_id is None} - {None}
    if not run_ids:
        return {}
    found = runs.runs_by_id({run_id for run_id in run_ids if run_id is not None})
    session().rollback()
    return {key: row.driver_id for key, row in found.items() if row.driver_id is not None}


def position(seen: SeenBy, *, now: datetime) -> None:
    """Send a position to the one customer who may see it, at most once in five seconds."""
    if not is_update_due(_last_sent.get(seen.delivery_id), now):
        return
    if len(_last_sent) > 10_000:
        _last_sent.clear()
    _last_sent[seen.delivery_id] = now
    message = {
        "v": VERSION,
        "lat": seen.point.lat_deg,
        "lon": seen.point.lon_deg,
        "accuracy_m": seen.accuracy_m,
        "at": _iso(seen.at),
    }
    socketio.emit("position", message, to=rooms.of_delivery(seen.delivery_id))


def ended(session_ids: Sequence[str]) -> None:
    """Tell the sockets of ended sign-ins, and close them."""
    for session_id in session_ids:
        room = rooms.of_session(session_id)
        socketio.emit("ended", {"v": VERSION, "reason": "signed_out"}, to=room)
        close(room)


def close_ended() -> None:
    """End the sockets whose sign-in has ended elsewhere. Needs an application context."""
    open_rooms = list(socketio.server.manager.rooms.get("/", {}))
    watched = [each for each in open_rooms if each is not None and rooms.is_session(each)]
    session_ids = [rooms.session_in(room) for room in watched]
    live = accounts.live_session_ids(session_ids)
    session().rollback()
    ended([each for each in session_ids if each not in live])


def close(room: str) -> None:
    """Disconnect every socket of this process in a room."""
    server = socketio.server
    for sid, _eio in list(server.manager.get_participants("/", room)):
        # The farewell leaves first: disconnecting in the same breath could overtake it.
        socketio.start_background_task(_disconnect, server, sid)


def _disconnect(server: SocketServer, sid: str) -> None:
    socketio.sleep(0.05)
    server.disconnect(sid)


def _nudge(entity: str, entity_id: str, rev: int, at: datetime) -> dict[str, Any]:
    return {"v": VERSION, "entity": entity, "id": entity_id, "rev": rev, "at": _iso(at)}


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def phone_changed(person_id: str, *, now: datetime) -> None:
    """Nudge all phones of a driver, and the desks that expect the driver: another key counts now.

    Runs after the commit.
    """
    message = _nudge("phone", "", 0, now)
    socketio.emit("changed", message, to=rooms.of_driver(person_id))
    run = runs.held_run(person_id)
    stops = runs.stops_of_run(run.id) if run is not None else ()
    stores = {stop.store_id for stop in stops if stop.store_id is not None}
    session().rollback()
    for store_id in sorted(stores):
        socketio.emit("changed", message, to=rooms.of_store(store_id))


def visit_changed(person_id: str, *, now: datetime) -> None:
    """Nudge a driver's phone: a counter has scanned it, or has ended the visit.

    Runs after the commit.
    """
    socketio.emit("changed", _nudge("visit", "", 0, now), to=rooms.of_driver(person_id))


def desk_changed(store_id: str, *, now: datetime) -> None:
    """Nudge a store's desks: who may sign in there has changed. Runs after the commit."""
    socketio.emit("changed", _nudge("desk", "", 0, now), to=rooms.of_store(store_id))


def follow_offers(person_id: str, site_id: str | None) -> None:
    """Let a driver's open sockets hear of the offers of another site, or of none."""
    server = socketio.server
    for sid, _eio in list(server.manager.get_participants("/", rooms.of_driver(person_id))):
        for room in server.rooms(sid):
            if rooms.is_offers(room):
                server.leave_room(sid, room)
        if site_id is not None:
            server.enter_room(sid, rooms.of_offers(site_id))
