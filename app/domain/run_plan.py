"""What forming reads and writes: open deliveries and a site in, planned stops and runs out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.delivery import ProofKind
from app.domain.geo import Point
from app.domain.learned import DEFAULT_TIMES, SiteTimes
from app.domain.run import StopKind
from app.domain.travel import TravelTimes, estimate
from app.domain.walking import Spot


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery as far as forming needs it.

    Attributes:
        id: Of the delivery.
        store_id: Where its parcels wait.
        store_point: Where that store is.
        floor: The store's floor; 0 is at ground level.
        dropoff: The customer's door.
        window_from: Earliest instant at the door, aware.
        window_until: Latest instant at the door, aware and after `window_from`.
        ready_at: When the parcels are packed at the latest, aware.
        parcels: How many, 1 or more.
        litres: Room that all of them need in a vehicle.
        proof: What the store wants at the door.
    """

    id: str
    store_id: str
    store_point: Point
    floor: int
    dropoff: Point
    window_from: datetime
    window_until: datetime
    ready_at: datetime
    parcels: int
    litres: int = 0
    proof: ProofKind = ProofKind.NONE

    @property
    def store_spot(self) -> Spot:
        """Where the counter is, for walking."""
        return Spot(self.store_point, self.floor)


@dataclass(frozen=True, slots=True)
class FormingSite:
    """Where runs of one site begin.

    Attributes:
        entrance: The way in.
        parking: Where to leave the car, at ground level.
        entrance_floor: Floor on which the entrance is; 0 is at ground level.
        times: How long things take there.
        travel: How long ways by car take around it.
    """

    entrance: Point
    parking: Point
    entrance_floor: int = 0
    times: SiteTimes = DEFAULT_TIMES
    travel: TravelTimes = field(default=estimate, compare=False)


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A visit that is planned. Exactly one of `store_id` and `delivery_id` is set.

    Attributes:
        kind: Pickup or drop-off.
        store_id: The store of a pickup.
        delivery_id: The delivery of a drop-off.
        planned_at: When the work at the stop begins, UTC.
        travel_s: Walk from the entrance or the store before; drive from the parking or the door
            before. The way between car and stores is in `planned_at` only.
        distance_m: Metres on foot for a pickup, by road for a drop-off.
        service_s: Seconds of work at the stop.
    """

    kind: StopKind
    store_id: str | None
    delivery_id: str | None
    planned_at: datetime
    travel_s: int
    distance_m: int
    service_s: int


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run as planned.

    Attributes:
        run_id: The offered run that changes, or None for a new one.
        delivery_ids: What it carries, in order of the drop-offs.
        stops: All pickups, then all drop-offs, in order.
        starts_at: When the driver turns into the mall, UTC; as late as no drop-off suffers.
        duration_s: From there to the end of the last drop-off.
        distance_m: Metres by road from the site to the last drop-off; walks are not counted.
        parcel_count: Parcels of all deliveries.
        window_from: Earliest begin of a delivery window.
        window_until: Latest end of one.
        keeps_windows: Whether every door is reached before its window ends.
    """

    run_id: str | None
    delivery_ids: tuple[str, ...]
    stops: tuple[PlannedStop, ...]
    starts_at: datetime
    duration_s: int
    distance_m: int
    parcel_count: int
    window_from: datetime
    window_until: datetime
    keeps_windows: bool

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end, rounded up."""
        return -(-self.duration_s // 60)


def slack(plan: RunPlan, deliveries: Mapping[str, OpenDelivery]) -> timedelta:
    """Return by how much a run can start later without missing a window; never below zero."""
    spare = [
        deliveries[stop.delivery_id].window_until - stop.planned_at
        for stop in plan.stops
        if stop.delivery_id is not None
    ]
    return max(timedelta(0), min(spare))
