"""The promise rule: yes only when everything fits, and until the last minute at which it does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.opening import PACKING, USUAL, WINDOW, Opening
from app.domain.promise import CACHED, Answer, Circumstances, Plan, order_now, promise

PHOENIX = ZoneInfo("America/Phoenix")
#: A Tuesday, half past two at the mall.
NOON = datetime(2026, 11, 24, 14, 30, tzinfo=PHOENIX)
ASKED = Circumstances(
    now=NOON,
    timezone="America/Phoenix",
    hours=USUAL,
    away_m=5_000,
    reach_m=16_093,
    drive_s=600,
    shifts=(None,),
    open_orders=0,
)


def local(instant: datetime | None, zone: ZoneInfo = PHOENIX) -> str:
    assert instant is not None
    return instant.astimezone(zone).strftime("%a %H:%M")


def test_order_of_the_afternoon_comes_today():
    said = promise(ASKED)

    assert said.answer is Answer.TODAY
    assert said.plan is not None
    assert local(said.plan.ready_at) == "Tue 14:50"
    assert local(said.plan.window_from) == "Tue 15:00"
    assert local(said.plan.window_until) == "Tue 17:00"
    assert local(said.plan.planned_until) == "Tue 16:45"
    assert said.plan.ready_at < said.plan.arrives_at <= said.plan.window_until


def test_last_minute_leaves_time_to_pack_before_the_last_driver_comes():
    # Closes at 21:00, last pickup 20:45, packing 20 minutes, and a minute for caches.
    assert local(promise(ASKED).order_by) == "Tue 20:24"


def test_counter_that_takes_long_puts_off_the_arrival_by_as_much():
    usual, slow = order_now(ASKED), order_now(replace(ASKED, work_s=ASKED.work_s + 600))

    assert isinstance(usual, Plan)
    assert isinstance(slow, Plan)
    assert slow.arrives_at == usual.arrives_at + timedelta(minutes=10)
    assert order_now(replace(ASKED, work_s=2 * 3_600)) is Answer.TOO_BUSY


def test_order_before_opening_is_ready_when_the_store_opens():
    said = promise(replace(ASKED, now=NOON.replace(hour=7)))

    assert said.plan is not None
    assert local(said.plan.ready_at) == "Tue 10:00"
    assert local(said.order_by) == "Tue 20:24"


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"away_m": 16_093}, Answer.TODAY),
        ({"away_m": 16_093.5}, Answer.TOO_FAR),
        ({"hours": {0: Opening(600, 1260)}}, Answer.CLOSED_TODAY),
        ({"now": NOON.replace(hour=20, minute=23)}, Answer.TODAY),
        ({"now": NOON.replace(hour=20, minute=24)}, Answer.TOO_LATE),
        ({"now": NOON.replace(hour=20, minute=26)}, Answer.TOO_LATE),
        ({"now": NOON.replace(hour=23, minute=59)}, Answer.TOO_LATE),
        # A bar that is open until midnight: the window would end tomorrow.
        ({"hours": {1: Opening(600, 1440)}, "now": NOON.replace(hour=21, minute=45)}, "too_late"),
        ({"shifts": ()}, Answer.NO_DRIVER),
        ({"shifts": (NOON + timedelta(hours=2),)}, Answer.NO_DRIVER),
        ({"shifts": (NOON + timedelta(hours=3),)}, Answer.TODAY),
        ({"open_orders": 6}, Answer.TODAY),
        ({"open_orders": 7}, Answer.TOO_BUSY),
        ({"open_orders": 7, "shifts": (None, None)}, Answer.TODAY),
        ({"open_orders": 12, "shifts": (None, NOON)}, Answer.TOO_BUSY),
    ],
)
def test_answer(changed: dict, answer: str):
    said = promise(replace(ASKED, **changed))

    assert said.answer == answer
    assert (said.plan is not None) == (said.order_by is not None) == (answer == "today")


def test_end_of_a_shift_brings_the_last_minute_forward():
    end = NOON + timedelta(hours=4)

    said = promise(replace(ASKED, shifts=(end,)))

    assert said.order_by == (end - WINDOW - PACKING - CACHED).astimezone(UTC)


class TestNightsOfChangingClocks:
    """In New York clocks go forward on 8 March 2026 and back on 1 November 2026, both Sundays."""

    ZONE = ZoneInfo("America/New_York")

    def asked(self, now: datetime) -> Circumstances:
        all_night = {6: Opening(0, 360)}
        return replace(ASKED, now=now, timezone="America/New_York", hours=all_night)

    def test_spring_night_is_an_hour_shorter(self):
        midnight = datetime(2026, 3, 8, 0, 0, tzinfo=self.ZONE)

        said = promise(self.asked(midnight))

        assert local(said.order_by, self.ZONE) == "Sun 05:24"
        assert said.order_by is not None
        assert said.order_by - midnight.astimezone(UTC) == timedelta(hours=4, minutes=24)

    def test_autumn_night_is_an_hour_longer(self):
        midnight = datetime(2026, 11, 1, 0, 0, tzinfo=self.ZONE)

        said = promise(self.asked(midnight))

        assert local(said.order_by, self.ZONE) == "Sun 05:24"
        assert said.order_by is not None
        assert said.order_by - midnight.astimezone(UTC) == timedelta(hours=6, minutes=24)

    def test_second_one_oclock_is_after_the_first(self):
        first = datetime(2026, 11, 1, 1, 30, tzinfo=self.ZONE)

        plans = [promise(self.asked(first.replace(fold=fold))).plan for fold in (0, 1)]

        assert plans[0] is not None
        assert plans[1] is not None
        assert plans[1].ready_at - plans[0].ready_at == timedelta(hours=1)


@given(
    minute=st.integers(0, 1_439),
    later=st.integers(0, 1_439),
    day=st.sampled_from([(2026, 3, 8), (2026, 11, 1), (2026, 11, 24)]),
    opens=st.integers(0, 1_300),
    open_for=st.integers(1, 1_440),
    drive_s=st.integers(0, 3_000),
    shifts=st.lists(st.none() | st.integers(0, 1_600), max_size=3),
    orders=st.integers(0, 12),
)
def test_yes_holds_for_every_order_until_the_last_minute(
    *,
    minute: int,
    later: int,
    day: tuple[int, int, int],
    opens: int,
    open_for: int,
    drive_s: int,
    shifts: list[int | None],
    orders: int,
):
    zone = ZoneInfo("America/New_York")
    midnight = datetime(*day, tzinfo=zone).astimezone(UTC)
    now = midnight + timedelta(minutes=minute, seconds=17)
    asked = Circumstances(
        now=now,
        timezone="America/New_York",
        hours={now.astimezone(zone).weekday(): Opening(opens, min(1_440, opens + open_for))},
        away_m=0,
        reach_m=1,
        drive_s=drive_s,
        shifts=tuple(None if each is None else now + timedelta(minutes=each) for each in shifts),
        open_orders=orders,
    )
    said = promise(asked)
    if said.plan is None or said.order_by is None:
        return
    today = now.astimezone(zone).date()
    assert said.plan.ready_at >= now + PACKING
    assert said.plan.window_from >= said.plan.ready_at
    assert said.plan.arrives_at <= said.plan.window_until
    assert (said.plan.window_until - timedelta(microseconds=1)).astimezone(zone).date() == today
    # Somebody who reads the answer from a cache and orders in time gets it today as well.
    read = min(now + timedelta(minutes=later), said.order_by + CACHED)
    assert isinstance(order_now(replace(asked, now=read)), Plan)
