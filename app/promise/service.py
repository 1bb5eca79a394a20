"""Switching the hosted checkout on, and ordering through it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm.exc import StaleDataError

from app.deliveries import ordering
from app.deliveries.placing import NewDelivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.promise import Plan, order_now
from app.persistence.transaction import session
from app.promise import queries
from app.promise.models import StoreCheckout

#: What a customer's order is called when the shop gives it no number.
_NAMELESS: Final = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerOrder:
    """What a customer typed, and what the page had shown.

    Attributes:
        token: Made with the page: sent twice, it is one order.
        shop_ref: The shop's own number, or empty.
        shown_until: The end of the window on the page.
        price_minor: The price on the page.
    """

    store_id: str
    token: str
    shop_ref: str
    name: str
    phone: str
    street: str
    unit: str
    city: str
    postal_code: str
    instructions: str
    shown_until: datetime
    price_minor: int


def switch_checkout(store_id: str, *, is_on: bool, now: datetime) -> None:
    """Let customers order deliveries of a store on the hosted page, or no longer."""
    row = session().get(StoreCheckout, store_id)
    if is_on and row is None:
        session().add(StoreCheckout(store_id=store_id, switched_on_at=now))
    elif not is_on:
        session().execute(delete(StoreCheckout).where(StoreCheckout.store_id == store_id))
    session().flush()


def order(new: CustomerOrder, *, act: Act) -> str:
    """Order a delivery for a customer and return its id; the same token is the same order.

    Raises:
        DomainError: `checkout_off`, `not_today`, `promise_changed` when window or price are not
            those that were shown, `checkout_address_unknown`, and those of `ordering.place_order`.
        StaleDataError: When the same page was sent a moment ago; to be tried again.
    """
    (found,) = queries.asked([new.store_id], new.postal_code, now=act.now) or (None,)
    if found is None or not found.has_checkout:
        raise DomainError("checkout_off")
    ref = f"{new.shop_ref or _NAMELESS}-{new.token}"
    before = ordering.delivery_of_order(found.store.merchant_id, ref)
    if before is not None:
        return before
    if found.circumstances is None:
        raise DomainError("not_today")
    plan = order_now(found.circumstances)
    if not isinstance(plan, Plan):
        raise DomainError("not_today")
    if plan.window_until != new.shown_until or found.price_minor != new.price_minor:
        raise DomainError("promise_changed")
    try:
        point = ordering.known_point(found.site.id, new.street, new.postal_code)
    except DomainError:
        raise DomainError("checkout_address_unknown") from None
    return _placed(
        NewDelivery(
            merchant_ref=ref,
            recipient_name=new.name,
            phone=new.phone,
            street=new.street,
            unit=new.unit,
            city=new.city,
            postal_code=new.postal_code,
            lat=point.lat_deg,
            lon=point.lon_deg,
            parcel_count=1,
            ready_at=plan.ready_at,
            window_from=plan.window_from,
            window_until=plan.planned_until,
            promised_until=plan.window_until,
            instructions=new.instructions,
            leave_at_door=False,
            proof=queries.PROOF,
            price_minor=new.price_minor,
        ),
        store_id=found.store.id,
        act=act,
    )


def _placed(new: NewDelivery, *, store_id: str, act: Act) -> str:
    try:
        return ordering.place_order(new, store_id=store_id, act=act)
    except DomainError as refusal:
        if refusal.code != "merchant_ref_taken":
            raise
        # The same page, sent a moment ago, was first: on fresh rows its order is found.
        raise StaleDataError from None
