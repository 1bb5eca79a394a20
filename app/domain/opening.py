"""When a store can give parcels away, and which window a new order gets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

#: What a store needs to pack when it does not say when an order is ready.
PACKING: Final = timedelta(minutes=20)
#: How long the window of a new order is.
WINDOW: Final = timedelta(hours=2)
#: Windows begin on whole quarters of an hour.
STEP: Final = timedelta(minutes=15)
#: The last driver comes so long before the doors close.
LAST_PICKUP: Final = timedelta(minutes=15)
_DAYS_AHEAD: Final = 8
_MINUTES_PER_DAY: Final = 1_440


@dataclass(frozen=True, slots=True)
class Opening:
    """One day's hours in minutes after midnight, by the site's clock; 1440 is the day's end."""

    opens_min: int
    closes_min: int


#: Monday is 0; a day that is missing is closed.
Hours = Mapping[int, Opening]

#: Malls' usual hours, for a store that has told none.
USUAL: Final[Hours] = {weekday: Opening(10 * 60, 21 * 60) for weekday in range(7)}


def ready_at(wanted: datetime, hours: Hours, timezone: str) -> datetime | None:
    """Return when parcels can be given at the earliest from a wanted instant on, in UTC.

    None when the store is not open on any of the next eight days.

    Args:
        wanted: When the store could have packed, aware.
        hours: Of the week.
        timezone: IANA name of the site's zone.
    """
    zone = ZoneInfo(timezone)
    local = wanted.astimezone(zone)
    for ahead in range(_DAYS_AHEAD):
        day = local.date() + timedelta(days=ahead)
        opening = hours.get(day.weekday())
        if opening is None:
            continue
        midnight = datetime.combine(day, time(), zone)
        opens = _at(midnight, opening.opens_min)
        last = _at(midnight, opening.closes_min) - LAST_PICKUP
        at = max(wanted, opens)
        if at <= last:
            return at.astimezone(wanted.tzinfo)
    return None


def window_from(ready: datetime) -> tuple[datetime, datetime]:
    """Return the window of an order: two hours from the next quarter after it is ready."""
    over = timedelta(
        minutes=ready.minute % 15, seconds=ready.second, microseconds=ready.microsecond
    )
    start = ready if not over else ready - over + STEP
    return start, start + WINDOW


def _at(midnight: datetime, minutes: int) -> datetime:
    """Return an instant of a day by its wall clock, right also on the days when clocks change."""
    days, rest = divmod(minutes, _MINUTES_PER_DAY)
    day = midnight.date() + timedelta(days=days)
    return datetime.combine(day, time(rest // 60, rest % 60), midnight.tzinfo)
