"""What stores can promise to a postal code today, and which have the hosted checkout."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.placing import REACH_M
from app.domain import promise
from app.domain.delivery import ProofKind
from app.domain.eta import road_distance_m
from app.domain.geo import Point, distance_m
from app.domain.learned import SiteTimes
from app.domain.price import price_minor
from app.domain.promise import Answer, Circumstances, Promise
from app.domain.site import INBOUND, SiteKind
from app.domain.walking import Spot
from app.persistence.base import table_of
from app.persistence.transaction import execute
from app.promise import stock
from app.promise.models import StoreCheckout
from app.runs import learning
from app.runs import queries as runs
from app.sites import addresses
from app.sites import hours as store_hours
from app.sites import queries as sites
from app.sites.queries import Site, Store

#: What is wanted at the door of an order that a customer placed on the hosted page.
PROOF: Final = ProofKind.PHOTO
#: Orders for windows that begin later do not compete with those of today.
_TODAY: Final = timedelta(hours=12)
_CHECKOUT: Final = table_of(StoreCheckout)
_WITH_CHECKOUT: Final = select(_CHECKOUT.c.store_id).where(
    _CHECKOUT.c.store_id.in_(bindparam("of", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A store with all that its promise to a postal code depends on.

    Attributes:
        circumstances: None where nothing can be promised whatever the hour; `refusal` says why.
    """

    store: Store
    site: Site
    has_checkout: bool
    circumstances: Circumstances | None
    refusal: Answer

    @property
    def promise(self) -> Promise:
        """The answer."""
        if self.circumstances is None:
            return Promise(self.refusal)
        return promise.promise(self.circumstances)

    @property
    def price_minor(self) -> int | None:
        """For one parcel to the farthest door of the postal code; None without a known door."""
        if self.circumstances is None:
            return None
        return price_minor(road_distance_m(self.circumstances.away_m), 1)


@dataclass(frozen=True, slots=True)
class Available:
    """A store that has a product and can bring it today."""

    asked: Asked
    said: Promise
    quantity: int


def asked(store_ids: Collection[str], postal_code: str, *, now: datetime) -> list[Asked]:
    """Return what promises of stores depend on, in their order; unknown stores are left out.

    Eight queries, however many stores there are.
    """
    found = sites.stores_with_sites(store_ids)
    stores = [found[each] for each in store_ids if each in found]
    known = {site.id: site for _store, site in stores}
    paces = learning.paces_of(known.values())
    hours = store_hours.hours_of_stores(list(found))
    corners = addresses.corners_of(list(known), postal_code)
    shifts = accounts.shifts_at(list(known))
    until = now + _TODAY
    waiting = deliveries.waiting_counts(list(known), now=now, until=until)
    drivers = [driver_id for each in shifts.values() for driver_id in each]
    doors = runs.door_counts(list(known), drivers, now=now, until=until)
    hosted = with_checkout(list(found))
    result: list[Asked] = []
    for row, site in stores:
        pace = paces[site.id]
        refusal = _refusal(site, corners)
        circumstances = None
        if refusal is Answer.TODAY:
            here = Point(row.lat, row.lon)
            farthest = max(corners[site.id], key=lambda corner: distance_m(here, corner))
            circumstances = Circumstances(
                now=now,
                timezone=site.timezone,
                hours=hours[row.id],
                away_m=distance_m(here, farthest),
                reach_m=REACH_M,
                drive_s=pace.travel(here, farthest, now).seconds,
                shifts=tuple(shifts[site.id].values()),
                open_orders=waiting.get(site.id, 0) + doors.get(site.id, 0),
                work_s=_work_s(row, site, pace.times),
            )
        result.append(Asked(row, site, row.id in hosted, circumstances, refusal))
    return result


def _work_s(store: Store, site: Site, times: SiteTimes) -> int:
    """Return what one order takes besides the drive; walks are in `promise.PER_ORDER`."""
    car = Spot(Point(site.parking_lat, site.parking_lon), 0)
    return times.parking_s(car, car) + times.counter_s(store.id, 1) + times.door_s(PROOF)


def _refusal(site: Site, corners: dict[str, tuple[Point, ...]]) -> Answer:
    """Return why a site promises nothing whatever the hour; TODAY when it may."""
    if SiteKind(site.kind) in INBOUND:
        # Its parcels come from elsewhere first, and nobody knows when.
        return Answer.NOT_FROM_HERE
    return Answer.TODAY if site.id in corners else Answer.POSTAL_CODE_UNKNOWN


def available(
    store_id: str, postal_code: str, skus: Sequence[str], *, now: datetime
) -> dict[str, list[Available]] | None:
    """Return `{sku: stores of the same merchant that have it and bring it today}`, soonest first.

    None for an unknown store. Ten queries, however many products and stores there are.
    """
    store = sites.store(store_id)
    if store is None:
        return None
    ids = [row.id for row in sites.stores_of_merchant(store.merchant_id)]
    there = stock.quantities(ids, skus)
    able = [(each, each.promise) for each in asked(ids, postal_code, now=now)]
    result: dict[str, list[Available]] = {}
    for sku in skus:
        having = [
            Available(each, said, there[each.store.id, sku])
            for each, said in able
            if said.answer is Answer.TODAY and (each.store.id, sku) in there
        ]
        result[sku] = sorted(having, key=_soonest)
    return result


def _soonest(each: Available) -> tuple[datetime, datetime, str]:
    plan = each.said.plan
    if plan is None:
        message = "only promises for today are sorted"
        raise ValueError(message)
    return plan.window_from, plan.arrives_at, each.asked.store.id


def with_checkout(store_ids: Collection[str]) -> frozenset[str]:
    """Return which of these stores have the hosted checkout. One query."""
    return frozenset(execute(_WITH_CHECKOUT, {"of": list(store_ids)}).scalars())
