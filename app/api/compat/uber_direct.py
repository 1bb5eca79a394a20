"""Uber Direct's deliveries: quote, create, read and cancel.

Source: https://developer.uber.com/docs/deliveries/daas/api/v1/post-customers-customerid-deliveries
"""

import hashlib
from datetime import timedelta
from typing import Any, Final, cast

from flask import jsonify
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from app import clock
from app.api.compat.edge import compat
from app.api.compat.orders import (
    CANCELLED,
    Foreign,
    cancel,
    door,
    door_of,
    place,
    quote,
    store_for,
)
from app.api.v1.asking import caller, my_merchant, require
from app.api.v1.operation import parse_body
from app.api.v1.present import delivery_out
from app.deliveries import ordering
from app.deliveries.ordering import Quote
from app.deliveries.queries import Delivery
from app.domain.api_key import Scope
from app.domain.delivery import ENDED
from app.domain.foreign_status import FOREIGN
from app.domain.geo import Point
from app.domain.written_address import WrittenAddress
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.formats import iso
from app.web.limits import limited
from app.web.validation import Instant

_SERVICE: Final = "uber-direct"
_OUR_QUOTES: Final = "quo_"
_LEAVE: Final = "deliverable_action_leave_at_door"
_FIELDS: Final = {
    "/merchant_ref": "external_id",
    "/recipient/name": "dropoff_name",
    "/recipient/phone": "dropoff_phone_number",
    "/dropoff/street": "dropoff_address",
    "/dropoff/unit": "dropoff_address",
    "/dropoff/city": "dropoff_address",
    "/dropoff/postal_code": "dropoff_address",
    "/dropoff/lat": "dropoff_latitude",
    "/dropoff/lon": "dropoff_longitude",
    "/dropoff/instructions": "dropoff_notes",
    "/value_minor": "manifest_total_value",
    "/tip_minor": "tip",
}


class Structured(BaseModel):
    """An address as Uber writes it, as an object or as its JSON in a text."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    street_address: list[str] | str
    city: str = ""
    zip_code: str = ""


class Pincode(Foreign):
    """Whether a PIN is asked for."""

    enabled: bool = False


class Verification(Foreign):
    """What is asked for at the door."""

    picture: bool = False
    pincode: Pincode = Pincode()


class UberQuote(Foreign):
    """What Uber's clients send for a quote, as far as it is used here."""

    dropoff_address: Structured | str
    dropoff_latitude: float | None = None
    dropoff_longitude: float | None = None
    dropoff_ready_dt: Instant | None = None
    dropoff_deadline_dt: Instant | None = None
    pickup_latitude: float | None = None
    pickup_longitude: float | None = None
    pickup_ready_dt: Instant | None = None
    external_store_id: str = ""


class UberOrder(UberQuote):
    """The same for an order."""

    dropoff_name: str
    dropoff_phone_number: str
    dropoff_notes: str = ""
    dropoff_seller_notes: str = ""
    dropoff_verification: Verification = Verification()
    pickup_name: str = ""
    quote_id: str = ""
    external_id: str = ""
    idempotency_key: str = ""
    manifest_total_value: int | None = None
    tip: int = 0
    deliverable_action: str = ""


@compat.post("/uber-direct/v1/customers/<customer_id>/deliveries")
@limited("api", by=caller)
def create_uber_delivery(customer_id: str) -> ResponseReturnValue:  # noqa: ARG001 - The key says whose it is.
    require(Scope.DELIVERIES_WRITE)
    sent = cast("UberOrder", parse_body(UberOrder))
    store, site = store_for(sent.external_store_id, sent.pickup_name, at=_pickup(sent))
    key = sent.idempotency_key or sent.external_id or _key_of(sent)
    order = _order(sent, site) | {"store_id": store.id, "merchant_ref": sent.external_id or key}
    return _answer(place(sent, order, service=_SERVICE, key=key, fields=_FIELDS))


@compat.get("/uber-direct/v1/customers/<customer_id>/deliveries/<delivery_id>")
@limited("api", by=caller)
def read_uber_delivery(customer_id: str, delivery_id: str) -> ResponseReturnValue:  # noqa: ARG001 - Likewise.
    require(Scope.DELIVERIES_READ)
    return _answer(ordering.own_delivery(delivery_id, my_merchant()))


@compat.post("/uber-direct/v1/customers/<customer_id>/deliveries/<delivery_id>/cancel")
@limited("api", by=caller)
def cancel_uber_delivery(customer_id: str, delivery_id: str) -> ResponseReturnValue:  # noqa: ARG001 - Likewise.
    require(Scope.DELIVERIES_WRITE)
    return _answer(cancel(delivery_id, note=CANCELLED))


