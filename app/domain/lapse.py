"""When a claim lapses: a driver who surely stands still, or is long overdue, is warned first.

No fix is not no movement: a phone in a pocket, in a basement or behind another app sends none. Only
fixes that follow each other closely and all lie in one place show that somebody stands still; a gap
between them counts as movement. Without positions a claim lapses by being overdue alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.geo import Point, distance_m
from app.domain.position import Fix

#: Surely in one place for this long, and away from the site: the driver is warned.
STILL_FOR: Final = timedelta(minutes=15)
#: Not at the first counter this long after the run should have begun: warned, whatever is known.
OVERDUE_AFTER: Final = timedelta(minutes=45)
#: From the warning to the end of the claim.
GRACE: Final = timedelta(minutes=10)
#: A run for later begins this long before its first stop; until then nobody needs to move.
SETS_OUT_BEFORE: Final = timedelta(minutes=30)
#: A position older than this says nothing about now. Standing phones send one in 2 minutes.
FIX_GOOD_FOR: Final = timedelta(minutes=5)
#: A phone that lies still jumps by less than this.
MOVED_M: Final = 150
#: Within this distance of the site's middle a driver is there: looking for parking is progress.
AT_SITE_M: Final = 500
#: A driver may say this often that he is on his way.
KEEPS_MAX: Final = 2


class Verdict(StrEnum):
    """What to do about a claim now."""

    LEAVE = "leave"
    WARN = "warn"
    CLEAR = "clear"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Watched:
    """A claim without a collection or an arrival so far.

    Attributes:
        claimed_at: When it began.
        first_stop_at: When the first counter was planned to be reached.
        kept_at: When the driver last said that he is on his way; None for never.
        lapses_at: When it ends, as the driver was warned; None while not.
        site: The middle of the site.
        fixes: The driver's positions since the claim, oldest first.
    """

    claimed_at: datetime
    first_stop_at: datetime
    kept_at: datetime | None
    lapses_at: datetime | None
    site: Point
    fixes: Sequence[Fix]


def verdict(watched: Watched, now: datetime) -> Verdict:
    """Return what to do about a claim now. Asked again later it gives the same or the next step."""
    if now < _due_at(watched, now):
        return Verdict.CLEAR if watched.lapses_at is not None else Verdict.LEAVE
    if watched.lapses_at is None:
        return Verdict.WARN
    return Verdict.LAPSE if now >= watched.lapses_at else Verdict.LEAVE


def _due_at(watched: Watched, now: datetime) -> datetime:
    begins_at = max(watched.claimed_at, watched.first_stop_at - SETS_OUT_BEFORE)
    moved_at = max(_moved_at(watched), watched.kept_at or watched.claimed_at)
    overdue_at = max(begins_at, moved_at) + OVERDUE_AFTER
    if not watched.fixes or now - watched.fixes[-1].fixed_at > FIX_GOOD_FOR:
        return overdue_at
    return min(overdue_at, max(begins_at, moved_at) + STILL_FOR)


def _moved_at(watched: Watched) -> datetime:
    """Return the last instant at which the driver moved, was at the site, or was out of sight."""
    moved_at = seen_at = watched.claimed_at
    place: Fix | None = None
    for fix in watched.fixes:
        was_unseen = fix.fixed_at - seen_at > FIX_GOOD_FOR
        if place is None or was_unseen or _has_moved(place, fix) or _is_at(watched.site, fix):
            place = fix
            moved_at = max(moved_at, fix.fixed_at)
        seen_at = fix.fixed_at
    return moved_at


def _has_moved(before: Fix, after: Fix) -> bool:
    away_m = distance_m(_point(before), _point(after))
    return away_m - before.accuracy_m - after.accuracy_m > MOVED_M


def _is_at(site: Point, fix: Fix) -> bool:
    return distance_m(site, _point(fix)) - fix.accuracy_m <= AT_SITE_M


def _point(fix: Fix) -> Point:
    return Point(fix.lat_deg, fix.lon_deg)
