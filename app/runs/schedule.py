"""Planned times of a held run, moved as reality moves, and the way of an unplanned stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from sqlalchemy import Interval, bindparam, select, update

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.delivery import COMING_BACK, WITH_STORE, DeliveryStatus, ProofKind
from app.domain.geo import Point
from app.domain.learned import DEFAULT_TIMES
from app.domain.onward import StopAhead, reached
from app.domain.run import StopKind, StopStatus
from app.domain.travel import TravelTimes, Way, estimate
from app.domain.walking import Spot, walk_m, walk_s
from app.persistence.base import choice, table_of
from app.persistence.transaction import execute, session
from app.runs import learning
from app.runs.learning import Pace
from app.runs.models import Run, Stop
from app.sites import queries as sites
from app.sites.queries import Site, Store

_SECOND: Final = timedelta(seconds=1)
_OPEN = frozenset({StopStatus.AHEAD.value, StopStatus.ARRIVED.value})


_STOP: Final = table_of(Stop)
_STOPS: Final = (
    select(_STOP.c.id, _STOP.c.status, _STOP.c.travel_s, _STOP.c.planned_at)
    .where(_STOP.c.run_id == bindparam("of_run"))
    .order_by(_STOP.c.number)
)
_MOVE_STOP: Final = (
    update(_STOP).where(_STOP.c.id == bindparam("of_stop")).values(planned_at=bindparam("moved_to"))
)
#: All in one, where the engine adds times.
_MOVE_STOPS: Final = (
    update(_STOP)
    .where(_STOP.c.run_id == bindparam("of_run"), _STOP.c.status.in_(choice(sorted(_OPEN))))
    .values(planned_at=_STOP.c.planned_at + bindparam("later", type_=Interval))
)


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do at the stops of a run, and how long it takes there.

    Attributes:
        rows: The run's deliveries, by id.
        site: Where it begins; None when that is missing.
        pace: How long things take there.
    """

    rows: Mapping[str, Delivery]
    site: Site | None
    pace: Pace

    def seconds(self, stop: Stop) -> int:
        """Return how long the work at a stop takes: at a door, or at a counter for its orders."""
        if stop.delivery_id is not None:
            row = self.rows.get(stop.delivery_id)
            return self.pace.times.door_s(
                ProofKind(row.proof) if row is not None else ProofKind.NONE
            )
        wanted = WITH_STORE if stop.kind == StopKind.PICKUP.value else COMING_BACK
        here = [row for row in self._at(stop) if DeliveryStatus(row.status) in wanted]
        return self.pace.times.counter_s(stop.store_id or "", max(1, len(here)))

    def opens_at(self, stop: Stop) -> datetime | None:
        """Return before when no work at a stop begins: a door's window, or what a store promised.

        None for any time: the parcels are packed, or go back.
        """
        if stop.delivery_id is not None:
            row = self.rows.get(stop.delivery_id)
            return row.window_from if row is not None else None
        if stop.kind != StopKind.PICKUP.value:
            return None
        late = [
            row.ready_at
            for row in self._at(stop)
            if row.packed_at is None and DeliveryStatus(row.status) in WITH_STORE
        ]
        return max(late, default=None)

    def _at(self, stop: Stop) -> list[Delivery]:
        return [row for row in self.rows.values() if row.store_id == stop.store_id]


def work_of(run: Run, rows: Sequence[Delivery]) -> Work:
    """Return the work with a run's deliveries."""
    site = sites.site(run.site_id)
    pace = learning.pace_of(site) if site is not None else Pace(DEFAULT_TIMES, estimate)
    return Work({row.id: row for row in rows}, site, pace)


def plan_claimed(run_id: str, *, now: datetime) -> None:
    """Move the planned times of a run that was claimed just now. Two statements, however long.

    They only ever move back, all of them by as much: no window is nearer than it was planned, and
    what a wait at a door takes up of it is told with the first arrival.
    """
    rows = execute(_STOPS, {"of_run": run_id}).all()
    open_rows = [row for row in rows if row.status in _OPEN]
    if not open_rows:
        return
    first = open_rows[0]
    shift = max(timedelta(0), now + first.travel_s * _SECOND - first.planned_at)
    if not shift:
        return
    if session().get_bind().dialect.name == "postgresql":
        execute(_MOVE_STOPS, {"of_run": run_id, "later": shift})
    else:
        moved = [{"of_stop": row.id, "moved_to": row.planned_at + shift} for row in open_rows]
        execute(_MOVE_STOP, moved)