@compat.post("/uber-direct/v1/customers/<customer_id>/delivery_quotes")
@limited("api", by=caller)
def create_uber_quote(customer_id: str) -> ResponseReturnValue:  # noqa: ARG001 - Likewise.
    require(Scope.DELIVERIES_WRITE)
    sent = cast("UberQuote", parse_body(UberQuote))
    store, site = store_for(sent.external_store_id, at=_pickup(sent))
    return _quoted(quote(_wish(sent, site) | {"store_id": store.id}, _FIELDS, sent=sent))


def _pickup(sent: UberQuote) -> Point | None:
    if sent.pickup_latitude is None or sent.pickup_longitude is None:
        return None
    return Point(sent.pickup_latitude, sent.pickup_longitude)


def _wish(sent: UberQuote, site: Site) -> dict[str, Any]:
    """Return what a quote needs: where to, and when."""
    wish: dict[str, Any] = {
        "dropoff": {
            **_door(sent.dropoff_address, site),
            "lat": sent.dropoff_latitude,
            "lon": sent.dropoff_longitude,
        },
        "ready_at": sent.pickup_ready_dt,
    }
    if sent.dropoff_ready_dt is not None and sent.dropoff_deadline_dt is not None:
        wish["window"] = {"from": sent.dropoff_ready_dt, "until": sent.dropoff_deadline_dt}
    return wish


def _quoted(row: Quote) -> ResponseReturnValue:
    until = row.window_until
    return jsonify(
        {
            "kind": "delivery_quote",
            "id": row.id,
            "created": iso(row.created_at),
            "expires": iso(row.expires_at),
            "fee": row.price_minor,
            "currency": row.currency.lower(),
            "currency_type": row.currency,
            # Its latest: the window is what we promise, not a guess within it.
            "dropoff_eta": iso(until),
            "dropoff_deadline": iso(until),
            "duration": _minutes(until - row.created_at),
            "pickup_duration": _minutes(row.ready_at - row.created_at),
        }
    )


def _minutes(span: timedelta) -> int:
    return max(0, -(-span // timedelta(minutes=1)))


def _key_of(sent: UberOrder) -> str:
    """Return a name for an order without one: the same order again on the same day is a retry."""
    content = hashlib.sha256(sent.model_dump_json().encode()).hexdigest()[:20]
    return f"{clock.now():%Y-%m-%d}-{content}"


def _order(sent: UberOrder, site: Site) -> dict[str, Any]:
    wants = sent.dropoff_verification
    notes = (sent.dropoff_notes, sent.dropoff_seller_notes)
    order = _wish(sent, site)
    order["dropoff"] |= {
        "instructions": "\n".join(note for note in notes if note),
        "leave_at_door": sent.deliverable_action == _LEAVE,
    }
    return order | {
        "recipient": {"name": sent.dropoff_name, "phone": sent.dropoff_phone_number},
        "proof": "pin" if wants.pincode.enabled else "photo",
        "value_minor": sent.manifest_total_value,
        "tip_minor": sent.tip,
        # A quote of theirs is nothing here: a shop may still have some when it switches.
        "quote": sent.quote_id if sent.quote_id.startswith(_OUR_QUOTES) else None,
    }


def _door(address: Structured | str, site: Site) -> dict[str, Any]:
    if isinstance(address, str):
        try:
            address = Structured.model_validate_json(address)
        except ValidationError:
            return door_of(str(address), site)
    lines = address.street_address
    street, *more = [lines] if isinstance(lines, str) else lines or [""]
    unit = ", ".join(line for line in more if line)
    return door(WrittenAddress(street, unit, address.city, address.zip_code))


def _answer(row: Delivery) -> ResponseReturnValue:
    out = delivery_out(row)
    store = sites.stores_by_id({row.store_id})[row.store_id]
    site = sites.sites_by_id({row.site_id})[row.site_id]
    person, to = out.recipient, out.dropoff
    return jsonify(
        {
            "id": out.id,
            "kind": "delivery",
            "external_id": out.merchant_ref,
            "status": FOREIGN[out.status].uber_direct,
            "complete": out.status in ENDED,
            "live_mode": out.mode == "live",
            "tracking_url": out.tracking_url,
            "fee": out.price.amount_minor if out.price is not None else None,
            "currency": site.currency.lower(),
            "tip": out.tip_minor,
            "created": out.created_at,
            "pickup_ready": out.ready_at,
            "dropoff_ready": out.window.from_,
            "dropoff_deadline": out.window.until,
            "dropoff_eta": out.eta,
            "courier": {"name": out.driver.first_name, "vehicle_type": out.driver.vehicle}
            if out.driver is not None
            else None,
            "pickup": {
                "name": store.name,
                "address": f"{site.name}, {site.city}, {site.state}",
                "location": {"lat": store.lat, "lng": store.lon},
            },
            "dropoff": {
                "name": person.name if person is not None else "",
                "phone_number": person.phone if person is not None else "",
                "address": f"{to.street}, {to.city}, {site.state} {to.postal_code}",
                "location": {"lat": to.lat, "lng": to.lon},
                "notes": to.instructions,
            },
        }
    )
