"""What the start page shows of the demo: its logins and the deliveries worth watching."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.demo.dataset import DemoMall
from app.demo.inbound import HUB_DRIVER, PLACES
from app.demo.models import DemoMark
from app.demo.orders import mall_of
from app.demo.people import CLERKS, CUSTOMERS, DRIVERS, OFFICE, SHARED_PASSWORD, DemoClerk
from app.domain.delivery import BEFORE_CLAIM, ENDED
from app.domain.site import SiteKind
from app.persistence.transaction import session
from app.runs import queries as runs
from app.sites import queries as sites
from app.sites.queries import Desk, Site


@dataclass(frozen=True, slots=True)
class DemoCounter:
    """A store's counter, with the clerk who stands there and the code that signs in."""

    store_name: str
    desk_id: str
    clerk_name: str
    clerk_code: str


@dataclass(frozen=True, slots=True)
class DemoLogins:
    """Whom a visitor may be at one mall, with what opens the door.

    A run leads to several stores, so each has its counter; the first is the one to begin with.
    """

    driver_name: str
    driver_email: str
    manager_name: str
    manager_email: str
    dispatcher_email: str
    merchant_email: str
    password: str
    counters: tuple[DemoCounter, ...]


@dataclass(frozen=True, slots=True)
class InboundLogins:
    """A station's or hub's counter, and the driver who belongs to it; empty where any may come."""

    kind: SiteKind
    name: str
    desk_id: str
    clerk_name: str
    clerk_code: str
    driver_email: str


@dataclass(frozen=True, slots=True)
class WatchedDelivery:
    """A delivery with what a visitor reads before opening its page."""

    row: Delivery
    first_name: str
    store_name: str


def is_demo() -> bool:
    """Tell whether this installation was made by seeding. One query."""
    return session().get(DemoMark, 1) is not None


def is_empty() -> bool:
    """Tell whether there is nothing yet that seeding could get in the way of."""
    return not sites.all_sites()


def logins_of(site: Site) -> DemoLogins | None:
    """Return the demo's logins at a mall; None where the mall or its first desk is no longer so."""
    mall = mall_of(site)
    counters = _counters(site, mall) if mall is not None else ()
    if mall is None or not counters or counters[0].store_name != mall.stores[0].name:
        return None
    driver = next(each for each in DRIVERS if each.mall_key == mall.key)
    manager = next(each for each in OFFICE if each.mall_key == mall.key)
    dispatcher = next(each for each in OFFICE if each.role == "dispatcher")
    merchant = next(each for each in OFFICE if each.role == "merchant")
    return DemoLogins(
        driver_name=driver.name,
        driver_email=driver.email,
        manager_name=manager.name,
        manager_email=manager.email,
        dispatcher_email=dispatcher.email,
        merchant_email=merchant.email,
        password=SHARED_PASSWORD,
        counters=counters,
    )


def malls() -> list[Site]:
    """Return the demo's malls, by name."""
    return [site for site in sites.all_sites() if mall_of(site) is not None]


def inbound_logins() -> list[InboundLogins]:
    """Return the demo's station and hub, as far as they are still there."""
    by_name = {site.name: site for site in sites.all_sites()}
    found: list[InboundLogins] = []
    for place in PLACES:
        site = by_name.get(place.name)
        stores = sites.stores_of_site(site.id) if site is not None else ()
        desks = sites.desks_of_stores([store.id for store in stores])
        if desks:
            email = HUB_DRIVER.email if place.kind is SiteKind.HUB else ""
            found.append(
                InboundLogins(
                    place.kind, place.name, desks[0].id, place.clerk_name, place.clerk_code, email
                )
            )
    return found


def _counters(site: Site, mall: DemoMall) -> tuple[DemoCounter, ...]:
    stores = {store.name: store for store in sites.stores_of_site(site.id)}
    desks: dict[str, Desk] = {}
    for desk in sites.desks_of_stores([store.id for store in stores.values()]):
        desks.setdefault(desk.store_id, desk)
    clerks: dict[str, DemoClerk] = {}
    for clerk in CLERKS:
        clerks.setdefault(clerk.brand, clerk)
    return tuple(
        DemoCounter(
            place.name,
            desks[stores[place.name].id].id,
            clerks[place.brand].first_name,
            clerks[place.brand].code,
        )
        for place in mall.stores
        if place.name in stores and stores[place.name].id in desks
    )


def shown_delivery(site_id: str) -> WatchedDelivery | None:
    """Return the delivery to open: one under way, else Cleo's, else one that waits; or None."""
    query = (
        select(Delivery)
        .where(
            Delivery.site_id == site_id,
            Delivery.status.not_in([status.value for status in ENDED]),
        )
        .order_by(Delivery.window_from, Delivery.created_at, Delivery.id)
    )
    rows = session().scalars(query).all()
    if not rows:
        return None
    names = {key: row.name for key, row in deliveries.recipients([row.id for row in rows]).items()}
    waiting = {status.value for status in BEFORE_CLAIM}
    ranks = {"enroute_to_dropoff": 0, "picked_up": 1}
    best = min(
        rows,
        key=lambda row: (
            ranks.get(row.status, 2) if row.status not in waiting else 3,
            names.get(row.id) != CUSTOMERS[0].name,
        ),
    )
    return _watched([best])[0]


def deliveries_to_watch(run_id: str) -> list[WatchedDelivery]:
    """Return a run's deliveries in the order of their drop-offs."""
    order = [stop.delivery_id for stop in runs.stops_of_run(run_id) if stop.delivery_id]
    rows = {row.id: row for row in deliveries.deliveries_of_run(run_id)}
    return _watched([rows[each] for each in order if each in rows])


def driver_of_run(run_id: str) -> str | None:
    """Return the first name of who holds a run, or None."""
    run = runs.run(run_id)
    person = accounts.person(run.driver_id) if run is not None and run.driver_id else None
    return person.first_name if person is not None else None


def _watched(rows: Sequence[Delivery]) -> list[WatchedDelivery]:
    people = deliveries.recipients([row.id for row in rows])
    stores = sites.stores_by_id({row.store_id for row in rows})
    return [
        WatchedDelivery(
            row, people[row.id].first_name if row.id in people else "", stores[row.store_id].name
        )
        for row in rows
    ]
