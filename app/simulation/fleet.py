"""Drivers of a simulated day: where they begin, when they work, and what they take."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.domain.geo import Point
from app.domain.travel import TravelTimes
from app.simulation.demand import local
from app.simulation.offers import Offer
from app.simulation.places import SimSite

#: Hours of the day at which shifts may begin, and how long they last.
_SHIFT_STARTS: Final = (8.5, 10.5, 11.5, 13.0, 14.0, 15.0, 15.5, 16.0)
_SHIFT_HOURS: Final = (5, 6, 7)
#: The day's last shift ends.
_LAST_HOUR: Final = 22.0
#: A driver does not take what pays less than so much an hour, minor units; each has an own bound.
_LEAST_PAY: Final = (1_000, 1_700)
#: A run may end so long after the shift.
_OVERTIME: Final = timedelta(minutes=20)


@dataclass(slots=True)
class SimDriver:
    """A driver.

    Attributes:
        id: Of the driver.
        here: Where he is; at first at home.
        from_at: When the shift begins.
        until: When it ends.
        free_at: From when he can take a run.
        least_minor: What an hour must pay.
    """

    id: str
    here: Point
    from_at: datetime
    until: datetime
    free_at: datetime
    least_minor: int

    def is_free(self, now: datetime) -> bool:
        """Tell whether the driver is on shift and without a run."""
        return self.free_at <= now < self.until

    def wants(self, offer: Offer, site: Point, now: datetime, travel: TravelTimes) -> float | None:
        """Return what an offer pays an hour, minor units, or None when he does not take it."""
        way_s = travel(self.here, site, now).seconds
        begins_at = max(offer.plan.starts_at, now + timedelta(seconds=way_s))
        ends_at = begins_at + timedelta(seconds=offer.plan.duration_s)
        if ends_at > self.until + _OVERTIME:
            return None
        busy_s = way_s + offer.plan.duration_s
        hourly = offer.pay_minor(now) * 3_600 / busy_s
        return hourly if hourly >= self.least_minor else None


def drivers_of(site: SimSite, seed: int) -> list[SimDriver]:
    """Return the drivers of a site."""
    chance = Random(f"{seed}/drivers/{site.key}")  # noqa: S311 - A simulation, no secret.
    return [_driver(site, number, chance) for number in range(site.driver_count)]


def _driver(site: SimSite, number: int, chance: Random) -> SimDriver:
    # In turn, so that no hour of the day is left without anybody by chance.
    start = _SHIFT_STARTS[number % len(_SHIFT_STARTS)]
    end = min(_LAST_HOUR, start + chance.choice(_SHIFT_HOURS))
    return SimDriver(
        id=f"{site.key}_driver_{number:02}",
        here=chance.choice(site.doors),
        from_at=local(site, start),
        until=local(site, end),
        free_at=local(site, start),
        least_minor=chance.randint(*_LEAST_PAY),
    )
