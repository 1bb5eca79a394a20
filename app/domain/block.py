"""Blocks: hours at a site that a driver promises, and the least he is paid for them.

The guarantee is by the hour, for real hours: on the night when clocks change, what the clocks on
the wall say is not what somebody has worked. Tips are the customers' and never count towards it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.geo import Point, distance_m

_S_PER_HOUR: Final = 3_600
_SECOND: Final = timedelta(seconds=1)
#: Coming late or leaving early by less than this in all takes nothing away.
GRACE: Final = timedelta(minutes=10)
#: Nobody drives longer than this in one go.
LONGEST: Final = timedelta(hours=12)
SHORTEST: Final = timedelta(hours=1)


#: Further away nobody looks for hours: an hour's drive and more.
NEAR_M: Final = 80_000
#: Places whose blocks a driver reads through, the nearest.
PLACES_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when, UTC."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> int:
        """How long it really is."""
        return (self.ends_at - self.starts_at) // _SECOND

    def overlaps(self, other: "Hours") -> bool:
        """Tell whether both have an instant in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What lifts a driver's pay to the least of a block.

    Attributes:
        amount_minor: What is missing; 0 when the runs came to as much.
        earned_minor: What the runs of the block paid, without tips.
        guaranteed_minor: The least for the counted time.
        counted_s: Seconds on duty within the block.
    """

    amount_minor: int
    earned_minor: int
    guaranteed_minor: int
    counted_s: int


def places_near(places: Mapping[str, Point], here: Point | None) -> dict[str, int | None]:
    """Return `{place: metres away}` of the places whose blocks are shown, the nearest first.

    Args:
        places: Where the places are at which the driver may work, by id.
        here: Where the driver is or works; None when nobody knows: then all places count, in their
            order, each with None.
    """
    if here is None:
        return dict.fromkeys(places)
    away = {key: round(distance_m(here, point)) for key, point in places.items()}
    near = sorted((metres, key) for key, metres in away.items() if metres <= NEAR_M)
    return {key: metres for metres, key in near[:PLACES_SHOWN]}


def hours_on(day: date, since: time, until: time, zone: ZoneInfo) -> Hours:
    """Return the hours of a day at a place; an end that is not after the begin is the next day's.

    A time that the clocks show twice is the first of both, one that they skip is as long after the
    last hour before it as it says.
    """
    last_day = day if until > since else day + timedelta(days=1)
    return Hours(
        datetime.combine(day, since, zone).astimezone(UTC),
        datetime.combine(last_day, until, zone).astimezone(UTC),
    )


def is_reasonable(hours: Hours) -> bool:
    """Tell whether a block may be so long."""
    return SHORTEST <= hours.ends_at - hours.starts_at <= LONGEST


def counted_s(block: Hours, on_duty: Iterable[Hours]) -> int:
    """Return for how many seconds of a block somebody was on duty there.

    All of it when only `GRACE` is missing. The spans do not overlap.
    """
    present = sum(
        (
            max(
                timedelta(0),
                min(span.ends_at, block.ends_at) - max(span.starts_at, block.starts_at),
            )
            for span in on_duty
        ),
        timedelta(0),
    )
    whole = block.ends_at - block.starts_at
    return block.seconds if whole - present <= GRACE else present // _SECOND


def least_minor(hourly_minor: int, seconds: int) -> int:
    """Return what so many seconds come to at an hourly rate, halves up."""
    return (2 * hourly_minor * seconds + _S_PER_HOUR) // (2 * _S_PER_HOUR)


def guarantee(hourly_minor: int, seconds: int, earned_minor: int) -> Guarantee:
    """Return what is missing to the least of a block.

    Args:
        hourly_minor: Guaranteed for an hour.
        seconds: The counted time.
        earned_minor: All lines of the runs claimed in the block at its site, without tips.
    """
    least = least_minor(hourly_minor, seconds)
    return Guarantee(max(0, least - earned_minor), earned_minor, least, seconds)
