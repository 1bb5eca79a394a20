"""Malls full of open orders: real stores and street points, orders by seed.

The places are those of the simulated day; where they are from and under which licence stands in
`app/simulation/places/SOURCES.md`.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain import eta
from app.domain.forming import ORDERS_MAX
from app.domain.geo import Point
from app.domain.group_costs import RUN_COST_S
from app.domain.run_plan import FormingSite, OpenDelivery
from app.domain.travel import estimate
from app.domain.walking import Spot, walk_s
from app.simulation.places import Kind, SimSite, read_sites
from tests.domain.run_cases import NOW

#: There are more orders than street points: a door is up to so many degrees from one, some 200 m.
_AROUND = 0.002


@dataclass(frozen=True, slots=True)
class MallCase:
    """A mall at one instant.

    Attributes:
        name: Of the mall, for figures.
        site: Where its runs begin.
        orders: All open; their ids sort as they come.
    """

    name: str
    site: FormingSite
    orders: list[OpenDelivery]


def mall_cases(size: int, count: int = 3) -> list[MallCase]:
    """Return so many malls with so many orders each; at most three."""
    malls = [each for each in read_sites() if each.kind is Kind.MALL]
    return [MallCase(mall.key, mall.forming, _orders(mall, size)) for mall in malls[:count]]


def _orders(mall: SimSite, size: int) -> list[OpenDelivery]:
    # A larger mall begins with the orders of a smaller one of the same name.
    chance = random.Random(f"forming/{mall.key}")  # noqa: S311 - Cases, not secrets.
    return [_order(number, mall, chance) for number in range(size)]


def _order(number: int, mall: SimSite, chance: random.Random) -> OpenDelivery:
    """Return an order due within four hours and ready within one."""
    store, near = chance.choice(mall.stores), chance.choice(mall.doors)
    return OpenDelivery(
        id=f"dlv_{number:04}",
        store_id=store.id,
        store_point=store.point,
        floor=store.floor,
        dropoff=Point(
            near.lat_deg + chance.uniform(-_AROUND, _AROUND),
            near.lon_deg + chance.uniform(-_AROUND, _AROUND),
        ),
        window_from=NOW,
        window_until=NOW + timedelta(minutes=chance.randint(120, 240)),
        ready_at=NOW + timedelta(minutes=chance.choice([-10, chance.randint(0, 60)])),
        parcels=1,
    )


def peers_case(mall: MallCase, seconds: float) -> dict[str, Any]:
    """Return a mall as the peers read it (`solvers/group_orders.py`), with their CPU seconds."""
    points = [mall.site.parking, *(each.dropoff for each in mall.orders)]
    matrix = [
        [
            0 if column in (0, row) else estimate(start, end, NOW).seconds
            for column, end in enumerate(points)
        ]
        for row, start in enumerate(points)
    ]
    return {
        "matrix": matrix,
        "released": [_released_s(each, mall.site) for each in mall.orders],
        "opens": [0] * len(mall.orders),
        "closes": [_seconds(each.window_until - NOW) for each in mall.orders],
        "service_s": eta.DOOR_S + eta.HANDOVER_NEXT_S,
        "orders_max": ORDERS_MAX,
        "run_cost_s": RUN_COST_S,
        "seconds": seconds,
    }


def _released_s(order: OpenDelivery, site: FormingSite) -> int:
    car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
    in_s = walk_s(car, entrance) + walk_s(entrance, order.store_spot)
    reached_s = max(eta.PARKING_S + in_s, _seconds(order.ready_at - NOW))
    return reached_s + eta.HANDOVER_FIRST_S + in_s


def _seconds(span: timedelta) -> int:
    return round(span.total_seconds())
