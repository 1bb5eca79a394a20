"""Road times from OSRM or Valhalla, kept in memory, with the built-in estimate behind them.

Asking the engine takes a network's time, so nobody asks it while planning: `prepare` fetches what a
plan will need, outside any transaction, and a plan reads what is there. What is not there is
estimated. Neither engine is asked about an hour's traffic: OSRM knows none, and Valhalla's own
times hold for the day.
"""

import logging
import math
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Final

from app.domain.eta import SAME_PLACE_M
from app.domain.geo import Point, distance_m
from app.domain.travel import TravelTimes, Way, estimate
from app.runs.road_engines import ENGINES, EngineError

log = logging.getLogger(__name__)

#: From these places to those: a way for each pair, or None where there is no road.
Ask = Callable[[Sequence[Point], Sequence[Point]], list[list[Way | None]]]

#: Places are rounded to so many decimals of a degree, 11 m: one door, whoever typed it.
_DECIMALS: Final = 4
#: Places of one question on either side. OSRM answers 100 at once unless told otherwise, Valhalla
#: 2,500 pairs.
_BLOCK: Final = 50
#: Ways that are kept, some 200 bytes each; the oldest go.
_KEPT_MAX: Final = 200_000
#: After a failure the engine is left alone for so long.
_PAUSE: Final = timedelta(minutes=1)
#: A way kept for longer is asked for again: roads close and open.
_GOOD_FOR_HOURS: Final = 24

_Place = tuple[float, float]
_Key = tuple[_Place, _Place, int]


class Roads:
    """Road times of one installation; it is itself a `TravelTimes`.

    Args:
        ask: Asks the engine. Raises `EngineError` when there is no answer that makes sense.
        kept_max: How many ways are kept.
    """

    def __init__(self, ask: Ask, *, kept_max: int = _KEPT_MAX) -> None:
        self._ask = ask
        self._kept_max = kept_max
        self._kept: dict[_Key, Way | None] = {}
        self._lock = threading.Lock()
        self._pause_until: datetime | None = None

    def __call__(self, start: Point, end: Point, at: datetime) -> Way:
        """Return a way as the engine knows it, or as it is estimated."""
        if distance_m(start, end) <= SAME_PLACE_M:
            return estimate(start, end, at)
        return self._kept.get(_key(start, end, at)) or estimate(start, end, at)

    def prepare(self, points: Sequence[Point], at: datetime) -> bool:
        """Fetch the ways between places that are not known yet; tell whether all are now.

        It waits for the network, a few seconds at the most for each block of places.
        """
        places = sorted({_place(point) for point in points})
        missing = [
            each
            for each in places
            if any((each, other, _day(at)) not in self._kept for other in places if other != each)
        ]
        if not missing:
            return True
        if self._pause_until is not None and at < self._pause_until:
            return False
        try:
            for some, others in product(_blocks(missing), _blocks(places)):
                self._keep(some, others, at)
        except EngineError as error:
            self._pause_until = at + _PAUSE
            log.warning(
                "road engine gave no times, estimating instead", extra={"reason": str(error)}
            )
            return False
        self._pause_until = None
        return True

    def _keep(self, starts: Sequence[_Place], ends: Sequence[_Place], at: datetime) -> None:
        rows = self._ask([Point(*each) for each in starts], [Point(*each) for each in ends])
        with self._lock:
            for start, row in zip(starts, rows, strict=True):
                for end, way in zip(ends, row, strict=True):
                    self._kept[start, end, _day(at)] = way
            while len(self._kept) > self._kept_max:
                del self._kept[next(iter(self._kept))]


def _key(start: Point, end: Point, at: datetime) -> _Key:
    return _place(start), _place(end), _day(at)


def _place(point: Point) -> _Place:
    return round(point.lat_deg, _DECIMALS), round(point.lon_deg, _DECIMALS)


def _day(at: datetime) -> int:
    return math.floor(at.timestamp() / 3_600 / _GOOD_FOR_HOURS)


def _blocks(places: Sequence[_Place]) -> list[Sequence[_Place]]:
    return [places[at : at + _BLOCK] for at in range(0, len(places), _BLOCK)]


def prepare(travel: TravelTimes, points: Sequence[Point], at: datetime) -> None:
    """Let road times be fetched, where there is an engine to fetch them from."""
    if isinstance(travel, Roads):
        travel.prepare(points, at)


def road_times(engine: str, url: str) -> TravelTimes:
    """Return an engine's road times, or the estimate alone for no engine."""
    return Roads(ENGINES[engine](url)) if engine else estimate
