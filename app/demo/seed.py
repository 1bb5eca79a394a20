"""Filling an empty installation: malls, a station, a hub, their people and a day of orders."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.accounts import clerks, devices, people
from app.demo import addresses, inbound, orders, simulator
from app.demo.dataset import DemoMall, read_malls
from app.demo.drivers import add_driver
from app.demo.models import DemoMark
from app.demo.orders import Order, Slot
from app.demo.people import CLERKS, CUSTOMERS, DRIVERS, OFFICE, SHARED_PASSWORD
from app.demo.simulator import Ride
from app.demo.tools import DemoTools
from app.keys import hash_password
from app.persistence.transaction import session
from app.runs import forming
from app.runs import queries as runs
from app.sites import queries as site_queries
from app.sites import service as sites
from app.sites.queries import Site, Store
from app.sites.service import NewSite, NewStore

DESK_NAME: Final = "Main counter"
#: How many orders each mall has in each of its windows.
_ORDERS_BY_SLOT: Final = (4, 3, 2)
#: The visitor's driver has done a run before, so that earnings and lists have something to show.
_EARLIER: Final = timedelta(hours=3)
_EARLIER_STEP: Final = timedelta(seconds=90)
_EARLIER_STEPS_MAX: Final = 60
_ANYWHERE_M: Final = 1e6


def seed(tools: DemoTools, *, now: datetime) -> None:
    """Make the whole demo in the caller's transaction; takes about two seconds, most of it hashing.

    The last row is the mark that makes this installation a demo.
    """
    dice = Random(now.date().toordinal())  # noqa: S311 - Which customer orders what is no secret.
    malls = read_malls()
    brands = {store.brand for mall in malls for store in mall.stores}
    merchants = {brand: sites.add_merchant(brand).id for brand in sorted(brands)}
    sites_by_mall = {mall.key: _add_site(mall) for mall in malls}
    stores_by_mall = {
        mall.key: _add_stores(mall, sites_by_mall[mall.key].id, merchants, tools, now=now)
        for mall in malls
    }
    # One password, shown on the start page: one hash for all is no loss.
    password_hash = hash_password(SHARED_PASSWORD)
    drivers = _add_people(sites_by_mall, merchants, tools, password_hash=password_hash, now=now)
    for key, site in sites_by_mall.items():
        lead = next(driver for driver in DRIVERS if driver.mall_key == key)
        _earlier_run(site, stores_by_mall[key], drivers[lead.email], tools, now=now)
        # The visitor's own phone shall be this driver's first.
        devices.retire_phone(drivers[lead.email], now=now)
        _place_day(site, stores_by_mall[key], dice, now=now)
    inbound.seed_places(merchants, tools, password_hash=password_hash, now=now)
    session().add(DemoMark(id=1, seeded_at=now))
    session().flush()


def _add_site(mall: DemoMall) -> Site:
    site = sites.add_site(
        NewSite(
            kind="mall",
            name=mall.name,
            city=mall.city,
            state=mall.state,
            timezone=mall.timezone,
            currency=mall.currency,
            lat=mall.centre.lat_deg,
            lon=mall.centre.lon_deg,
            parking_lat=mall.parking.lat_deg,
            parking_lon=mall.parking.lon_deg,
            parking_note=mall.parking_note,
            entrance_name=mall.entrance_name,
            entrance_lat=mall.entrance.lat_deg,
            entrance_lon=mall.entrance.lon_deg,
            entrance_note=mall.entrance_note,
            entrance_floor=mall.entrance_floor,
            area=mall.area.value,
            dispatcher_phone=mall.dispatcher_phone,
        )
    )
    addresses.make_known(mall, site.id)
    return site


def _add_stores(
    mall: DemoMall, site_id: str, merchants: Mapping[str, str], tools: DemoTools, *, now: datetime
) -> list[Store]:
    added: list[Store] = []
    for each in mall.stores:
        store = sites.add_store(
            NewStore(
                name=each.name,
                floor=each.floor,
                floor_name=each.floor_name,
                unit=each.unit,
                counter_note=each.counter_note,
                lat=each.point.lat_deg,
                lon=each.point.lon_deg,
            ),
            site_id=site_id,
            merchant_id=merchants[each.brand],
        )
        sites.add_desk(store.id, DESK_NAME, now=now)
        for clerk in CLERKS:
            if clerk.brand == each.brand:
                clerks.add_clerk(
                    store.id,
                    clerk.first_name,
                    clerk.code,
                    hash_code=tools.clerk_code_hash,
                    now=now,
                )
        added.append(store)
    return added


def _add_people(
    sites_by_mall: Mapping[str, Site],
    merchants: Mapping[str, str],
    tools: DemoTools,
    *,
    password_hash: str,
    now: datetime,
) -> dict[str, str]:
    """Add drivers, managers, dispatcher, admin and merchant; return `{e-mail: person id}`."""
    added: dict[str, str] = {}
    for driver in DRIVERS:
        added[driver.email] = add_driver(driver, tools, password_hash=password_hash, now=now)
    for worker in OFFICE:
        person = people.add_person(
            worker.name,
            email=worker.email,
            phone=worker.phone,
            now=now,
            password_hash=password_hash,
        )
        scope_id = sites_by_mall[worker.mall_key].id if worker.mall_key else ""
        scope_id = merchants[worker.brand] if worker.brand else scope_id
        people.grant_role(person.id, worker.role, scope_id)
        added[worker.email] = person.id
    return added


def _place_day(site: Site, stores: Sequence[Store], dice: Random, *, now: datetime) -> None:
    """Place the orders of the next hours; the first one of each first store is Cleo's."""
    windows = orders.slots(len(_ORDERS_BY_SLOT), timezone=site.timezone, now=now)
    mall = orders.mall_of(site)
    if mall is None:
        return
    cleo = Order(
        store=stores[0],
        customer=CUSTOMERS[0],
        address=addresses.nearby(mall)[4],
        slot=windows[0],
        parcel_count=2,
        is_packed=True,
    )
    orders.place(cleo, dice=dice, now=now)
    for slot, count in zip(windows, _ORDERS_BY_SLOT, strict=True):
        chosen = [stores[0], *dice.sample(stores[1:], count - 2)]
        orders.place_batch(site, slot, chosen, dice=dice, now=now)
    forming.form_runs(site.id, now=now)


def _earlier_run(
    site: Site, stores: Sequence[Store], driver_id: str, tools: DemoTools, *, now: datetime
) -> None:
    """Let a driver have done a whole run some hours ago, through the same services, only faster."""
    at = now - _EARLIER
    dice = Random(site.id)  # noqa: S311 - As above.
    slot = Slot(at, at + timedelta(hours=2))
    orders.place_batch(site, slot, stores[:2], dice=dice, now=at)
    forming.form_runs(site.id, now=at)
    run = runs.offered_runs(site.id, now=at, limit=1)[0]
    ride = Ride(run.id, driver_id, site.parking_lat, site.parking_lon)
    simulator.claim(ride, site.id, tools, now=at)
    for _ in range(_EARLIER_STEPS_MAX):
        at += _EARLIER_STEP
        # The claim's guarded UPDATEs pass by the session; each job of its own would start fresh.
        session().expire_all()
        moved = simulator.step(ride, tools, now=at, stride_m=_ANYWHERE_M)
        if moved.ride is None:
            break
        ride = moved.ride
    # The simulated tablets go, so that each store waits for its visitor's own.
    for desk in site_queries.desks_of_stores([store.id for store in stores[:2]]):
        devices.retire_desk_device(desk.id, now=at)
