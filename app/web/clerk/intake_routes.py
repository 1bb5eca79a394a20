"""What carriers bring to a hub or a station: scanned in, shelved, sorted into bays."""

from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.domain.act import Act
from app.handoffs import intake
from app.handoffs.intake import AtDesk, Mac
from app.web.auth.identity import signed_in
from app.web.clerk import commands as bodies
from app.web.clerk.routes import clerk, command, me, my_store
from app.web.limits import limited
from app.web.validation import parse_body


def _desk() -> AtDesk:
    device = accounts.active_desk_device(signed_in().desk_id or "")
    return AtDesk(my_store(), device.kid if device is not None else 0, me())


def _label_mac() -> Mac:
    return current_app.extensions["mallrun_keys"].mac("label")


@clerk.post("/api/parcels/<delivery_id>/<int:number>/take-in")
@limited("command")
def take_in(delivery_id: str, number: int) -> ResponseReturnValue:
    body, desk, mac = parse_body(bodies.TakeIn), _desk(), _label_mac()

    def effect(act: Act) -> dict[str, Any]:
        level = intake.take_in(delivery_id, number, body.text, desk=desk, label_mac=mac, act=act)
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

    def effect(act: Act) -> dict[str, Any]:
        found = intake.sort(delivery_id, number, body.text, desk=desk, label_mac=mac, act=act)
        return {"run_id": found.run_id, "bay": found.bay}

    return command(body, f"sort {delivery_id} {number}", effect)
