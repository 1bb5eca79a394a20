"""What is left of a run under way: stores, doors, and where the driver is."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain.delivery import ProofKind
from app.domain.geo import Point
from app.domain.learned import DEFAULT_TIMES, SiteTimes
from app.domain.travel import TravelTimes, estimate
from app.domain.walking import Spot


@dataclass(frozen=True, slots=True)
class PickupLeft:
    """A store that is still to be visited."""

    stop_id: str
    spot: Spot
    ready_at: datetime
    order_count: int
    store_id: str = ""


@dataclass(frozen=True, slots=True)
class DoorLeft:
    """A door that is still to be visited."""

    stop_id: str
    point: Point
    window_from: datetime
    window_until: datetime
    proof: ProofKind = ProofKind.NONE


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a run, in the order in which it is planned now.

    Attributes:
        pickups: Stores, before the doors.
        doors: Doors.
        walks_from: Where the driver is on foot: the last counter, or the entrance.
        drives_from: Where the car is.
        entrance: On the way from the stores to the car.
        times: How long things take at the site.
        travel: How long ways by car take around it.
    """

    pickups: tuple[PickupLeft, ...]
    doors: tuple[DoorLeft, ...]
    walks_from: Spot
    drives_from: Point
    entrance: Spot
    times: SiteTimes = DEFAULT_TIMES
    travel: TravelTimes = field(default=estimate, compare=False)


@dataclass(frozen=True, slots=True)
class NextStop:
    """A stop in its new place: when it is reached, and the way to it from the one before."""

    stop_id: str
    planned_at: datetime
    travel_s: int
    distance_m: int
