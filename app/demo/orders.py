"""Orders of the demo's stores: real addresses, invented customers, windows in the next hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final, NotRequired, TypedDict, Unpack
from zoneinfo import ZoneInfo

from app.accounts import queries as accounts
from app.deliveries import placing
from app.deliveries import service as deliveries
from app.deliveries.placing import NewDelivery
from app.demo.addresses import nearby
from app.demo.dataset import DemoAddress, DemoMall, read_malls
from app.demo.people import CUSTOMERS, DemoCustomer
from app.domain.act import Act
from app.runs import forming
from app.runs import queries as runs
from app.sites import queries as sites
from app.sites.queries import Site, Store

#: A mall whose runs on offer become fewer than this gets new orders.
RUNS_WANTED: Final = 2

#: One window after the other: windows that do not overlap make runs of their own.
_SLOT_LENGTHS: Final = (timedelta(hours=2), timedelta(hours=1, minutes=30))


@dataclass(frozen=True, slots=True)
class Slot:
    """A delivery window, UTC."""

    window_from: datetime
    window_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who gets what from where and when."""

    store: Store
    customer: DemoCustomer
    address: DemoAddress
    slot: Slot
    parcel_count: int
    is_packed: bool


class Goods(TypedDict):
    """What an order says of its parcels; the names are those of `NewDelivery`."""

    merchant_ref: str
    parcel_count: int
    ready_at: datetime
    value_minor: NotRequired[int]
    tip_minor: NotRequired[int]
    carrier_ref: NotRequired[str]


def slots(count: int, *, timezone: str, now: datetime) -> list[Slot]:
    """Return windows one after the other: the first is open now, whatever the hour.

    Whoever tries the demo at night sees a car come as well, and not a promise for tomorrow.

    Args:
        count: How many.
        timezone: The mall's, IANA.
        now: The present, UTC.
    """
    local = now.astimezone(ZoneInfo(timezone))
    begins = now - timedelta(
        minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond
    )
    found: list[Slot] = []
    for number in range(count):
        until = begins + _SLOT_LENGTHS[min(number, 1)]
        found.append(Slot(begins, until))
        begins = until
    return found


def mall_of(site: Site) -> DemoMall | None:
    """Return the demo's mall of a site, or None for a site that somebody added."""
    return next((mall for mall in read_malls() if mall.name == site.name), None)


def to_door(
    customer: DemoCustomer, address: DemoAddress, slot: Slot, **goods: Unpack[Goods]
) -> NewDelivery:
    """Return a customer's order as the shop hands it in."""
    return NewDelivery(
        recipient_name=customer.name,
        phone=customer.phone,
        street=address.street,
        unit=customer.unit,
        city=address.city,
        postal_code=address.postal_code,
        lat=address.point.lat_deg,
        lon=address.point.lon_deg,
        window_from=slot.window_from,
        window_until=slot.window_until,
        instructions=customer.instructions,
        leave_at_door=customer.leave_at_door,
        proof=customer.proof,
        **goods,
    )


def place(order: Order, *, dice: Random, now: datetime) -> str:
    """Place an order for the store's clerk, packed when it says so; return the delivery's id."""
    clerks = accounts.clerks_of_store(order.store.id)
    actor = f"clerk:{clerks[0].id}" if clerks else "system"
    act = Act(actor, now, now)
    ready_in = timedelta(minutes=dice.randrange(5, 25, 5))
    made = placing.place(
        to_door(
            order.customer,
            order.address,
            order.slot,
            merchant_ref=str(dice.randrange(100_000, 1_000_000)),
            parcel_count=order.parcel_count,
            ready_at=now if order.is_packed else max(now, order.slot.window_from) + ready_in,
            value_minor=dice.randrange(1_500, 60_000, 100),
            tip_minor=dice.choice((0, 200, 300, 500, 800)),
        ),
        store_id=order.store.id,
        act=act,
    )
    if order.is_packed:
        deliveries.pack(made, store_id=order.store.id, act=act)
    return made


def place_batch(
    site: Site, slot: Slot, stores: Sequence[Store], *, dice: Random, now: datetime
) -> None:
    """Place one random order at each of these stores, all for one window."""
    mall = mall_of(site)
    if mall is None:
        return
    customers = dice.sample(CUSTOMERS[1:], len(stores))
    addresses = dice.sample(nearby(mall), len(stores))
    for store, customer, address in zip(stores, customers, addresses, strict=True):
        order = Order(
            store=store,
            customer=customer,
            address=address,
            slot=slot,
            parcel_count=dice.choice((1, 1, 1, 2, 2, 3)),
            is_packed=dice.random() < 0.5,
        )
        place(order, dice=dice, now=now)


def top_up(site: Site, *, now: datetime) -> bool:
    """Place orders and form runs when too few runs are on offer; tell whether it was needed."""
    offered = runs.offered_runs(site.id, now=now)
    if len(offered) >= RUNS_WANTED:
        return False
    # The same minute gives the same orders: no use for secrets here.
    dice = Random(f"{site.id}/{now:%Y-%m-%dT%H:%M}")  # noqa: S311
    stores = sites.stores_of_site(site.id)
    for slot in slots(RUNS_WANTED, timezone=site.timezone, now=now)[len(offered) :]:
        place_batch(site, slot, dice.sample(stores, min(2, len(stores))), dice=dice, now=now)
    forming.form_runs(site.id, now=now)
    return True
