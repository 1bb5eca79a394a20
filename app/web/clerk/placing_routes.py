"""Orders at the counter: placing, sending to another door, another link, cancelling."""

from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue

from app.deliveries import placing, service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.runs import cancelling, changing, giving_links
from app.tracking.links import tracking_token
from app.web.clerk import commands as bodies
from app.web.clerk.routes import clerk, command, my_store
from app.web.limits import limited
from app.web.validation import Command, parse_body


@clerk.post("/api/deliveries")
@limited("command")
def place() -> ResponseReturnValue:
    body = parse_body(bodies.PlaceDelivery)
    store_id = my_store()

    def effect(act: Act) -> dict[str, Any]:
        made = placing.place(body.as_new_delivery(), store_id=store_id, act=act, is_by_hand=True)
        row = service.of_store(made, store_id)
        return {"delivery_id": made, "tracking_url": _tracking_url(row)}

    return command(body, "place", effect)


def _tracking_url(row: Delivery) -> str:
    mac = current_app.extensions["mallrun_keys"].mac("tracking")
    origin = current_app.extensions["mallrun_settings"].public_url
    return f"{origin}/t/{tracking_token(row, mac)}"


@clerk.post("/api/deliveries/<delivery_id>/link")
@limited("link")
def give_link(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(Command), my_store()

    def effect(act: Act) -> dict[str, Any]:
        row = giving_links.give_new_link(delivery_id, store_id=store_id, act=act)
        return {"tracking_url": _tracking_url(row)}

    return command(body, f"link {delivery_id}", effect)


@clerk.post("/api/deliveries/<delivery_id>/address")
@limited("command")
def change_address(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(bodies.ChangeAddress), my_store()

    def effect(act: Act) -> None:
        changing.readdress(delivery_id, body.as_changes(), store_id=store_id, act=act)

    return command(body, f"address {delivery_id}", effect)


@clerk.post("/api/deliveries/<delivery_id>/cancel")
@limited("command")
def cancel(delivery_id: str) -> ResponseReturnValue:
    body, store_id = parse_body(bodies.CancelDelivery), my_store()

    def effect(act: Act) -> None:
        cancelling.cancel_delivery(
            delivery_id, store_id=store_id, reason=body.why, note=body.words, act=act
        )

    return command(body, f"cancel {delivery_id}", effect)
