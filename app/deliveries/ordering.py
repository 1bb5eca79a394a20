"""A merchant's order becomes one delivery: quotes before it, and its number once and for all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.deliveries import placing, queries
from app.deliveries.models import Delivery, MerchantOrder, Quote
from app.deliveries.placing import REACH_M, NewDelivery
from app.domain import opening
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.eta import road_distance_m
from app.domain.geo import METRES_PER_MILE, Point, distance_m
from app.domain.price import QUOTE_LIFE, QUOTE_SLACK_M, price_minor
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session
from app.sites import addresses
from app.sites import hours as store_hours
from app.sites import queries as sites
from app.sites.queries import Site, Store

_ORDER: Final = table_of(MerchantOrder)
#: By the engine's name: SQLAlchemy has no common word for it.
_NOTE_ORDER: Final = {
    name: dialect.insert(_ORDER)
    .on_conflict_do_nothing(index_elements=["merchant_id", "merchant_ref"])
    .returning(_ORDER.c.delivery_id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_KNOWN_ORDER: Final = select(_ORDER.c.delivery_id).where(
    _ORDER.c.merchant_id == bindparam("of_merchant"), _ORDER.c.merchant_ref == bindparam("number")
)
#: A quote that ran out is kept this long, for whoever asks why.
_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a quote is for; `ready_at` None means as soon as the store can pack.

    Attributes:
        window: From when until when it is wanted at the door, or None for the next one.
        merchant_ref: The order that the quote can be accepted by, with what it is in `order_body`.
    """

    store_id: str
    point: Point
    parcel_count: int
    ready_at: datetime | None
    window: tuple[datetime, datetime] | None = None
    merchant_ref: str | None = None
    order_body: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """When a delivery could be: ready at the store, and in which window at the door.

    `promised_until` is the end that the customer is told, where it is a later one.
    """

    ready_at: datetime
    window_from: datetime
    window_until: datetime
    promised_until: datetime | None = None


def own_store(store_id: str, merchant_id: str) -> tuple[Store, Site]:
    """Return a merchant's store and its site. One query.

    Raises:
        DomainError: `not_found`, also for another merchant's.
    """
    found = sites.store_with_site(store_id)
    if found is None or found[0].merchant_id != merchant_id:
        raise DomainError("not_found")
    return found


def own_delivery(delivery_id: str, merchant_id: str) -> Delivery:
    """Return a merchant's delivery.

    Raises:
        DomainError: `not_found`, also for another merchant's.
    """
    row = queries.delivery(delivery_id)
    if row is None or row.merchant_id != merchant_id:
        raise DomainError("not_found")
    return row


def known_point(site_id: str, street: str, postal_code: str) -> Point:
    """Return where an address is that is known near a site.

    Raises:
        DomainError: `address_unknown`.
    """
    key = addresses.search_key(street)
    for each in addresses.suggestions(site_id, street):
        is_same = addresses.search_key(each.street) == key and not each.near
        if is_same and each.postal_code == postal_code:
            return each.point
    raise DomainError("address_unknown")


def offer(store: Store, site: Site, ready_at: datetime | None, *, now: datetime) -> Offer:
    """Return the next window in which a store's order can be delivered.

    Raises:
        DomainError: `store_closed`.
    """
    wanted = max(ready_at or now + opening.PACKING, now)
    ready = opening.ready_at(wanted, store_hours.hours_of(store.id), site.timezone)
    if ready is None:
        raise DomainError("store_closed")
    return Offer(ready, *opening.window_from(ready))


def quote(asked: Asked, *, merchant_id: str, now: datetime) -> Quote:
    """Offer a price and a window for a quarter of an hour.

    Raises:
        DomainError: `not_found`, `address_outside`, `store_closed`, `window_past`.
    """
    store, site = own_store(asked.store_id, merchant_id)
    away_m = distance_m(Point(store.lat, store.lon), asked.point)
    if away_m > REACH_M:
        raise DomainError(
            "address_outside", distance=f"{away_m / METRES_PER_MILE:.1f} mi", limit="10 mi"
        )
    when = _wanted(asked, now) or offer(store, site, asked.ready_at, now=now)
    row = Quote(
        id=new_id("quo"),
        merchant_id=merchant_id,
        store_id=store.id,
        lat=asked.point.lat_deg,
        lon=asked.point.lon_deg,
        parcel_count=asked.parcel_count,
        price_minor=price_minor(road_distance_m(away_m), asked.parcel_count),
        currency=site.currency,
        ready_at=when.ready_at,
        window_from=when.window_from,
        window_until=when.window_until,
        created_at=now,
        expires_at=now + QUOTE_LIFE,
        merchant_ref=asked.merchant_ref,
        order_body=asked.order_body,
    )
    session().add(row)
    session().flush()
    return row


