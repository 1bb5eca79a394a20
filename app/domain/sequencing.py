"""The order of stops in one run and when each is reached.

Stores are visited nearest next on foot, then doors nearest next by car.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import eta
from app.domain.geo import distance_m
from app.domain.run import StopKind
from app.domain.run_plan import FormingSite, OpenDelivery, PlannedStop, RunPlan
from app.domain.walking import Spot, walk_m, walk_s


@dataclass(frozen=True, slots=True)
class _Visit:
    """A store or a door on the way, with what the clock must respect there."""

    travel_s: int
    distance_m: int
    service_s: int
    deliveries: tuple[OpenDelivery, ...]


def plan_run(
    deliveries: Sequence[OpenDelivery], site: FormingSite, now: datetime, run_id: str | None = None
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

    Raises:
        ValueError: When there is no delivery.
    """
    if not deliveries:
        raise ValueError("a run needs a delivery")
    pickups, last_store = _pickup_visits(deliveries, site)
    doors = _door_visits(deliveries, site)
    car = Spot(site.parking, 0)
    entrance = Spot(site.entrance, site.entrance_floor)
    to_entrance_s = eta.PARKING_S + walk_s(car, entrance)
    to_car_s = walk_s(last_store, entrance) + walk_s(entrance, car)
    starts_at = _start(pickups, doors[0], now, (to_entrance_s, to_car_s))

    stops: list[PlannedStop] = []
    clock = starts_at + timedelta(seconds=to_entrance_s)
    for visit in pickups:
        clock += timedelta(seconds=visit.travel_s)
        stops.append(_stop(StopKind.PICKUP, visit, clock))
        clock += timedelta(seconds=visit.service_s)
    clock += timedelta(seconds=to_car_s)
    keeps_windows = True
    for visit in doors:
        delivery = visit.deliveries[0]
        clock = max(clock + timedelta(seconds=visit.travel_s), delivery.window_from)
        keeps_windows = keeps_windows and clock <= delivery.window_until
        stops.append(_stop(StopKind.DROPOFF, visit, clock))
        clock += timedelta(seconds=visit.service_s)
    return RunPlan(
        run_id=run_id,
        delivery_ids=tuple(visit.deliveries[0].id for visit in doors),
        stops=tuple(stops),
        starts_at=starts_at,
        duration_s=-((starts_at - clock) // timedelta(seconds=1)),
        distance_m=sum(visit.distance_m for visit in doors),
        parcel_count=sum(delivery.parcels for delivery in deliveries),
        window_from=min(delivery.window_from for delivery in deliveries),
        window_until=max(delivery.window_until for delivery in deliveries),
        keeps_windows=keeps_windows,
    )


def _pickup_visits(
    deliveries: Sequence[OpenDelivery], site: FormingSite
) -> tuple[list[_Visit], Spot]:
    """Return one visit per store, nearest next from the entrance, and where the last one is."""
    left: dict[str, list[OpenDelivery]] = {}
    for delivery in sorted(deliveries, key=lambda each: each.id):
        left.setdefault(delivery.store_id, []).append(delivery)
    here = Spot(site.entrance, site.entrance_floor)
    visits: list[_Visit] = []
    while left:
        start = here
        store_id = min(left, key=lambda each: (walk_s(start, left[each][0].store_spot), each))
        waiting = left.pop(store_id)
        here = waiting[0].store_spot
        visits.append(
            _Visit(
                walk_s(start, here),
                walk_m(start, here),
                eta.handover_s(len(waiting)),
                tuple(waiting),
            )
        )
    return visits, here


def _door_visits(deliveries: Sequence[OpenDelivery], site: FormingSite) -> list[_Visit]:
    """Return one visit per delivery, nearest next from the parking."""
    left = list(deliveries)
    here = site.parking
    visits: list[_Visit] = []
    while left:
        start = here
        delivery = min(left, key=lambda each: (distance_m(start, each.dropoff), each.id))
        left.remove(delivery)
        here = delivery.dropoff
        straight_m = distance_m(start, here)
        visits.append(
            _Visit(
                eta.travel_s(straight_m), eta.road_distance_m(straight_m), eta.DOOR_S, (delivery,)
            )
        )
    return visits


def _start(
    pickups: Sequence[_Visit], first_door: _Visit, now: datetime, ways_s: tuple[int, int]
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
    start, offset = now, timedelta(seconds=to_entrance_s)
    for visit in pickups:
        offset += timedelta(seconds=visit.travel_s)
        start = max(start, *(delivery.ready_at - offset for delivery in visit.deliveries))
        offset += timedelta(seconds=visit.service_s)
    offset += timedelta(seconds=to_car_s + first_door.travel_s)
    return max(start, first_door.deliveries[0].window_from - offset)


def _stop(kind: StopKind, visit: _Visit, planned_at: datetime) -> PlannedStop:
    """Return the visit as a stop of the plan."""
    first = visit.deliveries[0]
    return PlannedStop(
        kind=kind,
        store_id=first.store_id if kind is StopKind.PICKUP else None,
        delivery_id=first.id if kind is StopKind.DROPOFF else None,
        planned_at=planned_at,
        travel_s=visit.travel_s,
        distance_m=visit.distance_m,
        service_s=visit.service_s,
    )
