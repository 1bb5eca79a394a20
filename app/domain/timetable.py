"""When each stop of a run is reached whose order is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.run import StopKind
from app.domain.run_plan import OpenDelivery, PlannedStop, RunPlan

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A store or a door on the way, with what the clock must respect there."""

    travel_s: int
    distance_m: int
    service_s: int
    deliveries: tuple[OpenDelivery, ...]


def timetable(
    run_id: str | None,
    pickups: Sequence[Stay],
    doors: Sequence[Stay],
    now: datetime,
    ways_s: tuple[int, int],
) -> RunPlan:
    """Walk and drive the stays in order, and tell when each is reached.

    Args:
        run_id: The offered run that is planned again, if it is one.
        pickups: The stores in order, at least one.
        doors: The drop-offs in order, at least one.
        now: The present; the run starts no earlier.
        ways_s: Seconds from turning in to the entrance, and from the last store to the car.
    """
    starts_at = _start(pickups, doors[0], now, ways_s)
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
        duration_s=-((starts_at - clock) // _SECOND),
        distance_m=sum(stay.distance_m for stay in doors),
        parcel_count=sum(delivery.parcels for delivery in deliveries),
        window_from=min(delivery.window_from for delivery in deliveries),
        window_until=max(delivery.window_until for delivery in deliveries),
        keeps_windows=keeps_windows,
    )


def _start(
    pickups: Sequence[Stay], first_door: Stay, now: datetime, ways_s: tuple[int, int]
) -> datetime:
    """Return the earliest start, put off until nobody waits at a counter or at the first door.

    Putting the start off by the first wait moves no drop-off: the same instants are reached with
    less standing.
    """
    to_entrance_s, to_car_s = ways_s
    start, offset = now, to_entrance_s * _SECOND
    for stay in pickups:
        offset += stay.travel_s * _SECOND
        start = max(start, *(delivery.ready_at - offset for delivery in stay.deliveries))
        offset += stay.service_s * _SECOND
    offset += (to_car_s + first_door.travel_s) * _SECOND
    return max(start, first_door.deliveries[0].window_from - offset)


def _stop(kind: StopKind, stay: Stay, planned_at: datetime) -> PlannedStop:
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
