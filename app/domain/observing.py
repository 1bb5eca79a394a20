"""What a run that was driven says about how long things take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from app.domain import eta
from app.domain.geo import Point, distance_m
from app.domain.hours import hours_of
from app.domain.learned import Observation, Timed
from app.domain.position import Fix
from app.domain.run import StopKind
from app.domain.run_plan import FormingSite
from app.domain.travel import TravelTimes, estimate
from app.domain.walking import Spot, walk_s

#: Whoever comes this near to the parking turns in.
TURNS_IN_M: Final = 200
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class DoneStop:
    """A stop whose work was done.

    Attributes:
        kind: Pickup or drop-off.
        ref: The store of a pickup, the proof that was wanted at a door.
        spot: Where it is.
        arrived_at: When the driver said that he was there; None when only the end is known.
        done_at: When the work was done.
        ready_at: When the last of its parcels was packed; None when nobody said. Of a door, when
            its window begins.
        order_count: Orders that were taken at a counter; 1 at a door.
    """

    kind: StopKind
    ref: str
    spot: Spot
    arrived_at: datetime | None
    done_at: datetime
    ready_at: datetime | None
    order_count: int = 1


@dataclass(frozen=True, slots=True)
class DoneRun:
    """A run that was driven.

    Attributes:
        site: Where it began.
        zone: In which the site's people tell the time.
        legs: Stops in the order in which they were done. Between two sequences something happened
            that is no stop of this kind: a door at which nobody was, a way back to a store.
        turned_in_at: When the driver came near the parking; None when nobody saw it.
        travel: What ways take by default.
    """

    site: FormingSite
    zone: tzinfo
    legs: tuple[tuple[DoneStop, ...], ...]
    turned_in_at: datetime | None = None
    travel: TravelTimes = field(default=estimate, compare=False)


def turned_in_at(fixes: Sequence[Fix], site: FormingSite) -> datetime | None:
    """Return when a driver came near the parking; None for one who was there all the time.

    Args:
        fixes: Since the claim, oldest first.
        site: Where the run begins.
    """
    for before, fix in pairwise(fixes):
        was_away, is_away = (
            distance_m(Point(each.lat_deg, each.lon_deg), site.parking) > TURNS_IN_M
            for each in (before, fix)
        )
        if was_away and not is_away:
            return fix.fixed_at
    return None


def observations(run: DoneRun) -> Iterator[Observation]:
    """Yield what a run says: from turning in to the first counter, counters, walks, drives, doors.

    What took impossibly long or short is left out by `Observation.log_ratio`.
    """
    yield from _parking(run)
    for leg in run.legs:
        for stop in leg:
            yield from _work(stop)
        for before, after in pairwise(leg):
            yield from _way(before, after, run)


def _parking(run: DoneRun) -> Iterator[Observation]:
    first = run.legs[0][0] if run.legs and run.legs[0] else None
    if first is None or first.kind is not StopKind.PICKUP:
        return
    if first.arrived_at is None or run.turned_in_at is None:
        return
    car, entrance = Spot(run.site.parking, 0), Spot(run.site.entrance, run.site.entrance_floor)
    default_s = eta.PARKING_S + walk_s(car, entrance) + walk_s(entrance, first.spot)
    real_s = (first.arrived_at - run.turned_in_at).total_seconds()
    yield Observation(Timed.PARKING, "", default_s, real_s)


def _work(stop: DoneStop) -> Iterator[Observation]:
    if stop.arrived_at is None:
        return
    if stop.kind is StopKind.DROPOFF:
        if stop.ready_at is not None and stop.arrived_at < stop.ready_at:
            # Who came before the window may have waited, and nobody knows for how long.
            return
        real_s = (stop.done_at - stop.arrived_at).total_seconds()
        yield Observation(Timed.DOOR, stop.ref, eta.DOOR_S, real_s)
    elif stop.ready_at is not None:
        # Waiting for the store is no work at its counter.
        real_s = (stop.done_at - max(stop.arrived_at, stop.ready_at)).total_seconds()
        yield Observation(Timed.COUNTER, stop.ref, eta.handover_s(stop.order_count), real_s)


def _way(before: DoneStop, after: DoneStop, run: DoneRun) -> Iterator[Observation]:
    """Yield a walk between stores or a drive between doors; from store to door it is both."""
    if after.arrived_at is None or before.kind is not after.kind:
        return
    real_s = (after.arrived_at - before.done_at).total_seconds()
    if after.kind is StopKind.PICKUP:
        yield Observation(Timed.WALK, "", walk_s(before.spot, after.spot), real_s)
        return
    start, end = before.spot.point, after.spot.point
    if distance_m(start, end) > eta.SAME_PLACE_M:
        hours = hours_of(before.done_at.astimezone(run.zone))
        way = run.travel(start, end, before.done_at)
        if after.ready_at is not None and before.done_at + way.seconds * _SECOND < after.ready_at:
            # He had time until the next window, and may have stayed where he was for a while.
            return
        yield Observation(Timed.DRIVE, hours.value, way.seconds, real_s)
