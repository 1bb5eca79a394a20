"""How wrong arrival times have been, and how wide an arrival window has to be for it.

Each error is measured in the widths that `eta` takes by default, so that one history serves near
and far, few stops and many. Of enough of them the window takes the shares that lie within: with
`n` errors the `⌈(n + 1) × share⌉`-th, which contains as large a share of the next ones as long as
days stay alike.

Source: split conformal prediction with normalised scores (Lei et al. 2018).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from app.domain import eta
from app.domain.delivery import ProofKind
from app.domain.eta import DEFAULT_SPREAD, Spread
from app.domain.observing import DoneRun, DoneStop
from app.domain.run import StopKind
from app.domain.travel import TravelTimes
from app.domain.walking import Spot

#: Errors are counted in steps of a tenth of the default width, up to so many widths on either side.
STEP: Final = 0.1
WIDTHS_MAX: Final = 3
BINS: Final = round(2 * WIDTHS_MAX / STEP)
#: Below so many errors the default widths hold.
COUNT_MIN: Final = 60
#: Above so many, all count half from then on: what was seen lately weighs more.
COUNT_MAX: Final = 2_000
#: Left out on either side.
_MISSED: Final = (1 - eta.ARRIVAL_SHARE) / 2
_SECOND: Final = timedelta(seconds=1)


class Lead(StrEnum):
    """How long before the arrival a time was told."""

    NEAR = "near"
    MIDDLE = "middle"
    FAR = "far"


_NEAR: Final = timedelta(minutes=15)
_MIDDLE: Final = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Miss:
    """How wrong one arrival time was, in default widths; below 0 for an early arrival."""

    lead: Lead
    widths: float


def lead_of(to_go: timedelta) -> Lead:
    """Return how far ahead an arrival is told."""
    if to_go <= _NEAR:
        return Lead.NEAR
    return Lead.MIDDLE if to_go <= _MIDDLE else Lead.FAR


def miss(told_at: datetime, told: datetime, real: datetime, stops_before: int) -> Miss:
    """Return how wrong an arrival time was."""
    early, late = eta.widths(told - told_at, stops_before)
    error = real - told
    return Miss(lead_of(told - told_at), error / (late if error > timedelta(0) else early))


def counted(counts: Sequence[int], widths: float) -> list[int]:
    """Return counts by size of the error with one more; none yet is an empty sequence."""
    found = list(counts) or [0] * BINS
    if sum(found) >= COUNT_MAX:
        found = [count // 2 for count in found]
    found[max(0, min(BINS - 1, math.floor((widths + WIDTHS_MAX) / STEP)))] += 1
    return found


def spread_of(counts: Sequence[int]) -> Spread:
    """Return what an arrival window has to be wide, or the default while too little is known."""
    total = sum(counts)
    if total < COUNT_MIN:
        return DEFAULT_SPREAD
    outside = max(1, math.floor((total + 1) * _MISSED))
    # The far edge of the step in which the share is reached.
    late = BINS - _steps(list(reversed(counts)), outside)
    early = _steps(counts, outside)
    return Spread(
        early=max(0.0, WIDTHS_MAX - early * STEP), late=max(0.0, late * STEP - WIDTHS_MAX)
    )


def _steps(counts: Sequence[int], outside: int) -> int:
    """Return how many steps from the edge can be left out with fewer than so many errors."""
    return sum(passed < outside for passed in accumulate(counts))


def misses(run: DoneRun, travel: TravelTimes) -> Iterator[Miss]:
    """Yield how wrong the arrivals at later doors were, as told at the end of each stop before.

    Args:
        run: With the times of its site as they are known.
        travel: How long ways by car take, as it is known.
    """
    for leg in run.legs:
        for number, first in enumerate(leg):
            clock, before = first.done_at, 0
            for last, stop in pairwise(leg[number:]):
                clock = _reached(run, travel, last, stop, clock)
                if stop.kind is StopKind.DROPOFF and stop.arrived_at is not None:
                    # Whoever is there before the window is told to come when it begins.
                    came_at = _opened(stop, stop.arrived_at)
                    yield miss(first.done_at, clock, came_at, before)
                clock, before = clock + _work_s(run, stop) * _SECOND, before + 1


def _reached(
    run: DoneRun, travel: TravelTimes, last: DoneStop, stop: DoneStop, clock: datetime
) -> datetime:
    """Return when work at a stop begins that is set out for now."""
    times, site = run.site.times, run.site
    if stop.kind is StopKind.PICKUP:
        clock += times.walk_s(last.spot, stop.spot) * _SECOND
    elif last.kind is StopKind.DROPOFF:
        clock += travel(last.spot.point, stop.spot.point, clock).seconds * _SECOND
    else:
        car, entrance = Spot(site.parking, 0), Spot(site.entrance, site.entrance_floor)
        back_s = times.walk_s(last.spot, entrance) + times.walk_s(entrance, car)
        clock += back_s * _SECOND
        clock += travel(site.parking, stop.spot.point, clock).seconds * _SECOND
    return _opened(stop, clock)


def _opened(stop: DoneStop, clock: datetime) -> datetime:
    return max(clock, stop.ready_at) if stop.ready_at is not None else clock


def _work_s(run: DoneRun, stop: DoneStop) -> int:
    if stop.kind is StopKind.DROPOFF:
        return run.site.times.door_s(ProofKind(stop.ref))
    return run.site.times.counter_s(stop.ref, stop.order_count)
