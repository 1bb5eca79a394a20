"""The demo's station and hub, both near the first mall: their people and what carriers bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.accounts import clerks, people
from app.accounts import queries as accounts
from app.deliveries import placing
from app.deliveries import queries as deliveries
from app.demo import addresses
from app.demo.dataset import DemoMall, read_malls
from app.demo.drivers import add_driver
from app.demo.orders import Slot, slots, to_door
from app.demo.people import CUSTOMERS, DemoDriver
from app.demo.tools import DemoTools
from app.domain.act import Act
from app.domain.geo import Point
from app.domain.site import SiteKind
from app.handoffs import intake
from app.handoffs.intake import Shown
from app.handoffs.visits import AtDesk
from app.runs import forming
from app.sites import queries as site_queries
from app.sites import service as sites
from app.sites.queries import Site, Store
from app.sites.service import NewSite, NewStore

#: A place with fewer parcels to work on than this gets new ones.
PARCELS_WANTED: Final = 3
_ORDERS: Final = 6


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A station or hub with the one person who works its counter; all of it invented."""

    kind: SiteKind
    name: str
    point: Point
    parking_note: str
    counter_note: str
    dispatcher_phone: str
    clerk_name: str
    clerk_code: str


#: Two and five kilometres from Chandler's mall.
PLACES: Final = (
    DemoPlace(
        SiteKind.STATION,
        "Price Road Station",
        Point(33.3060, -111.8790),
        "Lane 1, engine off.",
        "The desk between the bays and the gate.",
        "+1 480 555 0163",
        "Stella",
        "471903",
    ),
    DemoPlace(
        SiteKind.HUB,
        "San Tan Feed & Seed",
        Point(33.2790, -111.8560),
        "In front of the porch.",
        "At the till, behind the seed rack.",
        "+1 480 555 0164",
        "Hester",
        "538206",
    ),
)
#: Hester keeps the shop and drives too: one phone for both.
HUB_DRIVER: Final = DemoDriver(
    "Hester Lowe",
    "hester@mallrun.example",
    "+14805550118",
    "tan Ford Ranger",
    "HUB 1L0",
    "chandler",
)


def seed_places(
    merchants: Mapping[str, str], tools: DemoTools, *, password_hash: str, now: datetime
) -> None:
    """Open the station and the hub, with their people and the first parcels."""
    mall = read_malls()[0]
    for place in PLACES:
        site, store = _open(place, mall, tools, now=now)
        _bring(site, store, list(merchants.values()), now=now)
        if place.kind is SiteKind.HUB:
            driver_id = add_driver(HUB_DRIVER, tools, password_hash=password_hash, now=now)
            people.attach_to_hub(driver_id, site.id)
            _shelve_first(store, now=now)
        forming.form_runs(site.id, now=now)


def top_up(site: Site, *, now: datetime) -> None:
    """Let carriers bring more where few parcels are left."""
    for store in site_queries.stores_of_site(site.id):
        here = deliveries.at_store(store.id)
        if len(here) < PARCELS_WANTED:
            merchants = sorted({each.merchant_id for each in site_queries.all_stores()})
            _bring(site, store, merchants, now=now)
            forming.form_runs(site.id, now=now)


def _open(
    place: DemoPlace, mall: DemoMall, tools: DemoTools, *, now: datetime
) -> tuple[Site, Store]:
    lat, lon = place.point.lat_deg, place.point.lon_deg
    site = sites.add_site(
        NewSite(
            kind=place.kind.value,
            name=place.name,
            city=mall.city,
            state=mall.state,
            timezone=mall.timezone,
            currency=mall.currency,
            lat=lat,
            lon=lon,
            parking_lat=lat,
            parking_lon=lon,
            parking_note=place.parking_note,
            entrance_name="Front door",
            entrance_lat=lat,
            entrance_lon=lon,
            entrance_note="",
            entrance_floor=0,
            # The hub too: it is invented in the suburb of the mall.
            area=mall.area.value,
            dispatcher_phone=place.dispatcher_phone,
        )
    )
    addresses.make_known(mall, site.id)
    counter = NewStore(
        name=place.name,
        floor=0,
        floor_name="Ground floor",
        unit="",
        counter_note=place.counter_note,
        lat=lat,
        lon=lon,
    )
    merchant = sites.add_merchant(place.name)
    store = sites.add_store(counter, site_id=site.id, merchant_id=merchant.id)
    sites.add_desk(store.id, "Counter", now=now)
    clerks.add_clerk(
        store.id, place.clerk_name, place.clerk_code, hash_code=tools.clerk_code_hash, now=now
    )
    return site, store


def _bring(site: Site, store: Store, merchants: Sequence[str], *, now: datetime) -> None:
    """Place orders of several merchants whose parcels are on their way in."""
    # The same minute gives the same orders: no use for secrets here.
    dice = Random(f"{site.id}/{now:%Y-%m-%dT%H:%M}")  # noqa: S311
    (slot,) = slots(1, timezone=site.timezone, now=now + timedelta(minutes=60))
    customers = dice.sample(CUSTOMERS[1:], _ORDERS)
    doors = dice.sample(addresses.nearby(read_malls()[0]), _ORDERS)
    for customer, address in zip(customers, doors, strict=True):
        new = to_door(
            customer,
            address,
            Slot(now, slot.window_until),
            merchant_ref=str(dice.randrange(100_000, 1_000_000)),
            parcel_count=dice.choice((1, 1, 2)),
            ready_at=now,
            carrier_ref=f"1Z {dice.randrange(1000, 10_000)}",
        )
        placing.place(
            new,
            store_id=store.id,
            act=Act.of_system(now),
            merchant_id=dice.choice(merchants),
        )


def _shelve_first(store: Store, *, now: datetime) -> None:
    """Let the hub have two deliveries on its shelves, so that a run is on offer at once."""
    (clerk,) = accounts.clerks_of_store(store.id)
    act = Act(f"clerk:{clerk.id}", now, now)
    desk = AtDesk(store.id, 0, clerk.id)
    for shelf, row in zip(("A1", "A2"), deliveries.at_store(store.id)[:2], strict=True):
        for number in range(1, row.parcel_count + 1):
            text = row.carrier_ref or ""
            # By the carrier's code: no label is scanned, so no key is needed.
            intake.take_in(row.id, number, Shown(text), desk=desk, label_mac=lambda _: b"", act=act)
            intake.shelve(row.id, number, shelf, store_id=store.id, act=act)
