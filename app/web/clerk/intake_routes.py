"""What carriers bring to a hub or a station: from whom, scanned in, shelved, sorted into bays."""

from typing import Any

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts import queries as accounts
from app.domain.act import Act
from app.domain.errors import DomainError
from app.handoffs import intake, visits
from app.handoffs.intake import Mac, Shown
from app.handoffs.visits import AtDesk
from app.keys import check_es256
from app.realtime import publish
from app.web.auth.identity import signed_in
from app.web.clerk import commands as bodies
from app.web.clerk.routes import clerk, command, me, my_store
from app.web.limits import limited
from app.web.validation import Command, parse_body


def _desk() -> AtDesk:
    device = accounts.active_desk_device(signed_in().desk_id or "")
    if device is None:
        raise DomainError("not_signed_in")
    return AtDesk(my_store(), device.kid, me())


def _label_mac() -> Mac:
    return current_app.extensions["mallrun_keys"].mac("label")


@clerk.post("/api/visits")
@limited("code")
def open_visit() -> ResponseReturnValue:
    body, desk = parse_body(bodies.OpenVisit), _desk()

    def effect(act: Act) -> dict[str, Any]:
        # A desk without signal names the visit by the step that opened it.
        visit = visits.open_visit(body.command_id, body.text, desk=desk, check=check_es256, act=act)
        return {"visit_id": visit.id, "driver_id": visit.driver_id}

    return _told(command(body, "open visit", effect))


@clerk.post("/api/visits/<visit_id>/end")
@limited("command")
def end_visit(visit_id: str) -> ResponseReturnValue:
    body, desk = parse_body(Command), _desk()

    def effect(act: Act) -> dict[str, Any]:
        ended = visits.end_visit(visit_id, desk=desk, act=act)
        return {"driver_id": ended.driver_id if ended is not None else None}

    return _told(command(body, f"end visit {visit_id}", effect))


def _told(response: Response) -> Response:
    """Nudge the phone of the driver whom an answer names: a visit has begun or ended."""
    driver_id = response.get_json()["result"]["driver_id"]
    if driver_id is not None:
        publish.visit_changed(driver_id, now=clock.now())
    return response


@clerk.post("/api/parcels/<delivery_id>/<int:number>/take-in")
@limited("command")
def take_in(delivery_id: str, number: int) -> ResponseReturnValue:
    body, desk, mac = parse_body(bodies.TakeIn), _desk(), _label_mac()
    shown = Shown(body.text, body.visit_id)

    def effect(act: Act) -> dict[str, Any]:
        level = intake.take_in(delivery_id, number, shown, desk=desk, label_mac=mac, act=act)
        return {"level": level}

    return command(body, f"take in {delivery_id} {number}", effect)


@clerk.post("/api/parcels/<delivery_id>/<int:number>/shelve")
@limited("command")
def shelve(delivery_id: str, number: int) -> ResponseReturnValue:
    body, store_id = parse_body(bodies.Shelve), my_store()

    def effect(act: Act) -> None:
        intake.shelve(delivery_id, number, body.place, store_id=store_id, act=act)

    return command(body, f"shelve {delivery_id} {number}", effect)


@clerk.post("/api/parcels/<delivery_id>/<int:number>/sort")
@limited("command")
def sort(delivery_id: str, number: int) -> ResponseReturnValue:
    body, desk, mac = parse_body(bodies.TakeIn), _desk(), _label_mac()
    shown = Shown(body.text, body.visit_id)

    def effect(act: Act) -> dict[str, Any]:
        found = intake.sort(delivery_id, number, shown, desk=desk, label_mac=mac, act=act)
        return {"run_id": found.run_id, "bay": found.bay}

    return command(body, f"sort {delivery_id} {number}", effect)
