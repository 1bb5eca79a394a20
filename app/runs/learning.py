"""Learning from finished runs how long things take, and telling it to whoever plans.

Each run is learned from once, an hour after it ended at the latest, in a job; what it said is added
to a few sums of its site. So the work grows with what was driven lately, never with the tables.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.arrivals import misses
from app.domain.geo import Point
from app.domain.learned import Learned, Observation, SiteTimes, Timed
from app.domain.observing import DoneRun, DoneStop, observations, turned_in_at
from app.domain.run import RunStatus, StopKind, StopStatus
from app.domain.run_plan import FormingSite
from app.domain.site import SiteKind
from app.domain.traffic import area_of
from app.domain.travel import Driving, TravelTimes
from app.domain.walking import Spot
from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.runs import arriving, queries, roads
from app.runs.models import LearnedTime, Run, Stop
from app.sites import queries as sites
from app.sites.queries import Site, Store
from app.tracking import positions

LEARN: Final = "learn_times"
#: Runs that one job learns from; more are asked for again at once.
RUNS_AT_ONCE: Final = 20
#: What a phone without signal still has to tell comes before a run is learned from.
RESTS_FOR: Final = timedelta(minutes=10)

_RUN: Final = table_of(Run)
_LEARNED: Final = table_of(LearnedTime)
_KNOWN: Final = select(_LEARNED).where(
    _LEARNED.c.site_id.in_(bindparam("of_sites", expanding=True))
)
#: Below the ORM: what a page shows has not changed, so neither does the run's version.
_MARK: Final = update(_RUN).where(_RUN.c.id == bindparam("of_run"), _RUN.c.learned_at.is_(None))

_Key = tuple[Timed, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one thing at a site, for people to read.

    Attributes:
        timed: What.
        ref: The store of a counter, the proof wanted at a door, the hours of a drive, else empty.
        learned: What was observed.
    """

    timed: Timed
    ref: str
    learned: Learned


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take at a site, and ways by car around it."""

    times: SiteTimes
    travel: TravelTimes


def pace_of(site: Site) -> Pace:
    """Return how long everything takes at a site, as far as it is known. One query."""
    return paces_of([site])[site.id]


def paces_of(places: Collection[Site]) -> dict[str, Pace]:
    """Return `{site_id: how long everything takes there}`. One query."""
    found = _known_at([site.id for site in places])
    return {site.id: _pace(site, found[site.id]) for site in places}


def _pace(site: Site, found: Sequence[Known]) -> Pace:
    drives = {each.ref: each.learned.factor for each in found if each.timed is Timed.DRIVE}
    times = SiteTimes.of({(each.timed, each.ref): each.learned for each in found})
    return Pace(times, roads.around(replace(driving_of(site), learned=drives)))


def driving_of(site: Site) -> Driving:
    """Return the estimate of ways by car around a site of which nothing is known."""
    return Driving(area_of(SiteKind(site.kind), site.area), ZoneInfo(site.timezone))


def known(site_id: str) -> list[Known]:
    """Return all that was learned at a site, in order of what it is. One query."""
    return _known_at([site_id])[site_id]


def _known_at(site_ids: Sequence[str]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {site_id: [] for site_id in site_ids}
    for row in execute(_KNOWN, {"of_sites": list(site_ids)}).all():
        learned = Learned(row.observed, row.weight, row.log_sum, row.log_sq_sum)
        found[row.site_id].append(Known(Timed(row.timed), row.ref, learned))
    rank = {timed: number for number, timed in enumerate(Timed)}
    for each in found.values():
        each.sort(key=lambda known: (rank[known.timed], known.ref))
    return found


def learn(*, now: datetime) -> bool:
    """Learn from the runs that ended longest ago; tell whether there may be more of them."""
    query = (
        select(Run)
        .where(
            Run.status == RunStatus.FINISHED.value,
            Run.learned_at.is_(None),
            Run.finished_at <= now - RESTS_FOR,
        )
        .order_by(Run.finished_at)
        .limit(RUNS_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = session().scalars(query).all()
    stops = queries.stops_of_runs([row.id for row in rows])
    for row in rows:
        execute(_MARK.values(learned_at=now), {"of_run": row.id})
        _learn_from(row, stops[row.id])
    return len(rows) == RUNS_AT_ONCE


def _learn_from(run: Run, stops: Sequence[Stop]) -> None:
    site = sites.site(run.site_id)
    if site is None:
        return
    done, pace = done_run(run, stops, site), pace_of(site)
    note_arrivals(site.id, done, pace)
    if run.finished_at is not None:
        add(site.id, observations(done), at=run.finished_at)


def note_arrivals(site_id: str, done: DoneRun, pace: Pace) -> None:
    """Add to how wrong arrivals were, as they would be told now: what was known then is gone."""
    told = replace(done, site=replace(done.site, times=pace.times))
    arriving.note(site_id, misses(told, pace.travel))


def add(site_id: str, observed: Iterable[Observation], *, at: datetime) -> None:
    """Add what a run that ended then has said to a site's sums.

    They are made first, so that of two writers one waits.
    """
    said: dict[_Key, list[float]] = {}
    for each in observed:
        if each.log_ratio is not None:
            said.setdefault((each.timed, each.ref), []).append(each.log_ratio)
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    for timed, ref in sorted(said):
        nothing = {"observed": 0, "weight": 0.0, "log_sum": 0.0, "log_sq_sum": 0.0, "seen_at": at}
        key = {"site_id": site_id, "timed": timed.value, "ref": ref}
        session().execute(
            dialect.insert(LearnedTime).values(**key, **nothing).on_conflict_do_nothing()
        )
        row = session().get_one(
            LearnedTime, (site_id, timed.value, ref), with_for_update=True, populate_existing=True
        )
        learned = Learned(row.observed, row.weight, row.log_sum, row.log_sq_sum)
        for log_ratio in said[timed, ref]:
            learned = learned.plus(log_ratio)
        row.observed, row.weight = learned.count, learned.weight
        row.log_sum, row.log_sq_sum = learned.log_sum, learned.log_sq_sum
        row.seen_at = max(row.seen_at, at)
    session().flush()


def done_run(run: Run, stops: Sequence[Stop], site: Site) -> DoneRun:
    """Return a run as it was driven. Two queries, one more where the phone sent positions."""
    forming = FormingSite(
        entrance=Point(site.entrance_lat, site.entrance_lon),
        parking=Point(site.parking_lat, site.parking_lon),
        entrance_floor=site.entrance_floor,
    )
    return DoneRun(
        site=forming,
        zone=ZoneInfo(site.timezone),
        travel=driving_of(site),
        legs=_legs(stops),
        turned_in_at=_turned_in_at(run, stops, forming),
    )


def _turned_in_at(run: Run, stops: Sequence[Stop], site: FormingSite) -> datetime | None:
    """Return when the driver came to the site, as far as his positions say so."""
    arrived = [stop.arrived_at for stop in stops if stop.arrived_at is not None]
    if run.claimed_at is None or run.driver_id is None or not arrived:
        return None
    fixes = positions.stored_since(run.driver_id, run.claimed_at, min(arrived))
    return turned_in_at(fixes, site)


def _legs(stops: Sequence[Stop]) -> tuple[tuple[DoneStop, ...], ...]:
    """Return the stops in the order in which they were done, apart where something else was."""
    rows = deliveries.deliveries_by_id([each.delivery_id for each in stops if each.delivery_id])
    stores = sites.stores_by_id({each.store_id for each in stops if each.store_id})
    visited = sorted(
        (stop for stop in stops if stop.arrived_at is not None and stop.done_at is not None),
        key=lambda stop: (stop.done_at, stop.number),
    )
    legs: list[list[DoneStop]] = [[]]
    for stop in visited:
        done = _done_stop(stop, rows, stores)
        if done is None:
            legs.append([])
        else:
            legs[-1].append(done)
    return tuple(tuple(leg) for leg in legs if leg)


def _done_stop(
    stop: Stop, rows: Mapping[str, Delivery], stores: Mapping[str, Store]
) -> DoneStop | None:
    """Return a stop whose work was done, or None for one that went otherwise."""
    if stop.status != StopStatus.DONE.value or stop.done_at is None:
        return None
    # Closed without an arrival of its own: that was told with the end.
    arrived_at = stop.arrived_at if stop.arrived_at != stop.done_at else None
    if stop.kind == StopKind.DROPOFF.value:
        row = rows.get(stop.delivery_id or "")
        if row is None:
            return None
        door = Spot(Point(row.lat, row.lon), 0)
        begins_at = row.window_from
        return DoneStop(StopKind.DROPOFF, row.proof, door, arrived_at, stop.done_at, begins_at)
    store = stores.get(stop.store_id or "")
    taken = [row for row in rows.values() if row.store_id == stop.store_id and row.picked_up_at]
    if stop.kind != StopKind.PICKUP.value or store is None or not taken:
        return None
    packed = [row.packed_at for row in taken if row.packed_at is not None]
    return DoneStop(
        StopKind.PICKUP,
        store.id,
        Spot(Point(store.lat, store.lon), store.floor),
        arrived_at,
        stop.done_at,
        max(packed) if len(packed) == len(taken) else None,
        len(taken),
    )
