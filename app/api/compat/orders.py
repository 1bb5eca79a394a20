"""From another service's order to ours: which store, which door, which parts were wrong."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ConfigDict, ValidationError

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import InvalidInput, as_my_key, my_merchant
from app.api.v1.delivery_routes import new_delivery, point_of
from app.api.v1.once import in_transaction, once
from app.api.v1.operation import pointer
from app.deliveries import ordering
from app.deliveries.ordering import Asked, Quote
from app.deliveries.queries import Delivery
from app.domain.delivery import CancelReason, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.geo import Point, distance_m
from app.domain.written_address import WrittenAddress, read_address
from app.runs import cancelling
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.web.problems import said_of
from app.web.validation import Body

#: Their cancelling says no reason; store and driver read this one.
CANCELLED: Final = "Cancelled by the shop"
#: A pickup's point that is no farther from a store than this may mean the store.
_NEAR_M: Final = 300


class Foreign(Body):
    """What another service takes: fields that we do not use are many, and ignored."""

    model_config = ConfigDict(extra="ignore", strict=False)


def store_for(*names: str, at: Point | None = None) -> tuple[Store, Site]:
    """Return the store that an order leaves from: by its id or name, its place, or the only one.

    Raises:
        DomainError: `store_unknown`.
    """
    mine = sites.stores_of_merchant(my_merchant())
    wanted = {name.strip().casefold() for name in names if name.strip()}
    found = [row for row in mine if {row.id, row.name.casefold()} & wanted]
    if not found and at is not None:
        found = [row for row in mine if distance_m(Point(row.lat, row.lon), at) <= _NEAR_M]
    if len(mine) == 1:
        found = list(mine)
    if len(found) != 1:
        raise DomainError("store_unknown")
    return found[0], sites.sites_by_id({found[0].site_id})[found[0].site_id]


def door_of(line: str, site: Site) -> dict[str, Any]:
    """Return a written address as a door."""
    return door(read_address(line, known_city=site.city))


def door(address: WrittenAddress) -> dict[str, Any]:
    """Return an address as a door without a point."""
    return {
        "street": address.street,
        "unit": address.unit,
        "city": address.city,
        "postal_code": address.postal_code,
    }


def place(
    sent: Body, order: Mapping[str, Any], *, service: str, key: str, fields: Mapping[str, str]
) -> Delivery:
    """Order once per key of the other service; return the delivery, also that of a try before.

    Args:
        sent: What came, to tell another order under the same key.
        order: The same as fields of our own order.
        service: Whose way in it is.
        key: The name that is the same for every try.
        fields: Our fields' pointers as the other service names them, for refusals.

    Raises:
        InvalidInput: With the other service's names.
        DomainError: As the API's own orders.
    """
    try:
        body = bodies.CreateDelivery.model_validate(order)
    except ValidationError as error:
        raise InvalidInput("body", _in_their_names(error, fields)) from None
    merchant_id, act = my_merchant(), as_my_key()

    def effect() -> str:
        store, site = ordering.own_store(body.store_id, merchant_id)
        new = new_delivery(body, store, site)
        if body.window is not None:
            # With a quote too: there the price is the quote's, and the order says when.
            window = body.window
            new = replace(new, window_from=window.from_, window_until=window.until)
        return ordering.place_order(new, store_id=body.store_id, quote_id=body.quote, act=act)

    made, _is_new = once(sent, service, effect, given=f"{service} {key}")
    return ordering.own_delivery(made, merchant_id)


def quote(
    order: Mapping[str, Any], fields: Mapping[str, str], *, ref: str | None = None, sent: Body
) -> Quote:
    """Offer price and window for an order of another service.

    Args:
        order: `store_id`, `dropoff`, and `ready_at` and `window` where they are told.
        fields: As for `place`.
        ref: The order's number, where the quote is accepted by it; what was sent is then kept.
        sent: What came.

    Raises:
        InvalidInput: With the other service's names.
        DomainError: As the API's own quotes.
    """
    window = order.get("window")
    asked = {name: order.get(name) for name in ("store_id", "dropoff", "ready_at")}
    try:
        body = bodies.CreateQuote.model_validate(asked)
        wanted = bodies.Window.model_validate(window) if window is not None else None
    except ValidationError as error:
        raise InvalidInput("body", _in_their_names(error, fields)) from None
    merchant_id, now = my_merchant(), clock.now()

    def effect() -> str:
        _store, site = ordering.own_store(body.store_id, merchant_id)
        wish = Asked(
            body.store_id,
            point_of(body.dropoff, site),
            body.parcel_count,
            body.ready_at,
            window=(wanted.from_, wanted.until) if wanted is not None else None,
            merchant_ref=ref,
            order_body=sent.model_dump_json() if ref is not None else None,
        )
        return ordering.quote(wish, merchant_id=merchant_id, now=now).id

    return ordering.own_quote(in_transaction(effect), merchant_id)


def cancel(delivery_id: str, *, note: str) -> Delivery:
    """Cancel a delivery that the store still has; one that is cancelled already stays so.

    Raises:
        DomainError: `not_found`, `delivery_closed`, `delivery_not_cancellable`.
    """
    merchant_id, act = my_merchant(), as_my_key()

    def effect() -> None:
        row = ordering.own_delivery(delivery_id, merchant_id)
        # Their clients send it again when an answer was lost.
        if row.status != DeliveryStatus.CANCELLED.value:
            cancelling.cancel_delivery(
                row.id, store_id=row.store_id, reason=CancelReason.OTHER, note=note, act=act
            )

    in_transaction(effect)
    return ordering.own_delivery(delivery_id, merchant_id)


def _in_their_names(
    error: ValidationError, fields: Mapping[str, str]
) -> tuple[dict[str, str], ...]:
    found: list[dict[str, str]] = []
    for each in error.errors(include_url=False, include_input=False):
        place = pointer(each["loc"])
        found.append(
            {
                "loc": f"/{fields[place]}" if place in fields else place,
                "msg": said_of(each["type"], each.get("ctx", {})),
                "kind": each["type"],
            }
        )
    return tuple(found)
