"""Who may see where the driver is, how exactly, how often, and which fixes are believed.

Source: the position rule. A customer never learns more than is needed to open the door in time, and
nothing after.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.delivery import DeliveryStatus
from app.domain.geo import Point, distance_m, is_on_earth, round_to_m

#: A customer sees no position older than this.
FIX_AGE_MAX_S: Final = 120
#: Customers see the driver on a grid of this width.
SHOWN_GRID_M: Final = 25
#: A customer gets at most one position in this time.
SHOWN_EVERY: Final = timedelta(seconds=5)

#: A phone's clock may be this far ahead of ours.
FUTURE_MAX: Final = timedelta(seconds=30)
#: 252 km/h: nobody drives faster, a made-up position jumps.
SPEED_MAX_M_PER_S: Final = 70
#: Worse than this is a guess by cell tower, of use to nobody.
ACCURACY_MAX_M: Final = 5_000

#: Stored at most this often, and when standing only this often.
STORED_EVERY: Final = timedelta(seconds=15)
STORED_MOVE_M: Final = 25
STORED_STANDING: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Fix:
    """One GPS fix as a phone sent it; nothing is checked yet.

    Attributes:
        lat_deg: Degrees north.
        lon_deg: Degrees east.
        accuracy_m: Radius in which the phone is, with 68 % probability.
        fixed_at: The phone's clock, UTC.
    """

    lat_deg: float
    lon_deg: float
    accuracy_m: float
    fixed_at: datetime


def visible_position(
    status: DeliveryStatus, *, is_next_stop: bool, fix_age_s: float, on_duty: bool
) -> bool:
    """Tell whether this delivery's customer may see the driver's position now.

    Args:
        status: Of the delivery.
        is_next_stop: Whether the driver comes here next, or within the operator's limit of stops.
        fix_age_s: Seconds since the latest fix; below 0 when the phone's clock is ahead.
        on_duty: Whether the driver is on duty.
    """
    is_fresh = -FUTURE_MAX.total_seconds() <= fix_age_s <= FIX_AGE_MAX_S
    return status is DeliveryStatus.ENROUTE_TO_DROPOFF and is_next_stop and is_fresh and on_duty


def shown_point(fix: Fix) -> Point:
    """Return the point that a customer sees: rounded to a fixed grid of about 25 m."""
    return round_to_m(Point(fix.lat_deg, fix.lon_deg), SHOWN_GRID_M)


def is_update_due(last_sent_at: datetime | None, now: datetime) -> bool:
    """Tell whether a customer may get another position: at most one in five seconds."""
    return last_sent_at is None or now - last_sent_at >= SHOWN_EVERY


def is_plausible(fix: Fix, previous: Fix | None, now: datetime) -> bool:
    """Tell whether a fix may be the driver's newest position.

    Refused are coordinates off the earth, accuracies below 0 or beyond 5 km, instants more than
    30 s ahead, fixes not newer than the previous one, and jumps faster than 70 m/s after both
    accuracies are taken off the distance. An accuracy of 0 is odd, but some devices report it.

    Args:
        fix: The new fix.
        previous: The latest plausible fix of the same driver; None when there is none.
        now: The server's present.
    """
    if not is_on_earth(fix.lat_deg, fix.lon_deg) or not 0 <= fix.accuracy_m <= ACCURACY_MAX_M:
        return False
    if fix.fixed_at - now > FUTURE_MAX:
        return False
    return previous is None or _is_reachable(previous, fix)


def confirms(fix: Fix, doubted: Fix | None, now: datetime) -> bool:
    """Tell whether a fix shows that an earlier one, refused as a jump, was true after all.

    It may have been the fix before the jump that was wrong: a guess by cell tower, a phone that
    slept. Two fixes in a row that agree with each other then win.

    Args:
        fix: The new fix, itself a jump.
        doubted: The fix before it, refused as a jump; None when there was none.
        now: The server's present.
    """
    if doubted is None or not is_plausible(fix, None, now):
        return False
    passed_s = (fix.fixed_at - doubted.fixed_at).total_seconds()
    surely_moved_m = _moved_m(doubted, fix) - doubted.accuracy_m - fix.accuracy_m
    return passed_s >= 0 and surely_moved_m <= SPEED_MAX_M_PER_S * passed_s


def should_store(fix: Fix, last_stored: Fix | None) -> bool:
    """Tell whether a plausible fix is worth a row.

    It is: the first one, one in 15 s while moving, one in 2 min while standing.
    """
    if last_stored is None:
        return True
    passed = fix.fixed_at - last_stored.fixed_at
    if passed >= STORED_STANDING:
        return True
    return passed >= STORED_EVERY and _moved_m(last_stored, fix) >= STORED_MOVE_M


def _is_reachable(previous: Fix, fix: Fix) -> bool:
    passed_s = (fix.fixed_at - previous.fixed_at).total_seconds()
    surely_moved_m = _moved_m(previous, fix) - previous.accuracy_m - fix.accuracy_m
    return passed_s > 0 and surely_moved_m <= SPEED_MAX_M_PER_S * passed_s


def _moved_m(start: Fix, end: Fix) -> float:
    return distance_m(Point(start.lat_deg, start.lon_deg), Point(end.lat_deg, end.lon_deg))
