"""Road times from OSRM or Valhalla, kept in memory, with the built-in estimate behind them.

Asking the engine takes a network's time, so nobody asks it while planning: `prepare` fetches what a
plan will need, outside any transaction, and a plan reads what is there. What is not there is
estimated. OSRM's roads are free of traffic and hold for a day; the hours of traffic are put on top.
Valhalla is asked for each hour anew, and its answer is taken as it is.
"""

import logging
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final
from weakref import WeakKeyDictionary

from app.domain.eta import SAME_PLACE_M
from app.domain.geo import Point, distance_m
from app.domain.travel import Driving, TravelTimes, Way
from app.persistence.transaction import session
from app.runs.road_engines import ENGINES, EngineError, RoadEngine

log = logging.getLogger(__name__)

#: Places are rounded to so many decimals of a degree, 11 m: one door, whoever typed it.
_DECIMALS: Final = 4
#: Places of one question on either side. OSRM answers 100 at once unless told otherwise, Valhalla
#: 2,500 pairs.
_BLOCK: Final = 50
#: Ways that are kept, some 300 bytes each; the oldest go.
_KEPT_MAX: Final = 200_000
#: After a failure the engine is left alone for so long.
_PAUSE: Final = timedelta(minutes=1)
#: A way without an hour is asked for again after so long: roads close and open. One of another hour
#: stands in for so long, too.
_GOOD_FOR_HOURS: Final = 24

_Place = tuple[float, float]
_Pair = tuple[_Place, _Place]


class Roads:
    """Road times of one installation.

    Args:
        engine: Is asked.
        kept_max: How many ways are kept.
    """

    def __init__(self, engine: RoadEngine, *, kept_max: int = _KEPT_MAX) -> None:
        self.engine = engine
        self._kept_max = kept_max
        #: By pair and by the bucket of hours.
        self._kept: dict[tuple[_Pair, int], Way | None] = {}
        #: The newest answer for a pair, whatever hour it is for, and in which hour it was asked.
        self._newest: dict[_Pair, tuple[Way | None, int]] = {}
        self._lock = threading.Lock()
        self._pause_until: datetime | None = None

    def known(self, start: Point, end: Point, at: datetime) -> Way | None:
        """Return a way as the engine knows it: about then, else of another hour of the day."""
        pair = _place(start), _place(end)
        if (pair, self._bucket(at)) in self._kept:
            return self._kept[pair, self._bucket(at)]
        way, hour = self._newest.get(pair, (None, 0))
        return way if abs(_hour(at) - hour) <= _GOOD_FOR_HOURS else None

    def prepare(self, points: Sequence[Point], at: datetime) -> bool:
        """Fetch the ways between places that are not known yet; tell whether all are now.

        It waits for the network, a few seconds at the most for each block of places.

        Args:
            points: From each of them to each.
            at: About when, in the places' own time.
        """
        places = sorted({_place(point) for point in points})
        bucket = self._bucket(at)
        missing = [
            each
            for each in places
            if any(((each, other), bucket) not in self._kept for other in places if other != each)
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
        rows = self.engine.ask(
            [Point(*each) for each in starts], [Point(*each) for each in ends], at
        )
        bucket, hour = self._bucket(at), _hour(at)
        with self._lock:
            for start, row in zip(starts, rows, strict=True):
                for end, way in zip(ends, row, strict=True):
                    self._kept[(start, end), bucket] = way
                    self._newest[start, end] = way, hour
            _shorten(self._kept, self._kept_max)
            _shorten(self._newest, self._kept_max)

    def _bucket(self, at: datetime) -> int:
        return _hour(at) if self.engine.knows_hours else _hour(at) // _GOOD_FOR_HOURS


@dataclass(frozen=True, slots=True)
class SiteRoads:
    """The engine's road times around one site; a `TravelTimes`.

    Attributes:
        roads: Of the installation.
        driving: The site's own estimate, for what the engine does not know.
    """

    roads: Roads
    driving: Driving

    def __call__(self, start: Point, end: Point, at: datetime) -> Way:
        """Return a way as the engine knows it, or as it is estimated."""
        if distance_m(start, end) <= SAME_PLACE_M:
            return self.driving(start, end, at)
        way = self.roads.known(start, end, at)
        if way is None:
            return self.driving(start, end, at)
        return way if self.roads.engine.knows_hours else self.driving.in_traffic(way, at)

    def prepare(self, points: Sequence[Point], at: datetime) -> bool:
        """Fetch what is not known yet, about then."""
        return self.roads.prepare(points, at.astimezone(self.driving.zone))


#: The road engine of each database: rules and capabilities know no application.
_roads_of: Final[WeakKeyDictionary[Any, Roads]] = WeakKeyDictionary()


def serve(database: object, roads: Roads | None) -> None:
    """Let everything that is planned with a database drive by an engine's times; None by none."""
    _roads_of.pop(database, None)
    if roads is not None:
        _roads_of[database] = roads


def around(driving: Driving) -> TravelTimes:
    """Return how long ways take around a site: by the installation's engine, else as estimated."""
    roads = _roads_of.get(session().get_bind())
    return SiteRoads(roads, driving) if roads is not None else driving


def prepare(travel: TravelTimes, points: Sequence[Point], at: datetime) -> None:
    """Let road times be fetched, where there is an engine to fetch them from."""
    if isinstance(travel, SiteRoads):
        travel.prepare(points, at)


def road_times(engine: str, url: str) -> Roads | None:
    """Return an engine's road times, or None for no engine."""
    return Roads(ENGINES[engine](url)) if engine else None


def _shorten(kept: dict[Any, Any], most: int) -> None:
    while len(kept) > most:
        del kept[next(iter(kept))]


def _place(point: Point) -> _Place:
    return round(point.lat_deg, _DECIMALS), round(point.lon_deg, _DECIMALS)


def _hour(at: datetime) -> int:
    return math.floor(at.timestamp() / 3_600)


def _blocks(places: Sequence[_Place]) -> list[Sequence[_Place]]:
    return [places[at : at + _BLOCK] for at in range(0, len(places), _BLOCK)]
