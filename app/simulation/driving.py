"""A claimed run as it is really driven: the planned order, with the world's own times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain import eta
from app.domain.geo import Point
from app.domain.pay import guarantee_line, pay_total_minor, waiting_line
from app.domain.run import StopKind
from app.domain.run_plan import OpenDelivery
from app.domain.walking import Spot, walk_s
from app.simulation.fleet import SimDriver
from app.simulation.offers import RULE, Offer
from app.simulation.places import SimSite
from app.simulation.world import World

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Drop:
    """An order that was delivered, and whether within its window."""

    order: OpenDelivery
    at: datetime

    @property
    def is_on_time(self) -> bool:
        """Whether the driver was at the door before the window ended."""
        return self.at <= self.order.window_until


@dataclass(frozen=True, slots=True)
class Driven:
    """A run that was driven.

    Attributes:
        drops: In order.
        path: Parking and doors, in order.
        claimed_at: When the driver took it.
        ended_at: When the last door was done.
        started_at: When the driver set out for the site.
        empty_m: Metres by road to the site, without a parcel.
        loaded_m: Metres by road from the site to the last door.
        pay_minor: All lines.
    """

    drops: tuple[Drop, ...]
    path: tuple[Point, ...]
    claimed_at: datetime
    started_at: datetime
    ended_at: datetime
    empty_m: int
    loaded_m: int
    pay_minor: int

    @property
    def ends_at_point(self) -> Point:
        """Where the driver is afterwards."""
        return self.path[-1]

    @property
    def busy_s(self) -> int:
        """Seconds from setting out to the end."""
        return round((self.ended_at - self.started_at).total_seconds())


def drive_run(
    offer: Offer, driver: SimDriver, site: SimSite, world: World, now: datetime
) -> Driven:
    """Drive a run that is claimed now, in the order in which it is planned."""
    plan, parking = offer.plan, site.forming.parking
    way = world.drive(driver.here, parking, now)
    # He sets out so as to be there when the plan begins; the road decides whether he is.
    sets_out_at = max(now, plan.starts_at - way.seconds * _SECOND)
    clock = sets_out_at + way.seconds * _SECOND
    clock, waits = _collect(offer, site, world, clock)
    here, loaded_m = parking, 0
    drops: list[Drop] = []
    path = [parking]
    for stop in plan.stops:
        if stop.delivery_id is None:
            continue
        order = offer.orders[stop.delivery_id]
        leg = world.drive(here, order.dropoff, clock)
        clock = max(clock + leg.seconds * _SECOND, order.window_from)
        drops.append(Drop(order, clock))
        clock += world.at_door_s(order) * _SECOND
        here = order.dropoff
        loaded_m += leg.metres
        path.append(here)
    earned = pay_total_minor(offer.lines(now)) + waits
    guarantee = guarantee_line(
        RULE,
        earned_minor=earned,
        taken_s=round((clock - now).total_seconds()),
        planned_s=plan.duration_s,
    )
    return Driven(
        drops=tuple(drops),
        path=tuple(path),
        claimed_at=now,
        started_at=sets_out_at,
        ended_at=clock,
        empty_m=way.metres,
        loaded_m=loaded_m,
        pay_minor=earned + (guarantee.amount_minor if guarantee is not None else 0),
    )


def _collect(offer: Offer, site: SimSite, world: World, at: datetime) -> tuple[datetime, int]:
    """Return when the driver is back at the car with everything, and what waiting paid."""
    forming = site.forming
    car, entrance = Spot(forming.parking, 0), Spot(forming.entrance, forming.entrance_floor)
    clock = at + world.parking_s(eta.PARKING_S + walk_s(car, entrance), at) * _SECOND
    here, waits = entrance, 0
    for stop in offer.plan.stops:
        if stop.kind is not StopKind.PICKUP:
            continue
        orders = [each for each in offer.orders.values() if each.store_id == stop.store_id]
        spot = orders[0].store_spot
        arrived_at = clock + world.walk_s(walk_s(here, spot), clock) * _SECOND
        begins_at = max(arrived_at, *(world.packed_at(each) for each in orders))
        line = waiting_line(
            RULE,
            stop.store_id or "",
            arrived_at=arrived_at,
            ready_at=max(each.ready_at for each in orders),
            done_at=begins_at,
        )
        waits += line.amount_minor if line is not None else 0
        clock = begins_at + world.at_counter_s(orders[0].store_id, clock, len(orders)) * _SECOND
        here = spot
    back_s = walk_s(here, entrance) + walk_s(entrance, car)
    return clock + world.walk_s(back_s, clock) * _SECOND, waits