def _wanted(asked: Asked, now: datetime) -> Offer | None:
    if asked.window is None:
        return None
    start, until = asked.window
    if until <= now or until <= start:
        raise DomainError("window_past")
    return Offer(max(asked.ready_at or now, now), start, until)


def quote_of_order(merchant_id: str, merchant_ref: str) -> Quote:
    """Return the newest quote that can be accepted by an order's number.

    Raises:
        DomainError: `not_found`.
    """
    query = (
        select(Quote)
        .where(Quote.merchant_id == merchant_id, Quote.merchant_ref == merchant_ref)
        .order_by(Quote.created_at.desc(), Quote.id)
        .limit(1)
    )
    row = session().scalar(query)
    if row is None:
        raise DomainError("not_found")
    return row


def own_quote(quote_id: str, merchant_id: str) -> Quote:
    """Return a merchant's quote.

    Raises:
        DomainError: `not_found`, also for another merchant's.
    """
    row = session().get(Quote, quote_id)
    if row is None or row.merchant_id != merchant_id:
        raise DomainError("not_found")
    return row


def require_fitting(row: Quote, new: NewDelivery, *, store_id: str, now: datetime) -> None:
    """Let only an order through that is what was quoted, in time.

    Raises:
        DomainError: `quote_expired`, `quote_differs`.
    """
    if row.delivery_id is not None or now >= row.expires_at:
        raise DomainError("quote_expired")
    apart_m = distance_m(Point(row.lat, row.lon), Point(new.lat, new.lon))
    is_same = row.store_id == store_id and row.parcel_count == new.parcel_count
    if not is_same or apart_m > QUOTE_SLACK_M:
        raise DomainError("quote_differs")


def place_order(new: NewDelivery, *, store_id: str, quote_id: str | None = None, act: Act) -> str:
    """Make the one delivery of a merchant's order number and return its id.

    Raises:
        DomainError: `merchant_ref_taken` with the delivery that there is, `quote_expired` when it
            was used a moment ago, and the refusals of `service.place`.
    """
    store = sites.store(store_id)
    if store is None:
        raise DomainError("not_found")
    known = delivery_of_order(store.merchant_id, new.merchant_ref)
    if known is not None:
        raise DomainError("merchant_ref_taken", merchant_ref=new.merchant_ref, delivery_id=known)
    made = place_new_order(new, store=store, act=act)
    if quote_id is not None:
        _use_quote(quote_id, made)
    return made


def place_new_order(new: NewDelivery, *, store: Store, act: Act) -> str:
    """Make the delivery of an order number that was looked up a moment ago, and was not known.

    Raises:
        DomainError: `merchant_ref_taken` when another request was first: undo what this one wrote;
            the refusals of `service.place`.
    """
    made = placing.place(new, store_id=store.id, act=act)
    order = {"merchant_id": store.merchant_id, "merchant_ref": new.merchant_ref}
    noted = execute(_NOTE_ORDER[session().get_bind().dialect.name], order | {"delivery_id": made})
    if noted.first() is None:
        # Another request was first, and its delivery is committed by now: ours is rolled back.
        other = delivery_of_order(store.merchant_id, new.merchant_ref)
        raise DomainError(
            "merchant_ref_taken", merchant_ref=new.merchant_ref, delivery_id=other or ""
        )
    return made


def delivery_of_order(merchant_id: str, merchant_ref: str) -> str | None:
    """Return the delivery of a merchant's order number, or None."""
    asked = {"of_merchant": merchant_id, "number": merchant_ref}
    return execute(_KNOWN_ORDER, asked).scalar()


def known_orders(merchant_id: str, refs: list[str]) -> dict[str, str]:
    """Return `{merchant_ref: delivery_id}` of those that were ordered before. One query."""
    query = select(MerchantOrder.merchant_ref, MerchantOrder.delivery_id).where(
        MerchantOrder.merchant_id == merchant_id, MerchantOrder.merchant_ref.in_(refs)
    )
    return {row.merchant_ref: row.delivery_id for row in session().execute(query)}


def erase_quotes(*, now: datetime) -> None:
    """Forget quotes that ran out long ago."""
    session().execute(delete(Quote).where(Quote.created_at < now - _KEPT))


def _use_quote(quote_id: str, delivery_id: str) -> None:
    used = session().execute(
        update(Quote)
        .where(Quote.id == quote_id, Quote.delivery_id.is_(None))
        .values(delivery_id=delivery_id, order_body=None)
        .returning(Quote.id)
        .execution_options(synchronize_session=False)
    )
    if used.first() is None:
        raise DomainError("quote_expired")
