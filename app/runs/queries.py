"""Reading runs, stops, claims and pay."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from app.domain.pay import PayKind
from app.domain.run import HELD, ReleaseReason, RunStatus, StopKind
from app.persistence.base import choice, table_of
from app.persistence.transaction import execute, session
from app.runs.models import Claim, OfferAsk, PayLineRow, Run, Stop

#: A driver looks at this many offers at most; the nearest windows come first.
OFFERS_MAX: Final = 30
_OPEN_STOP: Final = ("ahead", "arrived")
#: Before the driver has everything.
_AT_STATION: Final = ("offered", "claimed", "collecting")
HELD_VALUES: Final = tuple(status.value for status in HELD)

_HELD_RUN: Final = (
    select(Run)
    .where(Run.driver_id == bindparam("of_driver"), Run.status.in_(choice(HELD_VALUES)))
    .order_by(Run.claimed_at)
    .limit(1)
)
_STOPS_OF_RUN: Final = select(Stop).where(Stop.run_id == bindparam("of_run")).order_by(Stop.number)
_PAY_LINES: Final = select(PayLineRow).where(
    PayLineRow.run_id.in_(bindparam("of_runs", expanding=True))
)
#: Pay lines are read in the order of the kinds: base first, tips last.
_RANK: Final = {kind.value: rank for rank, kind in enumerate(PayKind)}
_CLAIM: Final = table_of(Claim)
_RELEASED_AT: Final = (
    select(_CLAIM.c.ended_at)
    .where(
        _CLAIM.c.driver_id == bindparam("of_driver"),
        _CLAIM.c.ended_at > bindparam("since"),
        # What a dispatcher takes back is not the driver's doing.
        _CLAIM.c.end_reason.not_in(
            choice([RunStatus.FINISHED.value, ReleaseReason.DISPATCHER.value])
        ),
    )
    .order_by(_CLAIM.c.ended_at.desc())
)
_RUN: Final = table_of(Run)
_STOP: Final = table_of(Stop)
_DOORS: Final = (
    select(_RUN.c.site_id, func.count().label("doors"))
    .join(_STOP, _STOP.c.run_id == _RUN.c.id)
    .where(
        or_(
            and_(
                _RUN.c.site_id.in_(bindparam("at", expanding=True)),
                _RUN.c.status == RunStatus.OFFERED.value,
                _RUN.c.window_until > bindparam("now"),
                _RUN.c.window_from < bindparam("until"),
            ),
            and_(
                _RUN.c.driver_id.in_(bindparam("by", expanding=True)),
                _RUN.c.finished_at.is_(None),
                _RUN.c.status.in_(choice(HELD_VALUES)),
            ),
        ),
        _STOP.c.kind == StopKind.DROPOFF.value,
        _STOP.c.status.in_(choice(_OPEN_STOP)),
    )
    .group_by(_RUN.c.site_id)
)


def run(run_id: str, *, lock: bool = False) -> Run | None:
    """Return a run, or None.

    `lock` makes other writers of this run wait (PostgreSQL; SQLite has one writer anyway).
    """
    return session().get(Run, run_id, with_for_update=lock or None)


def shown_by(at: datetime) -> ColumnElement[bool]:
    """Return the condition that drivers see a run at an instant, whether they were told or not."""
    return or_(Run.shown_at.is_(None), Run.shown_at <= at)


def offered_runs(
    site_id: str,
    *,
    now: datetime,
    limit: int = OFFERS_MAX,
    to_drivers: bool = False,
) -> Sequence[Run]:
    """Return a site's runs on offer whose windows are not over, by window.

    Reads the index of offers only.

    Args:
        site_id: Of the site.
        now: The present.
        limit: How many at most.
        to_drivers: Without those that are not shown yet, because they wait for more orders.
    """
    query = (
        select(Run)
        .where(
            Run.site_id == site_id, Run.status == RunStatus.OFFERED.value, Run.window_until > now
        )
        .order_by(Run.window_from, Run.id)
        .limit(limit)
    )
    if to_drivers:
        query = query.where(shown_by(now))
    return session().scalars(query).all()


class OpenRun(NamedTuple):
    """A run that may change, and which version of it."""

    id: str
    version: int


def open_runs(
    site_id: str, *, now: datetime, limit: int, fewer_doors_than: int | None = None
) -> list[OpenRun]:
    """Return a site's runs on offer that may gain or lose orders, by window. Below the ORM.

    Without those whose parcels are being sorted, that a dispatcher has pinned or that somebody has
    asked for: he gets what he has seen.

    Args:
        site_id: Of the site.
        now: The present.
        limit: How many at most.
        fewer_doors_than: Without those that have as many doors or more.
    """
    asked = exists().where(OfferAsk.run_id == _RUN.c.id, OfferAsk.answered_at.is_(None))
    query = (
        select(_RUN.c.id, _RUN.c.version)
        .where(
            _RUN.c.site_id == site_id,
            _RUN.c.status == RunStatus.OFFERED.value,
            _RUN.c.window_until > now,
            _RUN.c.sealed_at.is_(None),
            _RUN.c.pinned_at.is_(None),
            ~asked,
        )
        .order_by(_RUN.c.window_from, _RUN.c.id)
        .limit(limit)
    )
    if fewer_doors_than is not None:
        doors = select(func.count()).where(
            _STOP.c.run_id == _RUN.c.id, _STOP.c.kind == StopKind.DROPOFF.value
        )
        query = query.where(doors.scalar_subquery() < fewer_doors_than)
    return [OpenRun(row.id, row.version) for row in session().execute(query)]


def asked_for(run_ids: Collection[str]) -> set[str]:
    """Return those of the runs that somebody asked for and nobody has answered. One query."""
    query = select(OfferAsk.run_id).where(
        OfferAsk.run_id.in_(run_ids), OfferAsk.answered_at.is_(None)
    )
    return set(session().scalars(query))


def held_run(driver_id: str) -> Run | None:
    """Return the run a driver holds now, or None."""
    return session().scalars(_HELD_RUN, {"of_driver": driver_id}).first()


def held_runs(driver_ids: Collection[str]) -> dict[str, Run]:
    """Return `{driver_id: the run held now}`; drivers without one are missing. One query."""
    query = select(Run).where(Run.driver_id.in_(driver_ids), Run.status.in_(HELD_VALUES))
    return {row.driver_id: row for row in session().scalars(query) if row.driver_id is not None}


def runs_by_id(run_ids: Collection[str]) -> dict[str, Run]:
    """Return `{run_id: run}`. One query."""
    return {row.id: row for row in session().scalars(select(Run).where(Run.id.in_(run_ids)))}


def stops_of_run(run_id: str) -> Sequence[Stop]:
    """Return a run's stops in order."""
    return session().scalars(_STOPS_OF_RUN, {"of_run": run_id}).all()


