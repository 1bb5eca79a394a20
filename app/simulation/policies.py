"""Ways of putting orders into runs: the product's own, and a run for each order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from app.domain.forming import OfferedRun, form
from app.domain.group_costs import RUN_COST_S, WAITING_RUN_COST_S, Memory
from app.domain.holding import shown_at
from app.domain.lapse import SETS_OUT_BEFORE
from app.domain.regrouping import Scope, regroup
from app.domain.run_plan import OpenDelivery, RunPlan
from app.domain.sequencing import plan_run
from app.domain.travel import TravelTimes
from app.simulation.offers import Offer
from app.simulation.places import SimSite


@dataclass(frozen=True, slots=True)
class Stage:
    """What every way of forming works with."""

    site: SimSite
    travel: TravelTimes


class Policy(Protocol):
    """Puts orders into runs and shows these to drivers. A run that is taken is out of its hands."""

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Take orders that were placed just now; called each minute, with none as well."""
        ...

    def offers(self, now: datetime) -> list[Offer]:
        """Return what drivers may claim now."""
        ...

    def taken(self, offer: Offer) -> None:
        """Forget a run that was claimed."""
        ...

    def given_back(self, offer: Offer, now: datetime) -> None:
        """Put a run on offer again whose claim has lapsed."""
        ...


class Shown:
    """Runs by id, and since when drivers see them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._orders: dict[str, tuple[OpenDelivery, ...]] = {}
        self._plans: dict[str, RunPlan] = {}
        self._opens: dict[str, datetime] = {}
        self._count = 0

    def offers(self, now: datetime) -> list[Offer]:
        """Return the runs whose time has come, the longest open first."""
        due = sorted((at, run_id) for run_id, at in self._opens.items() if at <= now)
        return [
            Offer(run_id, self._plans[run_id], {each.id: each for each in self._orders[run_id]}, at)
            for at, run_id in due
        ]

    def taken(self, offer: Offer) -> None:
        """Forget a run that was claimed."""
        del self._orders[offer.id], self._plans[offer.id], self._opens[offer.id]

    def given_back(self, offer: Offer, now: datetime) -> None:
        """Put a run on offer again, at once."""
        orders = tuple(offer.orders[each] for each in sorted(offer.orders))
        plan = plan_run(orders, self._stage.site.forming, now, offer.id, self._stage.travel)
        self._put(plan, orders, now)

    def _put(self, plan: RunPlan, orders: tuple[OpenDelivery, ...], at: datetime) -> str:
        run_id = plan.run_id
        if run_id is None:
            self._count += 1
            run_id = f"run_{self._count:05}"
        self._orders[run_id], self._plans[run_id], self._opens[run_id] = orders, plan, at
        return run_id


#: Every so many minutes the whole is looked at. The product does it a minute after new orders.
_WHOLE_EVERY_MIN: Final = 10


class Formed(Shown):
    """As the product does it where runs wait: a place at once, a look at what changed each minute.

    A run is shown when its last safe start is near.
    """

    #: What a run of its own counts for.
    run_cost_s = WAITING_RUN_COST_S

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._memory = Memory(self.run_cost_s)

    def opens_at(self, plan: RunPlan, orders: Sequence[OpenDelivery], now: datetime) -> datetime:
        """Return when drivers are to see a run."""
        return shown_at(plan, {each.id: each.window_until for each in orders}, now) or now

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Form runs with the new orders, then look for better places around them or for all."""
        whole = now.minute % _WHOLE_EVERY_MIN == 0
        if not orders and not whole:
            return
        known = {each.id: each for rows in self._orders.values() for each in rows}
        known |= {each.id: each for each in orders}
        site, travel = self._stage.site.forming, self._stage.travel
        plans = form(orders, self._offered(), site, now, travel)
        self._write(plans, known, now)
        around = None if whole else {each for plan in plans for each in plan.delivery_ids}
        scope = Scope(self._memory, around)
        change = regroup(self._offered(), site, now, travel=travel, scope=scope)
        for run_id in change.emptied:
            del self._orders[run_id], self._plans[run_id], self._opens[run_id]
        self._write(change.plans, known, now)

    def _offered(self) -> list[OfferedRun]:
        return [OfferedRun(run_id, orders) for run_id, orders in self._orders.items()]

    def _write(
        self, plans: Sequence[RunPlan], known: Mapping[str, OpenDelivery], now: datetime
    ) -> None:
        for plan in plans:
            orders = tuple(known[each] for each in plan.delivery_ids)
            self._put(plan, orders, self.opens_at(plan, orders, now))


class AtOnce(Formed):
    """As the product does it where runs do not wait: drivers see them as soon as they are there."""

    run_cost_s = RUN_COST_S

    def opens_at(
        self,
        plan: RunPlan,  # noqa: ARG002 - It is never looked at.
        orders: Sequence[OpenDelivery],  # noqa: ARG002 - As above.
        now: datetime,
    ) -> datetime:
        """Return the present."""
        return now


class OneEach(Shown):
    """A run for each order, shown half an hour before it can start."""

    def placed(self, orders: Sequence[OpenDelivery], now: datetime) -> None:
        """Make a run of each new order."""
        for order in orders:
            plan = plan_run([order], self._stage.site.forming, now, None, self._stage.travel)
            self._put(plan, (order,), max(now, plan.starts_at - SETS_OUT_BEFORE))
