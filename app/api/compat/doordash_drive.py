"""DoorDash Drive's deliveries: quote and accept, create, read and cancel.

Source: https://developer.doordash.com/en-US/api/drive (Drive API 2.0)
"""

from datetime import timedelta
from typing import Any, Final, cast

from flask import jsonify, request
from flask.typing import ResponseReturnValue

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
from app.deliveries.queries import Delivery
from app.domain.api_key import Scope
from app.domain.errors import DomainError
from app.domain.foreign_status import FOREIGN
from app.domain.written_address import WrittenAddress
from app.sites import queries as sites
from app.sites.queries import Site
from app.web.formats import iso
from app.web.limits import limited
from app.web.validation import Instant

_SERVICE: Final = "doordash-drive"
#: A wanted moment at the door is the end of a window of this length.
_WINDOW: Final = timedelta(hours=1)
_FIELDS: Final = {
    "/merchant_ref": "external_delivery_id",
    "/recipient/name": "dropoff_contact_given_name",
    "/recipient/phone": "dropoff_phone_number",
    "/dropoff/street": "dropoff_address",
    "/dropoff/unit": "dropoff_address",
    "/dropoff/city": "dropoff_address",
    "/dropoff/postal_code": "dropoff_address",
    "/dropoff/lat": "dropoff_location",
    "/dropoff/lon": "dropoff_location",
    "/dropoff/instructions": "dropoff_instructions",
    "/value_minor": "order_value",
    "/tip_minor": "tip",
}


class Components(Foreign):
    """An address in parts."""

    street_address: str
    sub_premise: str = ""
    city: str
    zip_code: str


class Location(Foreign):
    """A point."""

    lat: float
    lng: float


class Span(Foreign):
    """From when until when."""

    start_time: Instant
    end_time: Instant


class DoorDashOrder(Foreign):
    """What DoorDash's clients send, as far as it is used here."""

    external_delivery_id: str
    dropoff_address: str = ""
    dropoff_address_components: Components | None = None
    dropoff_location: Location | None = None
    dropoff_phone_number: str
    dropoff_business_name: str = ""
    dropoff_contact_given_name: str = ""
    dropoff_contact_family_name: str = ""
    dropoff_instructions: str = ""
    dropoff_time: Instant | None = None
    dropoff_window: Span | None = None
    pickup_business_name: str = ""
    pickup_external_store_id: str = ""
    pickup_time: Instant | None = None
    contactless_dropoff: bool = False
    order_value: int | None = None
    tip: int = 0


class Acceptance(Foreign):
    """What may still change when a quote is accepted."""

    tip: int | None = None
    dropoff_phone_number: str | None = None


@compat.post("/doordash-drive/v2/deliveries")
@limited("api", by=caller)
def create_doordash_delivery() -> ResponseReturnValue:
    require(Scope.DELIVERIES_WRITE)
    sent = cast("DoorDashOrder", parse_body(DoorDashOrder))
    store, site = store_for(sent.pickup_external_store_id, sent.pickup_business_name)
    key = sent.external_delivery_id
    order = _order(sent, site) | {"store_id": store.id, "merchant_ref": key}
    return _answer(place(sent, order, service=_SERVICE, key=key, fields=_FIELDS))


@compat.get("/doordash-drive/v2/deliveries/<external_delivery_id>")
@limited("api", by=caller)
def read_doordash_delivery(external_delivery_id: str) -> ResponseReturnValue:
    require(Scope.DELIVERIES_READ)
    merchant_id = my_merchant()
    known = ordering.delivery_of_order(merchant_id, external_delivery_id)
    return _answer(ordering.own_delivery(known or external_delivery_id, merchant_id))


@compat.put("/doordash-drive/v2/deliveries/<external_delivery_id>/cancel")
@limited("api", by=caller)
def cancel_doordash_delivery(external_delivery_id: str) -> ResponseReturnValue:
    require(Scope.DELIVERIES_WRITE)
    known = ordering.delivery_of_order(my_merchant(), external_delivery_id)
    row = cancel(known or external_delivery_id, note=CANCELLED)
    return jsonify(_said(row) | {"cancellation_reason": "cancelled_by_creator"})


