"""What runs cost as they are and as they could be, and why an order is in its run.

For people who put runs together by hand: minutes, miles, pay and lateness, before they decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.geo import distance_m
from app.domain.pay import PayRule, pay_lines, pay_total_minor
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.sequencing import plan_run

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class RunCost:
    """What one run costs, or several together, or a difference.

    Attributes:
        duration_s: Seconds from turning into the mall to the end of the last drop-off.
        distance_m: Metres by road.
        pay_minor: What the operator pays a driver; tips are none of its cost.
        late_s: Seconds after the end of their windows, over all orders.
    """

    duration_s: int = 0
    distance_m: int = 0
    pay_minor: int = 0
    late_s: int = 0

    def plus(self, other: "RunCost") -> "RunCost":
        """Return what both cost together."""
        return RunCost(
            self.duration_s + other.duration_s,
            self.distance_m + other.distance_m,
            self.pay_minor + other.pay_minor,
            self.late_s + other.late_s,
        )

    def less(self, other: "RunCost") -> "RunCost":
        """Return how much more this costs than the other; below 0 where it costs less."""
        return RunCost(
            self.duration_s - other.duration_s,
            self.distance_m - other.distance_m,
            self.pay_minor - other.pay_minor,
            self.late_s - other.late_s,
        )


@dataclass(frozen=True, slots=True)
class Why:
    """Why one order is in its run.

    Attributes:
        delivery_id: Of the order.
        same_store: How many others of the run wait at the same counter.
        shared_window: What all windows of the run have in common; None when that is nothing.
        nearest_door_m: Great-circle metres to the nearest other door; None without another.
        here: What the run costs more because of it.
        alone: What it would cost in a run of its own.
    """

    delivery_id: str
    same_store: int
    shared_window: tuple[datetime, datetime] | None
    nearest_door_m: int | None
    here: RunCost
    alone: RunCost


def cost_of(plan: RunPlan, deliveries: Iterable[OpenDelivery], rule: PayRule) -> RunCost:
    """Return what a plan of these deliveries costs under a pay rule."""
    until = {each.id: each.window_until for each in deliveries}
    late = sum(
        (
            max(timedelta(0), stop.planned_at - until[stop.delivery_id])
            for stop in plan.stops
            if stop.delivery_id is not None
        ),
        timedelta(0),
    )
    lines = pay_lines(rule, plan.distance_m, len(plan.stops), {})
    return RunCost(plan.duration_s, plan.distance_m, pay_total_minor(lines), -(-late // _SECOND))


def cost_together(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, rule: PayRule
) -> RunCost:
    """Return what deliveries cost as one run; nothing costs nothing."""
    if not deliveries:
        return RunCost()
    return cost_of(plan_run(deliveries, site, now), deliveries, rule)


def why_together(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, rule: PayRule
) -> tuple[Why, ...]:
    """Return for each order of a run why it is there, in the order given."""
    whole = cost_together(deliveries, site, now, rule)
    shared = _shared_window(deliveries)
    found: list[Why] = []
    for each in deliveries:
        rest = [other for other in deliveries if other.id != each.id]
        doors = [distance_m(each.dropoff, other.dropoff) for other in rest]
        found.append(
            Why(
                delivery_id=each.id,
                same_store=sum(other.store_id == each.store_id for other in rest),
                shared_window=shared,
                nearest_door_m=round(min(doors)) if doors else None,
                here=whole.less(cost_together(rest, site, now, rule)),
                alone=cost_together([each], site, now, rule),
            )
        )
    return tuple(found)


def _shared_window(deliveries: Sequence[OpenDelivery]) -> tuple[datetime, datetime] | None:
    since = max((each.window_from for each in deliveries), default=None)
    until = min((each.window_until for each in deliveries), default=None)
    return (since, until) if since is not None and until is not None and since < until else None
