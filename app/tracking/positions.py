"""Positions in: a stream, not events. The newest plausible fix wins; rows are thinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.domain.delivery import DeliveryStatus
from app.domain.geo import Point
from app.domain.lapse import FIX_GOOD_FOR
from app.domain.position import (
    Fix,
    confirms,
    is_plausible,
    should_store,
    shown_point,
    visible_position,
)
from app.domain.run import StopKind, StopStatus
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import queries as runs
from app.tracking.latest import LatestPositions
from app.tracking.models import PositionFix

#: Raw positions are erased after this time.
KEEP: Final = timedelta(hours=72)
_OPEN: Final = (StopStatus.AHEAD.value, StopStatus.ARRIVED.value)


@dataclass(frozen=True, slots=True)
class SeenBy:
    """Whose tracking page may show a position now, and the point it may show."""

    delivery_id: str
    point: Point
    accuracy_m: float
    at: datetime


def newest_plausible(fixes: Sequence[Fix], previous: Fix | None, now: datetime) -> Fix | None:
    """Return the newest fix that can be true after the one before, or None."""
    for fix in sorted(fixes, key=lambda each: each.fixed_at, reverse=True):
        if is_plausible(fix, previous, now):
            return fix
    return None


def take(
    driver_id: str, fixes: Sequence[Fix], latest: LatestPositions, *, now: datetime
) -> Fix | None:
    """Keep the newest plausible of a driver's fixes as the latest; return it, or None."""
    fix = newest_plausible(fixes, latest.get(driver_id), now)
    if fix is None:
        fix = _confirmed(driver_id, fixes, latest, now)
    if fix is not None:
        latest.put(driver_id, fix)
        latest.forget(_doubted(driver_id))
    return fix


def _confirmed(
    driver_id: str, fixes: Sequence[Fix], latest: LatestPositions, now: datetime
) -> Fix | None:
    """Return the newest fix when the jump before it says the same; else remember it as doubted."""
    newest = max(fixes, key=lambda each: each.fixed_at)
    if confirms(newest, latest.get(_doubted(driver_id)), now):
        return newest
    if is_plausible(newest, None, now):
        latest.put(_doubted(driver_id), newest)
    return None


def _doubted(driver_id: str) -> str:
    return f"doubted/{driver_id}"


def seen_by(driver_id: str, fix: Fix, *, now: datetime) -> SeenBy | None:
    """Return the one customer who may see this driver's position now, or None."""
    driver = accounts.driver(driver_id)
    delivery_id = next_dropoff(driver_id)
    row = deliveries.delivery(delivery_id) if delivery_id else None
    if driver is None or row is None:
        return None
    is_visible = visible_position(
        DeliveryStatus(row.status),
        is_next_stop=True,
        fix_age_s=(now - fix.fixed_at).total_seconds(),
        on_duty=driver.is_on_duty,
    )
    return SeenBy(row.id, shown_point(fix), fix.accuracy_m, fix.fixed_at) if is_visible else None


def next_dropoff(driver_id: str) -> str | None:
    """Return the delivery at a driver's next stop when that is a door, else None."""
    run = runs.held_run(driver_id)
    if run is None:
        return None
    for stop in runs.stops_of_run(run.id):
        if stop.status in _OPEN:
            return stop.delivery_id if stop.kind == StopKind.DROPOFF.value else None
    return None


def fresh_point(fix: Fix | None, *, now: datetime) -> Point | None:
    """Return where a fix is while it says something about now, else None."""
    if fix is None or now - fix.fixed_at > FIX_GOOD_FOR:
        return None
    return Point(fix.lat_deg, fix.lon_deg)


def last_stored(driver_id: str) -> Fix | None:
    """Return the driver's newest stored fix, or None."""
    row = (
        session()
        .scalars(
            select(PositionFix)
            .where(PositionFix.driver_id == driver_id)
            .order_by(PositionFix.fixed_at.desc())
            .limit(1)
        )
        .first()
    )
    return Fix(row.lat, row.lon, row.accuracy_m, row.fixed_at) if row is not None else None


def stored_since(driver_id: str, since: datetime, until: datetime | None = None) -> list[Fix]:
    """Return a driver's stored fixes of a span, oldest first; none lies ahead of us."""
    query = select(PositionFix).where(
        PositionFix.driver_id == driver_id, PositionFix.fixed_at >= since
    )
    if until is not None:
        query = query.where(PositionFix.fixed_at <= until)
    rows = session().scalars(query.order_by(PositionFix.fixed_at))
    return [
        Fix(row.lat, row.lon, row.accuracy_m, min(row.fixed_at, row.received_at)) for row in rows
    ]


def is_worth_storing(driver_id: str, fix: Fix) -> bool:
    """Tell whether a fix deserves a row: a run is held and the driver has moved on."""
    return runs.held_run(driver_id) is not None and should_store(fix, last_stored(driver_id))


def store(driver_id: str, fix: Fix, *, now: datetime) -> None:
    """Write a fix as a row."""
    run = runs.held_run(driver_id)
    session().add(
        PositionFix(
            id=new_id("fix"),
            driver_id=driver_id,
            run_id=run.id if run is not None else None,
            lat=fix.lat_deg,
            lon=fix.lon_deg,
            accuracy_m=fix.accuracy_m,
            fixed_at=fix.fixed_at,
            received_at=now,
        )
    )


def erase_old(*, now: datetime) -> None:
    """Erase positions past their time."""
    session().execute(delete(PositionFix).where(PositionFix.received_at < now - KEEP))
