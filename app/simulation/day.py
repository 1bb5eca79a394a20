"""One site's simulated day, minute by minute: orders come, runs are shown, claimed and driven."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.geo import Point
from app.domain.lapse import GRACE, Verdict, Watched, verdict
from app.domain.position import Fix
from app.domain.run_plan import OpenDelivery
from app.domain.travel import TravelTimes
from app.simulation.demand import Order, local, orders_of
from app.simulation.driving import Driven, drive_run
from app.simulation.fleet import SimDriver, drivers_of
from app.simulation.offers import Offer
from app.simulation.places import SimSite
from app.simulation.policies import Policy
from app.simulation.world import World

_MINUTE: Final = timedelta(minutes=1)
#: Local hours between which anything happens.
_FROM_HOUR: Final = 6
_UNTIL_HOUR: Final = 24
#: A standing phone tells its position this often.
_FIX_EVERY: Final = timedelta(minutes=2)
#: A driver whose claim has lapsed looks at nothing for so long.
_AWAY_FOR: Final = timedelta(hours=1)


@dataclass(slots=True)
class SiteDay:
    """What came of a site's day.

    Attributes:
        orders: All of them.
        runs: Those that were driven.
        lapsed: Claims that lapsed.
    """

    orders: list[Order]
    runs: list[Driven] = field(default_factory=list[Driven])
    lapsed: int = 0


@dataclass(frozen=True, slots=True)
class _Idle:
    """A claim whose driver stands still."""

    offer: Offer
    driver: SimDriver
    claimed_at: datetime
    lapses_at: datetime | None = None

    def watched(self, site: Point, now: datetime) -> Watched:
        """Return what is known of the driver: he stands where he was."""
        count = (now - self.claimed_at) // _FIX_EVERY
        fixes = [
            Fix(
                self.driver.here.lat_deg,
                self.driver.here.lon_deg,
                10.0,
                self.claimed_at + number * _FIX_EVERY,
            )
            for number in range(1, count + 1)
        ]
        first = self.offer.plan.stops[0].planned_at
        return Watched(self.claimed_at, first, None, self.lapses_at, site, fixes)


def simulate_site(
    site: SimSite, seed: int, policy: Policy, world: World, travel: TravelTimes
) -> SiteDay:
    """Return a site's day under one way of forming runs."""
    day = SiteDay(orders_of(site, seed))
    drivers = drivers_of(site, seed)
    idle: list[_Idle] = []
    coming = iter(day.orders)
    following = next(coming, None)
    for now in _minutes(site):
        placed: list[OpenDelivery] = []
        while following is not None and following.placed_at <= now:
            placed.append(following.open)
            following = next(coming, None)
        policy.placed(placed, now)
        idle = [left for each in idle for left in _look(each, policy, day, site, now)]
        for driver, offer in _claims(drivers, policy, world, site, travel, now):
            policy.taken(offer)
            if world.is_idle(driver.id, now):
                driver.free_at = driver.until
                idle.append(_Idle(offer, driver, now))
                continue
            driven = drive_run(offer, driver, site, world, now)
            driver.here, driver.free_at = driven.ends_at_point, driven.ended_at
            day.runs.append(driven)
    return day


def _minutes(site: SimSite) -> Iterator[datetime]:
    now = local(site, _FROM_HOUR)
    while now < local(site, _UNTIL_HOUR):
        yield now
        now += _MINUTE


def _look(
    claim: _Idle, policy: Policy, day: SiteDay, site: SimSite, now: datetime
) -> Iterator[_Idle]:
    """Do what is due about a claim without progress; yield it while it lives."""
    match verdict(claim.watched(site.forming.parking, now), now):
        case Verdict.WARN:
            # As in `runs.lapsing`: warned now, lapsed after the grace.
            yield _Idle(claim.offer, claim.driver, claim.claimed_at, now + GRACE)
        case Verdict.LAPSE:
            day.lapsed += 1
            claim.driver.free_at = now + _AWAY_FOR
            policy.given_back(claim.offer, now)
        case _:
            yield claim


def _claims(
    drivers: list[SimDriver],
    policy: Policy,
    world: World,
    site: SimSite,
    travel: TravelTimes,
    now: datetime,
) -> Iterator[tuple[SimDriver, Offer]]:
    """Yield who claims what in this minute: the nearest driver chooses first what pays best."""
    offers = policy.offers(now)
    if not offers:
        return
    parking = site.forming.parking
    free = sorted(
        (travel(driver.here, parking, now).seconds, driver.id, driver)
        for driver in drivers
        if driver.is_free(now) and world.reacts(driver.id, now)
    )
    for _way, _name, driver in free:
        wanted = [
            (pays, -number)
            for number, offer in enumerate(offers)
            if (pays := driver.wants(offer, parking, now, travel)) is not None
        ]
        if wanted:
            yield driver, offers.pop(-max(wanted)[1])
