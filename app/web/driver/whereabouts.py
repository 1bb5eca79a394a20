"""Where a driver was last, as far as this is known: a hint that ranks him, never a proof."""

from datetime import datetime, timedelta

from flask import current_app

from app.domain.geo import Point
from app.domain.position import Fix
from app.tracking import positions
from app.tracking.latest import FORGET_AFTER_S, LatestPositions
from app.web.validation import PositionBody


def last_known(person_id: str, *, now: datetime) -> Point | None:
    """Return a driver's newest position unless it is old."""
    fix = _latest().get(person_id)
    if fix is None or now - fix.fixed_at > timedelta(seconds=FORGET_AFTER_S):
        return None
    return Point(fix.lat_deg, fix.lon_deg)


def take(person_id: str, told: PositionBody | None, *, at: datetime, now: datetime) -> None:
    """Keep the position that came with a command, unless it cannot be true after the one before."""
    if told is not None:
        fix = Fix(told.lat, told.lon, told.accuracy_m, at)
        positions.take(person_id, [fix], _latest(), now=now)


def forget(person_id: str) -> None:
    """Drop a driver's position: off duty."""
    _latest().forget(person_id)


def _latest() -> LatestPositions:
    found: LatestPositions = current_app.extensions["mallrun_positions"]
    return found
