"""Planned times of a held run, moved as reality moves, and the way of an unplanned stop."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, select, update

from app.deliveries import queries as deliveries
from app.domain.eta import DOOR_S
from app.domain.geo import Point
from app.domain.run import StopStatus
from app.domain.travel import TravelTimes, Way, estimate
from app.domain.walking import Spot, walk_m, walk_s
from app.persistence.base import table_of
from app.persistence.transaction import execute
from app.runs.models import Stop
from app.sites import queries as sites

_OPEN = frozenset({StopStatus.AHEAD.value, StopStatus.ARRIVED.value})


_STOP: Final = table_of(Stop)
_STOPS: Final = (
    select(_STOP.c.id, _STOP.c.status, _STOP.c.arrived_at, _STOP.c.travel_s, _STOP.c.planned_at)
    .where(_STOP.c.run_id == bindparam("of_run"))
    .order_by(_STOP.c.number)
)
_MOVE_STOP: Final = (
    update(_STOP).where(_STOP.c.id == bindparam("of_stop")).values(planned_at=bindparam("moved_to"))
)


def plan_claimed(run_id: str, *, now: datetime) -> None:
    """Move the planned times of a run that was claimed just now. Two statements, however long."""
    rows = execute(_STOPS, {"of_run": run_id}).all()
    shift = _shift(rows, now=now)
    if shift:
        moved = [
            {"of_stop": row.id, "moved_to": row.planned_at + shift}
            for row in rows
            if row.status in _OPEN
        ]
        execute(_MOVE_STOP, moved)


def plan_again(stops: Sequence[Stop], *, now: datetime) -> None:
    """Move the planned times of the open stops so that the first is true; the gaps stay.

    Before the run has begun a plan for later stays for later. Afterwards the next stop is one way
    from now.
    """
    shift = _shift(stops, now=now)
    for stop in stops:
        if shift and stop.status in _OPEN:
            stop.planned_at += shift


def _shift(stops: Sequence[Stop] | Sequence[Row[Any]], *, now: datetime) -> timedelta:
    open_stops = [stop for stop in stops if stop.status in _OPEN]
    if not open_stops:
        return timedelta(0)
    first = open_stops[0]
    has_begun = any(stop.arrived_at is not None for stop in stops)
    if first.arrived_at is not None:
        return _not_too_early(first.arrived_at - first.planned_at, open_stops[1:2], now=now)
    expected = now + timedelta(seconds=first.travel_s)
    if not has_begun:
        expected = max(expected, first.planned_at)
    return expected - first.planned_at


def _not_too_early(
    shift: timedelta, following: Sequence[Stop | Row[Any]], *, now: datetime
) -> timedelta:
    """Return a shift under which the next stop is not before one way from now.

    An arrival may be told late, and a wait at a counter may be long.
    """
    earliest = [now + timedelta(seconds=stop.travel_s) - stop.planned_at for stop in following]
    return max(shift, *earliest) if earliest else shift


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


def reached_after(stops: Sequence[Stop], leg: Way, *, now: datetime) -> datetime:
    """Return when a stop added behind the others is reached: the way after the last open one."""
    planned = [stop.planned_at for stop in stops if stop.status in _OPEN]
    leaves = max(planned) + timedelta(seconds=DOOR_S) if planned else now
    return max(leaves, now) + timedelta(seconds=leg.seconds)


def last_door(stops: Sequence[Stop]) -> Point | None:
    """Return where a run's last drop-off is, or None when it has none."""
    doors = [stop.delivery_id for stop in stops if stop.delivery_id is not None]
    row = deliveries.delivery(doors[-1]) if doors else None
    return Point(row.lat, row.lon) if row is not None else None
