"""Deliveries: order, read, list, change, cancel, call back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app import clock
from app.api.v1 import bodies
from app.api.v1.asking import as_my_key, my_merchant
from app.api.v1.once import in_transaction, once
from app.api.v1.operation import Operation, operation
from app.api.v1.paging import cursor_of, read_cursor
from app.api.v1.present import deliveries_out, delivery_out
from app.api.v1.shapes import DeliveryOut, DeliveryPage
from app.deliveries import ordering, overview
from app.deliveries.placing import NewDelivery
from app.domain.api_key import Scope
from app.domain.delivery import CancelReason, ProofKind
from app.domain.geo import Point
from app.handoffs import recalling
from app.runs import cancelling, changing
from app.runs.changing import Changes
from app.sites.queries import Site, Store

GROUP = "Deliveries"


def point_of(door: bodies.Door, site: Site) -> Point:
    """Return where a door is: as sent, or as known near the site.

    Raises:
        DomainError: `address_unknown`.
    """
    if door.lat is not None and door.lon is not None:
        return Point(door.lat, door.lon)
    return ordering.known_point(site.id, door.street, door.postal_code)


def new_delivery(body: bodies.CreateDelivery, store: Store, site: Site) -> NewDelivery:
    """Return what the service takes, with the quote's or the next window.

    Raises:
        DomainError: `not_found` (quote), `address_unknown`, `store_closed`, `quote_expired`,
            `quote_differs`.
    """
    now, merchant_id = clock.now(), store.merchant_id
    point = point_of(body.dropoff, site)
    quote = ordering.own_quote(body.quote, merchant_id) if body.quote is not None else None
    if quote is not None:
        when = ordering.Offer(quote.ready_at, quote.window_from, quote.window_until)
    elif body.window is not None:
        when = _wanted(body.window, body.ready_at or now)
    else:
        when = ordering.offer(store, site, body.ready_at, now=now)
    door = body.dropoff
    new = NewDelivery(
        merchant_ref=body.merchant_ref,
        recipient_name=body.recipient.name,
        phone=body.recipient.phone,
        street=door.street,
        unit=door.unit,
        city=door.city,
        postal_code=door.postal_code,
        lat=point.lat_deg,
        lon=point.lon_deg,
        parcel_count=body.parcel_count,
        ready_at=when.ready_at,
        window_from=when.window_from,
        window_until=when.window_until,
        promised_until=when.promised_until,
        instructions=door.instructions,
        leave_at_door=door.leave_at_door,
        proof=ProofKind(body.proof),
        value_minor=body.value_minor,
        tip_minor=body.tip_minor,
        price_minor=quote.price_minor if quote is not None else None,
    )
    if quote is not None:
        ordering.require_fitting(quote, new, store_id=store.id, now=now)
    return new


def _wanted(window: bodies.Window, ready_at: datetime) -> ordering.Offer:
    planned = window.planned_until or window.until
    return ordering.Offer(ready_at, window.from_, planned, window.promised_until)


_CREATE: Final = Operation(
    method="POST",
    path="/deliveries",
    name="createDelivery",
    summary="Order a delivery",
    description="One Idempotency-Key and one merchant_ref make one delivery, however often "
    "they are sent.",
    group=GROUP,
    scope=Scope.DELIVERIES_WRITE,
    body=bodies.CreateDelivery,
    answer=DeliveryOut,
    status=201,
    is_idempotent=True,
    codes=(
        "address_outside",
        "address_unknown",
        "merchant_ref_taken",
        "quote_differs",
        "quote_expired",
        "store_closed",
        "window_past",
    ),
)


@operation(_CREATE)
def create_delivery(
    body: bodies.CreateDelivery,
) -> tuple[DeliveryOut, Mapping[str, str]]:
    merchant_id, act = my_merchant(), as_my_key()

    def effect() -> str:
        # Held to the end: who asks for them again meanwhile finds them without a query.
        store, site = ordering.own_store(body.store_id, merchant_id)
        new = new_delivery(body, store, site)
        return ordering.place_order(new, store_id=body.store_id, quote_id=body.quote, act=act)

    made, is_new = once(body, "create_delivery", effect)
    row = ordering.own_delivery(made, merchant_id)
    headers = {"Location": f"/api/v1/deliveries/{made}"}
    return delivery_out(row), headers | ({} if is_new else {"Idempotency-Replayed": "true"})


@operation(
    Operation(
        method="GET",
        path="/deliveries",
        name="listDeliveries",
        summary="List deliveries, newest first",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        query=bodies.ListDeliveries,
        answer=DeliveryPage,
    )
)
def list_deliveries(query: bodies.ListDeliveries) -> DeliveryPage:
    merchant_id = my_merchant()
    if query.merchant_ref is not None:
        rows = overview.deliveries_with_ref(merchant_id, query.merchant_ref, limit=query.limit)
        return DeliveryPage(deliveries=deliveries_out(rows), next_cursor=None)
    before = read_cursor(query.cursor) if query.cursor is not None else None
    found = overview.deliveries_of_merchant(merchant_id, before=before, limit=query.limit + 1)
    rows = found[: query.limit]
    last = rows[-1] if len(found) > query.limit else None
    return DeliveryPage(
        deliveries=deliveries_out(rows),
        next_cursor=cursor_of(last.created_at, last.id) if last is not None else None,
    )


@operation(
    Operation(
        method="GET",
        path="/deliveries/{delivery_id}",
        name="readDelivery",
        summary="Read a delivery",
        group=GROUP,
        scope=Scope.DELIVERIES_READ,
        answer=DeliveryOut,
    )
)
def read_delivery(delivery_id: str) -> DeliveryOut:
    return delivery_out(ordering.own_delivery(delivery_id, my_merchant()))


@operation(
    Operation(
        method="PATCH",
        path="/deliveries/{delivery_id}",
        name="changeDelivery",
        summary="Change a delivery until it is picked up",
        description="Address and window can change until a driver has claimed it. The price stays.",
        group=GROUP,
        scope=Scope.DELIVERIES_WRITE,
        body=bodies.ChangeDelivery,
        answer=DeliveryOut,
        codes=("address_outside", "delivery_not_changeable", "window_past"),
    )
)
def change_delivery(delivery_id: str, body: bodies.ChangeDelivery) -> DeliveryOut:
    merchant_id, act = my_merchant(), as_my_key()
    changes = changes_of(body)
    in_transaction(
        lambda: changing.change_delivery(delivery_id, changes, merchant_id=merchant_id, act=act)
    )
    return delivery_out(ordering.own_delivery(delivery_id, merchant_id))


def changes_of(body: bodies.ChangeDelivery) -> Changes:
    """Return what the service takes."""
    person, door = body.recipient or bodies.ChangePerson(), body.dropoff or bodies.ChangeDoor()
    when = _wanted(body.window, clock.now()) if body.window is not None else None
    is_placed = door.lat is not None and door.lon is not None
    return Changes(
        recipient_name=person.name,
        phone=person.phone,
        street=door.street,
        unit=door.unit,
        city=door.city,
        postal_code=door.postal_code,
        point=Point(door.lat or 0.0, door.lon or 0.0) if is_placed else None,
        instructions=door.instructions,
        leave_at_door=door.leave_at_door,
        proof=body.proof,
        value_minor=body.value_minor,
        ready_at=body.ready_at,
        window_from=when.window_from if when is not None else None,
        window_until=when.window_until if when is not None else None,
        promised_until=when.promised_until if when is not None else None,
    )


@operation(
    Operation(
        method="POST",
        path="/deliveries/{delivery_id}/cancel",
        name="cancelDelivery",
        summary="Cancel a delivery that the store still has",
        description="Free until a driver has set out, then half its price. Afterwards call it "
        "back. Send a `code`: the customer reads what it means, in their own language. Without one "
        "they read only that the store has cancelled it. `reason` is for the record.",
        group=GROUP,
        scope=Scope.DELIVERIES_WRITE,
        body=bodies.CancelDelivery,
        answer=DeliveryOut,
        codes=("delivery_cancelled", "delivery_closed", "delivery_not_cancellable"),
    )
)
def cancel_delivery(delivery_id: str, body: bodies.CancelDelivery) -> DeliveryOut:
    merchant_id, act = my_merchant(), as_my_key()
    why, note = body.code or CancelReason.OTHER, body.reason or ""

    def effect() -> None:
        store_id = ordering.own_delivery(delivery_id, merchant_id).store_id
        cancelling.cancel_delivery(delivery_id, store_id=store_id, reason=why, note=note, act=act)

    in_transaction(effect)
    return delivery_out(ordering.own_delivery(delivery_id, merchant_id))


@operation(
    Operation(
        method="POST",
        path="/deliveries/{delivery_id}/return",
        name="returnDelivery",
        summary="Call back what a driver has",
        description="Until the driver is at the door. The parcels come back to the store, and the "
        "price rises by half.",
        group=GROUP,
        scope=Scope.DELIVERIES_WRITE,
        body=bodies.Because,
        answer=DeliveryOut,
        codes=(
            "delivery_closed",
            "delivery_not_changeable",
            "delivery_on_hold",
            "parcels_at_store",
        ),
    )
)
def return_delivery(delivery_id: str, body: bodies.Because) -> DeliveryOut:
    merchant_id, act = my_merchant(), as_my_key()
    in_transaction(
        lambda: recalling.recall(delivery_id, merchant_id=merchant_id, reason=body.reason, act=act)
    )
    return delivery_out(ordering.own_delivery(delivery_id, merchant_id))
