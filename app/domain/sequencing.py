"""The order of stops in one run and when each is reached.

All stores are visited on foot, then all doors by car, in the order that is best: least total
lateness, then the earliest end, then the least walking and driving. Exact to eight orders, nearly
so beyond (`visiting.EXACT_MAX`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.collecting import Collected, Mall, collect_once, collect_with_returns
from app.domain.learned import SiteTimes
from app.domain.run_plan import FormingSite, OpenDelivery, RunPlan
from app.domain.timetable import Stay, timetable
from app.domain.tour import Cost, Tour, Visit
from app.domain.travel import TravelTimes, Way
from app.domain.visiting import EXACT_MAX, Found, Search
from app.domain.walking import Spot, walk_m

_SECOND = timedelta(seconds=1)


def plan_run(
    deliveries: Sequence[OpenDelivery],
    site: FormingSite,
    now: datetime,
    run_id: str | None = None,
    travel: TravelTimes | None = None,
    *,
    revisits: bool = False,
) -> RunPlan:
    """Plan one run: park, walk the stores, walk back, drive the doors.

    Nobody waits at a counter or at the first door: the start is put off instead. At a later door
    whose window has not begun the driver waits. A window that cannot be kept any more is missed and
    told by `keeps_windows`.

    Args:
        deliveries: At least one, each once; their order does not matter.
        site: Where the run begins.
        now: The present; the run starts no earlier.
        run_id: The offered run that is planned again, if it is one.
        travel: How long ways by car take; None asks the site.
        revisits: Whether a store may be visited again where that lessens the lateness. Stops do not
            say yet what is taken on which visit, so runs that people drive are planned without.

    Raises:
        ValueError: When there is no delivery.
    """
    if not deliveries:
        raise ValueError("a run needs a delivery")
    stores, times = _stores(deliveries), site.times
    car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
    to_entrance_s = times.parking_s(car, entrance)
    to_car_s = times.walk_s(entrance, car)
    ordered = tuple(sorted(deliveries, key=lambda each: each.id))
    ways = _ways(ordered, site, now, travel or site.travel)
    collected, found = _best(
        _mall(stores, entrance, to_car_s, now, times),
        _doors(ordered, ways, now, times),
        to_entrance_s,
        revisits=revisits,
    )
    pickups = _pickups(stores, collected, entrance, times)
    doors = _dropoffs(ordered, ways, found.order, times)
    back_s = times.walk_s(pickups[-1].deliveries[0].store_spot, entrance) + to_car_s
    return timetable(run_id, pickups, doors, now, (to_entrance_s, back_s))


def _best(mall: Mall, doors: Tour, start_s: int, *, revisits: bool) -> tuple[Collected, Found]:
    """Return the best way through the stores and the best order of doors after it."""
    search = Search(doors)
    ways = collect_once(mall, start_s)
    if len(doors.visits) > EXACT_MAX:
        # The ways between the earliest and the least work differ by seconds.
        ways = [ways[0], *ways[1:][-1:]]
    found = search.best([_collected_cost(way) for way in ways])
    best_way = ways[found.start]
    if not found.cost.late_s or not revisits:
        return best_way, found
    # A further visit must pay in lateness, whatever else it saves.
    bound = Cost(found.cost.late_s, 0, 0)
    again = collect_with_returns(mall, start_s, ways[0].ends_s)
    for way in again if len(doors.visits) <= EXACT_MAX else again[:1]:
        better = search.better(_collected_cost(way), bound)
        if better is not None:
            best_way, found, bound = way, better, better.cost
    return best_way, found


def _collected_cost(way: Collected) -> Cost:
    return Cost(0, way.ends_s, way.work_s)


def _stores(deliveries: Sequence[OpenDelivery]) -> list[list[OpenDelivery]]:
    """Return the orders of each store, those ready first in front; stores by their id."""
    by_store: dict[str, list[OpenDelivery]] = {}
    for delivery in sorted(deliveries, key=lambda each: (each.ready_at, each.id)):
        by_store.setdefault(delivery.store_id, []).append(delivery)
    return [by_store[store_id] for store_id in sorted(by_store)]


def _mall(
    stores: Sequence[Sequence[OpenDelivery]],
    entrance: Spot,
    to_car_s: int,
    now: datetime,
    times: SiteTimes,
) -> Mall:
    spots = [orders[0].store_spot for orders in stores]
    return Mall(
        ready_s=tuple(
            tuple(_seconds(delivery.ready_at - now) for delivery in orders) for orders in stores
        ),
        legs=tuple(
            tuple(times.walk_s(start, spot) for spot in spots) for start in (*spots, entrance)
        ),
        ends=tuple(times.walk_s(spot, entrance) + to_car_s for spot in spots),
        counter_s=tuple(
            tuple(times.counter_s(orders[0].store_id, count) for count in range(1, len(orders) + 1))
            for orders in stores
        ),
    )


def _ways(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, travel: TravelTimes
) -> list[list[Way]]:
    """Return the ways from door to door, about when they are driven; the last row is from the car.

    A run for later starts so that its first window has begun.
    """
    doors = [delivery.dropoff for delivery in deliveries]
    at = max(now, min(delivery.window_from for delivery in deliveries))
    return [[travel(start, end, at) for end in doors] for start in (*doors, site.parking)]


def _doors(
    deliveries: Sequence[OpenDelivery], ways: list[list[Way]], now: datetime, times: SiteTimes
) -> Tour:
    return Tour(
        visits=tuple(
            Visit(
                _seconds(delivery.window_from - now),
                # A window ends within a second: the whole one before is in time.
                (delivery.window_until - now) // _SECOND,
                times.door_s(delivery.proof),
            )
            for delivery in deliveries
        ),
        legs=tuple(tuple(way.seconds for way in row) for row in ways),
        ends=(0,) * len(deliveries),
    )


def _seconds(span: timedelta) -> int:
    """Return whole seconds, rounded up: nothing begins too early by rounding."""
    return -(-span // _SECOND)


def _pickups(
    stores: Sequence[Sequence[OpenDelivery]],
    collected: Collected,
    entrance: Spot,
    times: SiteTimes,
) -> list[Stay]:
    stays: list[Stay] = []
    here = entrance
    left = [list(orders) for orders in stores]
    for store, count in collected.takes:
        taken, left[store] = left[store][:count], left[store][count:]
        spot = taken[0].store_spot
        service_s = times.counter_s(taken[0].store_id, count)
        stays.append(Stay(times.walk_s(here, spot), walk_m(here, spot), service_s, tuple(taken)))
        here = spot
    return stays


def _dropoffs(
    deliveries: Sequence[OpenDelivery],
    ways: list[list[Way]],
    order: Sequence[int],
    times: SiteTimes,
) -> list[Stay]:
    return [
        Stay(
            ways[last][door].seconds,
            ways[last][door].metres,
            times.door_s(deliveries[door].proof),
            (deliveries[door],),
        )
        for last, door in pairwise((len(deliveries), *order))
    ]