@compat.post("/doordash-drive/v2/quotes")
@limited("api", by=caller)
def create_doordash_quote() -> ResponseReturnValue:
    require(Scope.DELIVERIES_WRITE)
    sent = cast("DoorDashOrder", parse_body(DoorDashOrder))
    ref = sent.external_delivery_id
    known = ordering.delivery_of_order(my_merchant(), ref)
    if known is not None:
        raise DomainError("merchant_ref_taken", merchant_ref=ref, delivery_id=known)
    store, site = store_for(sent.pickup_external_store_id, sent.pickup_business_name)
    order = _order(sent, site) | {"store_id": store.id}
    row = quote(order, _FIELDS, ref=ref, sent=sent)
    return jsonify(
        {
            "external_delivery_id": ref,
            "delivery_status": "quote",
            "fee": row.price_minor,
            "currency": row.currency,
            "order_value": sent.order_value,
            "tip": sent.tip,
            "pickup_business_name": store.name,
            "pickup_external_store_id": store.id,
            "pickup_time_estimated": iso(row.ready_at),
            "dropoff_address": sent.dropoff_address,
            "dropoff_location": {"lat": row.lat, "lng": row.lon},
            "dropoff_phone_number": sent.dropoff_phone_number,
            "dropoff_instructions": sent.dropoff_instructions,
            "dropoff_time_estimated": iso(row.window_until),
        }
    )


@compat.post("/doordash-drive/v2/quotes/<external_delivery_id>/accept")
@limited("api", by=caller)
def accept_doordash_quote(external_delivery_id: str) -> ResponseReturnValue:
    require(Scope.DELIVERIES_WRITE)
    merchant_id = my_merchant()
    changes = cast("Acceptance", parse_body(Acceptance)) if request.content_length else Acceptance()
    known = ordering.delivery_of_order(merchant_id, external_delivery_id)
    if known is not None:
        # Accepted before, by a try whose answer was lost.
        return _answer(ordering.own_delivery(known, merchant_id))
    found = ordering.quote_of_order(merchant_id, external_delivery_id)
    if found.order_body is None:
        raise DomainError("quote_expired")
    told = DoorDashOrder.model_validate_json(found.order_body)
    sent = told.model_copy(update=changes.model_dump(exclude_none=True))
    store, site = ordering.own_store(found.store_id, merchant_id)
    order = _order(sent, site) | {
        "store_id": store.id,
        "merchant_ref": external_delivery_id,
        "quote": found.id,
    }
    placed = place(sent, order, service=_SERVICE, key=external_delivery_id, fields=_FIELDS)
    return _answer(placed)


def _order(sent: DoorDashOrder, site: Site) -> dict[str, Any]:
    given, family = sent.dropoff_contact_given_name, sent.dropoff_contact_family_name
    name = f"{given} {family}".strip() or sent.dropoff_business_name
    at = sent.dropoff_location
    order: dict[str, Any] = {
        # Names are optional there.
        "recipient": {"name": name or "Customer", "phone": sent.dropoff_phone_number},
        "dropoff": {
            **_door(sent, site),
            "lat": at.lat if at is not None else None,
            "lon": at.lng if at is not None else None,
            "instructions": sent.dropoff_instructions,
            "leave_at_door": sent.contactless_dropoff,
        },
        "ready_at": sent.pickup_time,
        "value_minor": sent.order_value,
        "tip_minor": sent.tip,
    }
    if sent.dropoff_window is not None:
        span = sent.dropoff_window
        order["window"] = {"from": span.start_time, "until": span.end_time}
    elif sent.dropoff_time is not None:
        order["window"] = {"from": sent.dropoff_time - _WINDOW, "until": sent.dropoff_time}
    return order


def _door(sent: DoorDashOrder, site: Site) -> dict[str, Any]:
    parts = sent.dropoff_address_components
    if parts is None:
        return door_of(sent.dropoff_address, site)
    return door(WrittenAddress(parts.street_address, parts.sub_premise, parts.city, parts.zip_code))


def _answer(row: Delivery) -> ResponseReturnValue:
    return jsonify(_said(row))


def _said(row: Delivery) -> dict[str, Any]:
    out = delivery_out(row)
    store = sites.stores_by_id({row.store_id})[row.store_id]
    site = sites.sites_by_id({row.site_id})[row.site_id]
    person, to = out.recipient, out.dropoff
    return {
        "external_delivery_id": out.merchant_ref,
        "support_reference": out.id,
        "delivery_status": FOREIGN[out.status].doordash_drive,
        "tracking_url": out.tracking_url,
        "fee": out.price.amount_minor if out.price is not None else None,
        "currency": site.currency,
        "order_value": out.value_minor,
        "tip": out.tip_minor,
        "pickup_business_name": store.name,
        "pickup_address": f"{site.name}, {site.city}, {site.state}",
        "pickup_external_store_id": store.id,
        "pickup_time_estimated": out.ready_at,
        "pickup_time_actual": out.picked_up_at,
        "dropoff_address": f"{to.street}, {to.city}, {site.state} {to.postal_code}",
        "dropoff_location": {"lat": to.lat, "lng": to.lon},
        "dropoff_phone_number": person.phone if person is not None else "",
        "dropoff_contact_given_name": person.name if person is not None else "",
        "dropoff_instructions": to.instructions,
        "dropoff_time_estimated": out.eta or out.window.until,
        "dropoff_time_actual": out.ended_at if out.status == "delivered" else None,
        "dasher_name": out.driver.first_name if out.driver is not None else None,
    }
