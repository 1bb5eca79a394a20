"""Hours of traffic: a weekday's peaks and what lies between, in the place's own time.

Source: the peaks are those of the Urban Congestion Report (Federal Highway Administration,
documentation and definitions): 6–9 and 16–19 o'clock on weekdays.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final


class Hours(StrEnum):
    """When somebody is on the road."""

    MORNING = "morning"
    MIDDAY = "midday"
    EVENING = "evening"
    WEEKEND = "weekend"
    NIGHT = "night"


_DAY_BEGINS: Final = 6
_MIDDAY_BEGINS: Final = 9
_EVENING_BEGINS: Final = 16
_NIGHT_BEGINS: Final = 19
_SATURDAY: Final = 5


def hours_of(local: datetime) -> Hours:
    """Return the hours of traffic in which an instant lies; `local` is in the place's zone."""
    if not _DAY_BEGINS <= local.hour < _NIGHT_BEGINS:
        return Hours.NIGHT
    if local.weekday() >= _SATURDAY:
        return Hours.WEEKEND
    if local.hour < _MIDDAY_BEGINS:
        return Hours.MORNING
    return Hours.MIDDAY if local.hour < _EVENING_BEGINS else Hours.EVENING