def stops_of_runs(run_ids: Collection[str]) -> dict[str, list[Stop]]:
    """Return `{run_id: stops in order}`. One query."""
    found: dict[str, list[Stop]] = {run_id: [] for run_id in run_ids}
    query = select(Stop).where(Stop.run_id.in_(run_ids)).order_by(Stop.run_id, Stop.number)
    for row in session().scalars(query):
        found[row.run_id].append(row)
    return found


def stop(stop_id: str) -> Stop | None:
    """Return a stop, or None."""
    return session().get(Stop, stop_id)


def open_stops_at_store(store_id: str) -> Sequence[Stop]:
    """Return the open pickups and returns of held runs at a store, by planned time."""
    query = (
        select(Stop)
        .join(Run, Run.id == Stop.run_id)
        .where(Stop.store_id == store_id, Stop.status.in_(_OPEN_STOP), Run.status.in_(HELD_VALUES))
        .order_by(Stop.planned_at)
    )
    return session().scalars(query).all()


def door_counts(
    site_ids: Collection[str], driver_ids: Collection[str], *, now: datetime, until: datetime
) -> dict[str, int]:
    """Return `{site_id: doors still ahead}` of runs on offer there or held by these drivers.

    Runs on offer whose windows are over or begin later do not count; sites with none are missing.
    One query.
    """
    asked = {"at": list(site_ids), "by": list(driver_ids), "now": now, "until": until}
    return {row.site_id: row.doors for row in execute(_DOORS, asked)}


