from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.earnings import Span

PHOENIX = ZoneInfo("America/Phoenix")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from([PHOENIX, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Pacific/Apia")])


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)])
def test_week_is_from_monday_to_sunday(day: date):
    week = Span.week_of(day, PHOENIX)

    assert (week.first_on, week.last_on) == (date(2026, 11, 23), date(2026, 11, 29))


def test_evening_belongs_to_the_day_of_the_driver_and_not_of_greenwich():
    week = Span.week_of(date(2026, 11, 24), PHOENIX)
    evening = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)

    assert week.day_of(evening) == date(2026, 11, 24)
    assert week.since == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert week.until == datetime(2026, 11, 30, 7, tzinfo=UTC)


def test_week_in_which_the_clocks_change_is_an_hour_longer():
    week = Span.week_of(date(2026, 11, 1), NEW_YORK)

    assert week.until - week.since == timedelta(days=7, hours=1)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)), ZONES)  # noqa: DTZ001 - made UTC.
def test_every_instant_is_in_exactly_the_week_of_its_day(naive: datetime, zone: ZoneInfo):
    instant = naive.replace(tzinfo=UTC)
    week = Span.week_of(instant.astimezone(zone).date(), zone)

    assert week.since <= instant < week.until
    assert week.first_on <= week.day_of(instant) <= week.last_on
    assert Span.week_of(week.last_on + timedelta(days=1), zone).since == week.until
