"""When the stops ahead of a run that is under way are reached, as reality moves.

Each comes a way and a work after the one before. Work at a door never begins before its window, nor
at a counter before the store has promised its parcels: whoever comes early waits, and the wait puts
off all that comes after. A wait in hand takes up a delay as well: later stops move only by what is
left of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class StopAhead:
    """A stop that still has work.

    Attributes:
        travel_s: The whole way to it from the stop before, on foot and by car.
        work_s: How long the work there takes.
        planned_at: When it was to begin.
        opens_at: It begins no earlier; None where that is any time.
        arrived_at: When the driver came there; None while he has not.
    """

    travel_s: int
    work_s: int
    planned_at: datetime
    opens_at: datetime | None = None
    arrived_at: datetime | None = None

    def begins_at(self, there_at: datetime) -> datetime:
        """Return when work begins for somebody who is there at an instant."""
        return max(there_at, self.opens_at) if self.opens_at is not None else there_at


def reached(stops: Sequence[StopAhead], now: datetime, *, has_begun: bool) -> tuple[datetime, ...]:
    """Return when work begins at each of the stops ahead, in their order.

    Args:
        stops: All that are not closed, in order.
        now: The present. Nobody leaves a stop before it, however late an arrival is told.
        has_begun: Whether the driver has been at any stop of the run. Until then a plan for later
            stays for later; afterwards the next stop is one way from now.
    """
    found: list[datetime] = []
    leaves_at = now
    for stop in stops:
        there_at = leaves_at + stop.travel_s * _SECOND
        if not found and not has_begun:
            there_at = max(there_at, stop.planned_at)
        begins_at = stop.begins_at(stop.arrived_at or there_at)
        found.append(begins_at)
        leaves_at = max(leaves_at, begins_at + stop.work_s * _SECOND)
    return tuple(found)


def early_s(at: datetime, window_from: datetime) -> int:
    """Return how many whole seconds before its window something was; 0 within or after it."""
    return max(0, (window_from - at) // _SECOND)
