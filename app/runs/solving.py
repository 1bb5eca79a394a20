"""Groups of orders for runs, proposed by PyVRP: the whole mall as one routing problem.

The mall is the depot and the way ends open at the last door. Collecting is there as far as a depot
can know it: parcels are released when they are ready and carried to the car, and each order adds
its handing over. What a proposal is worth is judged by the domain's own plans, so nothing here has
to be exact. The same input gives the same answer: the search ends after a number of rounds, never
by the clock, and it lets other threads go on while it lasts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxIterations

from app.domain.forming import ORDERS_MAX
from app.domain.group_costs import RUN_COST_S
from app.domain.run_plan import FormingSite, OpenDelivery
from app.domain.travel import TravelTimes, estimate
from app.domain.vehicle import LARGEST_L
from app.domain.walking import Spot

_SEED: Final = 1
#: Rounds of the search for so many orders; 200 orders take about three seconds.
_ROUNDS_MAX: Final = 2_000
_ROUNDS_MIN: Final = 200
_ROUND_ORDERS: Final = 200_000
#: Later than any window of a day.
_LONG_S: Final = 7 * 24 * 3600


def propose(
    deliveries: Sequence[OpenDelivery],
    site: FormingSite,
    now: datetime,
    travel: TravelTimes = estimate,
) -> list[list[str]]:
    """Return groups of the ids of orders that are to travel together.

    An order that would be late even alone is a group of its own: the search would otherwise trade
    it against the others.

    Args:
        deliveries: Orders of one site.
        site: Where the runs begin.
        now: The present.
        travel: How long ways by car take.
    """
    within = [each for each in deliveries if _can_be_in_time(each, site, now, travel)]
    hopeless = [[each.id] for each in deliveries if each not in within]
    if len(within) < 2:
        return [*hopeless, *([each.id] for each in within)]
    result = solve(
        _problem(within, site, now, travel),
        MaxIterations(max(_ROUNDS_MIN, min(_ROUNDS_MAX, _ROUND_ORDERS // len(within)))),
        seed=_SEED,
        collect_stats=False,
        display=False,
    )
    return [
        *hopeless,
        *(
            [within[each.idx].id for each in route if each.is_client()]
            for route in result.best.routes()
        ),
    ]


def _can_be_in_time(
    delivery: OpenDelivery, site: FormingSite, now: datetime, travel: TravelTimes
) -> bool:
    leg = travel(site.parking, delivery.dropoff, now).seconds
    return _released_s(delivery, site, now) + leg <= _latest_s(delivery, now)


def _problem(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, travel: TravelTimes
) -> ProblemData:
    """Return the routing problem; the depot is location 0, orders follow in their order."""
    times = site.times
    points = [site.parking, *(each.dropoff for each in deliveries)]
    # PyVRP's types name an array's length where numpy names its shape.
    durations: Any = np.array(
        # The way back costs nothing: a run ends at its last door.
        [[0, *(travel(start, end, now).seconds for end in points[1:])] for start in points],
        dtype=np.int64,
    )
    np.fill_diagonal(durations, 0)
    clients = [
        Client(
            number,
            delivery=[1, each.litres],
            service_duration=times.door_s(each.proof) + times.next_order_s(each.store_id),
            tw_early=max(0, _seconds(each.window_from - now)),
            tw_late=_latest_s(each, now),
            release_time=_released_s(each, site, now),
        )
        for number, each in enumerate(deliveries, start=1)
    ]
    vehicle = VehicleType(
        num_available=len(deliveries),
        capacity=[ORDERS_MAX, LARGEST_L],
        fixed_cost=RUN_COST_S,
        tw_late=_LONG_S,
        unit_distance_cost=0,
        unit_duration_cost=1,
    )
    return ProblemData(
        [Location(point.lon_deg, point.lat_deg) for point in points],
        clients,
        [Depot(0)],
        [vehicle],
        [durations],
        [durations],
    )


def _released_s(delivery: OpenDelivery, site: FormingSite, now: datetime) -> int:
    """Return when an order can leave the mall at the earliest, in seconds from now."""
    car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
    times, counter = site.times, delivery.store_spot
    in_s = times.parking_s(car, entrance) + times.walk_s(entrance, counter)
    out_s = times.walk_s(counter, entrance) + times.walk_s(entrance, car)
    reached_s = max(in_s, _seconds(delivery.ready_at - now))
    return reached_s + times.counter_s(delivery.store_id, 1) + out_s


def _latest_s(delivery: OpenDelivery, now: datetime) -> int:
    return max(0, (delivery.window_until - now) // timedelta(seconds=1))


def _seconds(span: timedelta) -> int:
    return -(-span // timedelta(seconds=1))
