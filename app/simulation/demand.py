"""The orders of a simulated day at one site, by seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.run_plan import OpenDelivery
from app.simulation.places import Kind, SimSite

#: A Tuesday before Black Friday; any day does.
DAY: Final = date(2026, 11, 24)
#: Orders of a mall by the hour in which they are placed: a shop's day, busiest after lunch.
_MALL_HOURS: Final = {
    9: 4,
    10: 7,
    11: 10,
    12: 13,
    13: 14,
    14: 14,
    15: 12,
    16: 11,
    17: 9,
    18: 6,
}
#: Share of a mall's customers who want it as soon as may be; the others choose two hours.
_SOON_SHARE: Final = 0.55
#: "As soon as may be" is promised within so long.
_SOON: Final = timedelta(hours=3)
_SLOT: Final = timedelta(hours=2)
_SLOT_HOURS: Final = (12, 14, 16, 18, 19)
#: A chosen window begins no sooner than this.
_SLOT_AFTER: Final = timedelta(hours=1)
_STEP: Final = timedelta(minutes=5)
#: A store promises to have packed within so many minutes. GrubHub's instances say 5, 15 and 30
#: minutes for a tenth, half and nine tenths of kitchens.
_PACKING_MIN: Final = (8, 35)
#: Windows of a station and of a hub, local hours: what carriers bring in the morning.
_WAVES: Final = {
    Kind.STATION: ((9, 13), (13, 17), (17, 21)),
    Kind.HUB: ((11, 15), (15, 19)),
}
#: Parcels of a wave stand sorted this long before its window begins.
_SORTED_BEFORE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Order:
    """An order, and when it is placed; what forming knows of it is `open`."""

    placed_at: datetime
    open: OpenDelivery


def orders_of(site: SimSite, seed: int) -> list[Order]:
    """Return the orders of a site's day, by the instant they are placed."""
    chance = Random(f"{seed}/orders/{site.key}")  # noqa: S311 - A simulation, no secret.
    made = [_order(site, number, chance) for number in range(site.order_count)]
    return sorted(made, key=lambda each: (each.placed_at, each.open.id))


def local(site: SimSite, hour: float) -> datetime:
    """Return an hour of the simulated day at a site, UTC."""
    midnight = datetime.combine(DAY, time(), ZoneInfo(site.zone))
    return midnight.astimezone(UTC) + timedelta(hours=hour)


def _order(site: SimSite, number: int, chance: Random) -> Order:
    store = chance.choice(site.stores)
    door = chance.choice(site.doors)
    parcels = chance.choice((1, 1, 1, 2, 3))
    if site.kind is Kind.MALL:
        placed_at, window_from, window_until = _mall_times(site, chance)
        ready_at = placed_at + timedelta(minutes=chance.randint(*_PACKING_MIN))
    else:
        placed_at, window_from, window_until = _wave_times(site, chance)
        ready_at = window_from - _SORTED_BEFORE
    return Order(
        placed_at,
        OpenDelivery(
            id=f"{site.key}_{number:04}",
            store_id=store.id,
            store_point=store.point,
            floor=store.floor,
            dropoff=door,
            window_from=window_from,
            window_until=window_until,
            ready_at=ready_at,
            parcels=parcels,
        ),
    )


def _mall_times(site: SimSite, chance: Random) -> tuple[datetime, datetime, datetime]:
    (hour,) = chance.choices(list(_MALL_HOURS), list(_MALL_HOURS.values()))
    placed_at = local(site, hour) + timedelta(seconds=chance.randrange(3_600))
    starts = [local(site, each) for each in _SLOT_HOURS]
    later = [start for start in starts if start >= placed_at + _SLOT_AFTER]
    if chance.random() < _SOON_SHARE or not later:
        until = placed_at + _SOON
        return placed_at, placed_at, until + (local(site, 0) - until) % _STEP
    start = chance.choice(later)
    return placed_at, start, start + _SLOT


def _wave_times(site: SimSite, chance: Random) -> tuple[datetime, datetime, datetime]:
    first, last = chance.choice(_WAVES[site.kind])
    placed_at = local(site, 6) + timedelta(seconds=chance.randrange(2 * 3_600))
    return placed_at, local(site, first), local(site, last)