def plan_again(stops: Sequence[Stop], work: Work, *, now: datetime) -> None:
    """Tell anew when each open stop is reached. One query, until the first door is reached.

    Before the run has begun a plan for later stays for later. Afterwards the next stop is one way
    from now.
    """
    open_stops = [stop for stop in stops if stop.status in _OPEN]
    has_begun = any(stop.arrived_at is not None for stop in stops)
    ahead = [
        StopAhead(
            stop.travel_s + back_s,
            work.seconds(stop),
            stop.planned_at,
            work.opens_at(stop),
            stop.arrived_at,
        )
        for stop, back_s in zip(open_stops, _ways_back(open_stops, stops, work), strict=True)
    ]
    for stop, at in zip(open_stops, reached(ahead, now, has_begun=has_begun), strict=True):
        stop.planned_at = at


def _ways_back(open_stops: Sequence[Stop], stops: Sequence[Stop], work: Work) -> list[int]:
    """Return for each open stop the seconds on foot to the car that come before its way by car."""
    from_store = {
        after.id: before.store_id
        for before, after in pairwise(stops)
        if after.delivery_id is not None and before.kind == StopKind.PICKUP.value
    }
    wanted = {from_store[stop.id] for stop in open_stops if stop.id in from_store}
    stores = sites.stores_by_id({each for each in wanted if each is not None}) if wanted else {}
    return [_to_car_s(stores.get(from_store.get(stop.id) or ""), work) for stop in open_stops]


def _to_car_s(store: Store | None, work: Work) -> int:
    if store is None or work.site is None:
        return 0
    site, times = work.site, work.pace.times
    counter = Spot(Point(store.lat, store.lon), store.floor)
    entrance = Spot(Point(site.entrance_lat, site.entrance_lon), site.entrance_floor)
    car = Spot(Point(site.parking_lat, site.parking_lon), 0)
    return times.walk_s(counter, entrance) + times.walk_s(entrance, car)


def leg_to_store(
    stops: Sequence[Stop], store_id: str, *, now: datetime, travel: TravelTimes = estimate
) -> Way:
    """Return the way from a run's last stop to a store of the same site.

    By road from a door, on foot from another store; nothing when the last stop is nowhere.
    """
    store = sites.store(store_id)
    before = sites.store(stops[-1].store_id) if stops and stops[-1].store_id else None
    if store is not None and before is not None:
        start = Spot(Point(before.lat, before.lon), before.floor)
        end = Spot(Point(store.lat, store.lon), store.floor)
        return Way(walk_s(start, end), walk_m(start, end))
    last = last_door(stops)
    if store is None or last is None:
        return Way(0, 0)
    return travel(last, Point(store.lat, store.lon), now)


def reached_after(
    stops: Sequence[Stop],
    leg: Way,
    work: Work,
    *,
    now: datetime,
    opens_at: datetime | None = None,
) -> datetime:
    """Return when work begins at a stop added behind the others, the way after the last open one.

    Args:
        stops: Those that are there.
        leg: The way from the last of them.
        work: What there is to do at them.
        now: The present.
        opens_at: Before when it does not begin, as of a door's window.
    """
    leaves = [
        stop.planned_at + work.seconds(stop) * _SECOND for stop in stops if stop.status in _OPEN
    ]
    there_at = max(now, *leaves) + leg.seconds * _SECOND if leaves else now + leg.seconds * _SECOND
    return max(there_at, opens_at) if opens_at is not None else there_at


def last_door(stops: Sequence[Stop]) -> Point | None:
    """Return where a run's last drop-off is, or None when it has none."""
    doors = [stop.delivery_id for stop in stops if stop.delivery_id is not None]
    row = deliveries.delivery(doors[-1]) if doors else None
    return Point(row.lat, row.lon) if row is not None else None
