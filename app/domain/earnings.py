"""Weeks and days in which a driver's earnings are added up, in the driver's own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days, in a time zone.

    Attributes:
        first_on: The first day.
        last_on: The last day, itself included.
        zone: Whose midnights count.
    """

    first_on: date
    last_on: date
    zone: ZoneInfo

    @classmethod
    def week_of(cls, day: date, zone: ZoneInfo) -> Self:
        """Return the week of a day, from Monday to Sunday."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6), zone)

    @property
    def since(self) -> datetime:
        """The first instant, UTC; a day of 23 or 25 hours begins at its own midnight."""
        return self._midnight(self.first_on)

    @property
    def until(self) -> datetime:
        """The first instant after the span, UTC."""
        return self._midnight(self.last_on + timedelta(days=1))

    def day_of(self, instant: datetime) -> date:
        """Return the day on which something happened."""
        return instant.astimezone(self.zone).date()

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
