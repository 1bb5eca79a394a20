"""The order of stops in one run and when each is reached.

All stores are visited on foot, then all doors by car, in the order that is best: least total
lateness, then the earliest end, then the least walking and driving. Exact to eight orders, nearly
so beyond (`visiting.EXACT_MAX`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain import eta
from app.domain.collecting import Collected, Mall, collect_once, collect_with_returns
from app.domain.run import StopKind
from app.domain.run_plan import FormingSite, OpenDelivery, PlannedStop, RunPlan
from app.domain.tour import Cost, Tour, Visit
from app.domain.travel import TravelTimes, Way, estimate
from app.domain.visiting import EXACT_MAX, Found, Search
from app.domain.walking import Spot, walk_m, walk_s

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Stay:
    """A store or a door on the way, with what the clock must respect there."""

    travel_s: int
    distance_m: int
    service_s: int
    deliveries: tuple[OpenDelivery, ...]


def plan_run(
    deliveries: Sequence[OpenDelivery],
    site: FormingSite,
    now: datetime,
    run_id: str | None = None,
    travel: TravelTimes = estimate,
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
        travel: How long ways by car take.
        revisits: Whether a store may be visited again where that lessens the lateness. Stops do not
            say yet what is taken on which visit, so runs that people drive are planned without.

    Raises:
        ValueError: When there is no delivery.
    """
    if not deliveries:
        raise ValueError("a run needs a delivery")
    stores = _stores(deliveries)
    car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
    to_entrance_s = eta.PARKING_S + walk_s(car, entrance)
    to_car_s = walk_s(entrance, car)
    ordered = tuple(sorted(deliveries, key=lambda each: each.id))
    ways = _ways(ordered, site, now, travel)
    collected, found = _best(
        _mall(stores, entrance, to_car_s, now),
        _doors(ordered, ways, now),
        to_entrance_s,
        revisits=revisits,
    )
    pickups = _pickups(stores, collected, entrance)
    doors = _dropoffs(ordered, ways, found.order)
    back_s = walk_s(pickups[-1].deliveries[0].store_spot, entrance) + to_car_s
    starts_at = _start(pickups, doors[0], now, (to_entrance_s, back_s))
    return _plan(run_id, pickups, doors, starts_at, (to_entrance_s, back_s))


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
    stores: Sequence[Sequence[OpenDelivery]], entrance: Spot, to_car_s: int, now: datetime
) -> Mall:
    spots = [orders[0].store_spot for orders in stores]
    return Mall(
        ready_s=tuple(
            tuple(_seconds(delivery.ready_at - now) for delivery in orders) for orders in stores
        ),
        legs=tuple(tuple(walk_s(start, spot) for spot in spots) for start in (*spots, entrance)),
        ends=tuple(walk_s(spot, entrance) + to_car_s for spot in spots),
    )


def _ways(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, travel: TravelTimes
) -> list[list[Way]]:
    """Return the ways from door to door; the last row is from the car."""
    doors = [delivery.dropoff for delivery in deliveries]
    return [[travel(start, end, now) for end in doors] for start in (*doors, site.parking)]


def _doors(deliveries: Sequence[OpenDelivery], ways: list[list[Way]], now: datetime) -> Tour:
    return Tour(
        visits=tuple(
            Visit(
                _seconds(delivery.window_from - now),
                # A window ends within a second: the whole one before is in time.
                (delivery.window_until - now) // _SECOND,
                eta.DOOR_S,
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
    stores: Sequence[Sequence[OpenDelivery]], collected: Collected, entrance: Spot
) -> list[_Stay]:
    stays: list[_Stay] = []
    here = entrance
    left = [list(orders) for orders in stores]
    for store, count in collected.takes:
        taken, left[store] = left[store][:count], left[store][count:]
        spot = taken[0].store_spot
        stays.append(
            _Stay(walk_s(here, spot), walk_m(here, spot), eta.handover_s(count), tuple(taken))
        )
        here = spot
    return stays


def _dropoffs(
    deliveries: Sequence[OpenDelivery], ways: list[list[Way]], order: Sequence[int]
) -> list[_Stay]:
    return [
        _Stay(ways[last][door].seconds, ways[last][door].metres, eta.DOOR_S, (deliveries[door],))
        for last, door in pairwise((len(deliveries), *order))
    ]


def _plan(
    run_id: str | None,
    pickups: Sequence[_Stay],
    doors: Sequence[_Stay],
    starts_at: datetime,
    ways_s: tuple[int, int],
) -> RunPlan:
    """Walk and drive the stays in order, and tell when each is reached."""
    to_entrance_s, to_car_s = ways_s
    stops: list[PlannedStop] = []
    clock = starts_at + to_entrance_s * _SECOND
    for stay in pickups:
        clock += stay.travel_s * _SECOND
        stops.append(_stop(StopKind.PICKUP, stay, clock))
        clock += stay.service_s * _SECOND
    clock += to_car_s * _SECOND
    deliveries = [stay.deliveries[0] for stay in doors]
    keeps_windows = True
    for stay, delivery in zip(doors, deliveries, strict=True):
        clock = max(clock + stay.travel_s * _SECOND, delivery.window_from)
        keeps_windows = keeps_windows and clock <= delivery.window_until
        stops.append(_stop(StopKind.DROPOFF, stay, clock))
        clock += stay.service_s * _SECOND
    return RunPlan(
        run_id=run_id,
        delivery_ids=tuple(delivery.id for delivery in deliveries),
        stops=tuple(stops),
        starts_at=starts_at,
        duration_s=_seconds(clock - starts_at),
        distance_m=sum(stay.distance_m for stay in doors),
        parcel_count=sum(delivery.parcels for delivery in deliveries),
        window_from=min(delivery.window_from for delivery in deliveries),
        window_until=max(delivery.window_until for delivery in deliveries),
        keeps_windows=keeps_windows,
    )


def _start(
    pickups: Sequence[_Stay], first_door: _Stay, now: datetime, ways_s: tuple[int, int]
) -> datetime:
    """Return the earliest start, put off until nobody waits at a counter or at the first door.

    Putting the start off by the first wait moves no drop-off: the same instants are reached with
    less standing.

    Args:
        pickups: The stores in order.
        first_door: The first drop-off.
        now: The present.
        ways_s: Seconds from turning in to the entrance, and from the last store to the car.
    """
    to_entrance_s, to_car_s = ways_s
    start, offset = now, to_entrance_s * _SECOND
    for stay in pickups:
        offset += stay.travel_s * _SECOND
        start = max(start, *(delivery.ready_at - offset for delivery in stay.deliveries))
        offset += stay.service_s * _SECOND
    offset += (to_car_s + first_door.travel_s) * _SECOND
    return max(start, first_door.deliveries[0].window_from - offset)


def _stop(kind: StopKind, stay: _Stay, planned_at: datetime) -> PlannedStop:
    """Return the stay as a stop of the plan."""
    first = stay.deliveries[0]
    return PlannedStop(
        kind=kind,
        store_id=first.store_id if kind is StopKind.PICKUP else None,
        delivery_id=first.id if kind is StopKind.DROPOFF else None,
        planned_at=planned_at,
        travel_s=stay.travel_s,
        distance_m=stay.distance_m,
        service_s=stay.service_s,
    )