def berths(site_id: str, *, but: str) -> dict[datetime, set[int]]:
    """Return a station's `{wave: bays in use}` of runs that have not left, without one run's."""
    query = select(Run.wave_at, Run.bay).where(
        Run.site_id == site_id, Run.id != but, Run.status.in_(_AT_STATION), Run.wave_at.is_not(None)
    )
    found: dict[datetime, set[int]] = {}
    for row in session().execute(query):
        found.setdefault(row.wave_at, set()).add(row.bay)
    return found


def runs_in_waves(site_id: str) -> Sequence[Run]:
    """Return a station's runs that have not left, by wave and bay."""
    query = (
        select(Run)
        .where(Run.site_id == site_id, Run.status.in_(_AT_STATION), Run.wave_at.is_not(None))
        .order_by(Run.wave_at, Run.bay)
    )
    return session().scalars(query).all()


def pay_lines(run_ids: Collection[str]) -> dict[str, list[PayLineRow]]:
    """Return `{run_id: pay lines}`, base first, tips last. One query."""
    found: dict[str, list[PayLineRow]] = {run_id: [] for run_id in run_ids}
    for row in session().scalars(_PAY_LINES, {"of_runs": list(run_ids)}):
        found[row.run_id].append(row)
    for lines in found.values():
        lines.sort(key=lambda line: pay_order(line.kind, line.ref, line.created_at, line.id))
    return found


def pay_order(kind: str, ref: str, created_at: datetime, line_id: str) -> tuple[object, ...]:
    """Return by what lines of pay are sorted: base first, tips last."""
    return (_RANK[kind], ref, created_at, line_id)


def finished_runs(
    driver_id: str, *, since: datetime, until: datetime | None = None, limit: int = 100
) -> Sequence[Run]:
    """Return a driver's finished runs since an instant and before another, newest first."""
    query = (
        select(Run)
        .where(
            Run.driver_id == driver_id,
            Run.status == RunStatus.FINISHED.value,
            Run.finished_at >= since,
        )
        .order_by(Run.finished_at.desc(), Run.id)
        .limit(limit)
    )
    if until is not None:
        query = query.where(Run.finished_at < until)
    return session().scalars(query).all()


def claimed_at_site(
    driver_id: str, site_id: str, *, since: datetime, until: datetime
) -> Sequence[Run]:
    """Return the runs of a site that a driver claimed in a span and still has or has finished."""
    query = select(Run).where(
        Run.driver_id == driver_id,
        Run.site_id == site_id,
        Run.claimed_at >= since,
        Run.claimed_at < until,
    )
    return session().scalars(query).all()


def release_ages(driver_id: str, *, now: datetime, span: timedelta) -> tuple[timedelta, ...]:
    """Return how long ago a driver released runs within a span, youngest first."""
    ended = execute(_RELEASED_AT, {"of_driver": driver_id, "since": now - span}).scalars()
    return tuple(now - at for at in ended if at is not None)


def live_claim(run_id: str) -> Claim | None:
    """Return a run's live claim, or None."""
    return (
        session()
        .scalars(select(Claim).where(Claim.run_id == run_id, Claim.ended_at.is_(None)))
        .first()
    )


def claims_of_run(run_id: str) -> Sequence[Claim]:
    """Return a run's claims, oldest first."""
    query = select(Claim).where(Claim.run_id == run_id).order_by(Claim.claimed_at)
    return session().scalars(query).all()


def last_site(driver_id: str) -> str | None:
    """Return the site of the run that a driver claimed last, or None."""
    query = (
        select(Run.site_id)
        .join(Claim, Claim.run_id == Run.id)
        .where(Claim.driver_id == driver_id)
        .order_by(Claim.claimed_at.desc())
        .limit(1)
    )
    return session().scalar(query)


def was_held_by(run_id: str, driver_id: str) -> bool:
    """Tell whether a driver ever held a run."""
    query = select(Claim.id).where(Claim.run_id == run_id, Claim.driver_id == driver_id).limit(1)
    return session().scalar(query) is not None
