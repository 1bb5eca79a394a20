"""Whether the same-day promise is kept: each order asks it when it is placed.

A customer who is promised the day gets an order that is planned as the hosted checkout's are, and
looks at the end of the window that was promised; one who is not keeps the window of the
simulated day, and loads the drivers all the same. What the promise counts on is what the product
knows at that minute: who is on duty and until when, and how many orders are open by plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.geo import METRES_PER_MILE, distance_m
from app.domain.opening import USUAL
from app.domain.promise import Circumstances, Plan, Promise, promise
from app.domain.run_plan import OpenDelivery
from app.domain.travel import TravelTimes, free_flow
from app.simulation.day import simulate_site
from app.simulation.fleet import drivers_of
from app.simulation.offers import Offer
from app.simulation.places import Kind, SimSite
from app.simulation.policies import Formed, Policy, Stage
from app.simulation.world import World

#: How far deliveries go.
_REACH_M: Final = 10 * METRES_PER_MILE


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of promises.

    Attributes:
        asked: Orders of malls; elsewhere parcels come in first and nothing is promised.
        promised: Those that were told "today".
        missed: Of these, the ones that were late or not delivered at all.
    """

    asked: int
    promised: int
    missed: int

    @property
    def missed_share(self) -> float:
        """Of the promised ones, those that were missed."""
        return self.missed / max(1, self.promised)


class Promised:
    """A way of forming runs whose customers ask for the promise first."""

    def __init__(self, stage: Stage, seed: int, inner: Policy) -> None:
        self._stage, self._inner = stage, inner
        self._shifts = [(each.from_at, each.until) for each in drivers_of(stage.site, seed)]
        self._waiting: set[str] = set()
        #: When orders on their way are at their door, by plan.
        self._doors: dict[str, datetime] = {}
        self.windows: dict[str, datetime] = {}

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Ask for each order, one after another, and hand them on with the window they got."""
        taken: list[OpenDelivery] = []
        for order in orders:
            said = self._ask(order, now)
            taken.append(self._as_promised(order, said.plan) if said.plan is not None else order)
            self._waiting.add(order.id)
        self._inner.placed(taken, now)

    def offers(self, now: datetime) -> list[Offer]:
        """Return what drivers may claim now."""
        return self._inner.offers(now)

    def taken(self, offer: Offer) -> None:
        """Note that a run's orders are on their way."""
        self._waiting -= set(offer.orders)
        for stop in offer.plan.stops:
            if stop.delivery_id is not None:
                self._doors[stop.delivery_id] = stop.planned_at
        self._inner.taken(offer)

    def given_back(self, offer: Offer, now: datetime) -> None:
        """Note that a run's orders wait again."""
        self._waiting |= set(offer.orders)
        for order_id in offer.orders:
            self._doors.pop(order_id, None)
        self._inner.given_back(offer, now)

    def _ask(self, order: OpenDelivery, now: datetime) -> Promise:
        site = self._stage.site
        under_way = sum(at > now for at in self._doors.values())
        return promise(
            Circumstances(
                now=now,
                timezone=site.zone,
                hours=USUAL,
                away_m=distance_m(order.store_point, order.dropoff),
                reach_m=_REACH_M,
                drive_s=self._stage.travel(order.store_point, order.dropoff, now).seconds,
                shifts=tuple(until for since, until in self._shifts if since <= now < until),
                open_orders=len(self._waiting) + under_way,
            )
        )

    def _as_promised(self, order: OpenDelivery, plan: Plan) -> OpenDelivery:
        self.windows[order.id] = plan.window_until
        return replace(
            order,
            ready_at=plan.ready_at,
            window_from=plan.window_from,
            window_until=plan.planned_until,
        )


def kept_at(site: SimSite, seed: int, travel: TravelTimes) -> Kept:
    """Return what became of the promises of a mall's day."""
    stage = Stage(site, travel)
    policy = Promised(stage, seed, Formed(stage))
    day = simulate_site(site, seed, policy, World(seed, travel), travel)
    arrived = {drop.order.id: drop for run in day.runs for drop in run.drops}
    missed = sum(
        order_id not in arrived or arrived[order_id].at > promised_until
        for order_id, promised_until in policy.windows.items()
    )
    return Kept(len(day.orders), len(policy.windows), missed)


def kept(sites: Sequence[SimSite], seed: int) -> Kept:
    """Return what became of the promises of a day at all malls among some sites."""
    days = [kept_at(site, seed, free_flow(site.area)) for site in sites if site.kind is Kind.MALL]
    return Kept(
        sum(day.asked for day in days),
        sum(day.promised for day in days),
        sum(day.missed for day in days),
    )
