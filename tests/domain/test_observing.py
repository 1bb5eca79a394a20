"""What a driven run says: work, walks, drives and the way in, each on its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain import eta
from app.domain.geo import Point
from app.domain.hours import Hours, hours_of
from app.domain.learned import Timed
from app.domain.observing import DoneRun, DoneStop, observations, turned_in_at
from app.domain.position import Fix
from app.domain.run import StopKind
from app.domain.walking import Spot
from tests.domain.run_cases import SITE

#: A Tuesday, 14:00 in Phoenix.
NOON = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Phoenix")
LUMEN, ORBIT = Spot(Point(33.3016, -111.8980), 0), Spot(Point(33.3026, -111.8980), 0)
NEAR, FAR = Spot(Point(33.31, -111.90), 0), Spot(Point(33.33, -111.90), 0)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def pickup(spot: Spot, since: float, until: float, **given: object) -> DoneStop:
    fields: dict[str, object] = {"ready_at": at(-30), "arrived_at": at(since)} | given
    return DoneStop(StopKind.PICKUP, "str_1", spot, done_at=at(until), **fields)  # pyright: ignore[reportArgumentType]


def door(spot: Spot, since: float | None, until: float) -> DoneStop:
    arrived_at = at(since) if since is not None else None
    return DoneStop(StopKind.DROPOFF, "photo", spot, arrived_at, at(until), None)


def said(*legs: tuple[DoneStop, ...], came: datetime | None = None) -> list[tuple[str, str, float]]:
    run = DoneRun(SITE, ZONE, legs, came)
    return [(each.timed.value, each.ref, each.real_s) for each in observations(run)]


def test_whole_run_tells_of_everything():
    run = (
        pickup(LUMEN, 5, 8, order_count=2),
        pickup(ORBIT, 10, 12),
        door(NEAR, 25, 27),
        door(FAR, 35, 36),
    )

    assert said(run, came=at(0)) == [
        ("parking", "", 300),
        ("counter", "str_1", 180),
        ("counter", "str_1", 120),
        ("door", "photo", 120),
        ("door", "photo", 60),
        ("walk", "", 120),
        ("drive", Hours.MIDDAY.value, 480),
    ]


def test_default_grows_with_the_orders_at_the_counter():
    run = DoneRun(SITE, ZONE, ((pickup(LUMEN, 5, 8, order_count=3),),))

    (told,) = observations(run)

    assert told.default_s == eta.handover_s(3)


def test_waiting_for_the_store_is_no_work_at_its_counter():
    assert said((pickup(LUMEN, 5, 20, ready_at=at(18)),)) == [("counter", "str_1", 120)]


def test_counter_says_nothing_when_nobody_said_when_it_was_packed():
    assert said((pickup(LUMEN, 5, 20, ready_at=None),)) == []


def test_arrival_that_was_told_with_the_end_says_nothing():
    assert said((door(NEAR, None, 27),)) == []
    assert said((door(NEAR, 20, 22), door(FAR, None, 40))) == [("door", "photo", 120)]


def test_way_over_something_else_says_nothing():
    assert said((door(NEAR, 20, 22),), (door(FAR, 40, 42),)) == [
        ("door", "photo", 120),
        ("door", "photo", 120),
    ]


def test_door_that_was_reached_before_its_window_says_nothing():
    early, in_time = (replace(door(NEAR, 20, 32), ready_at=at(opens)) for opens in (30, 20))

    assert said((early,)) == []
    assert said((in_time,)) == [("door", "photo", 720)]


def test_way_that_had_time_until_the_next_window_says_nothing():
    def ways(opens: float) -> list[str]:
        after = replace(door(FAR, 35, 36), ready_at=at(opens))
        return [name for name, _ref, _s in said((door(NEAR, 20, 22), after)) if name == "drive"]

    # 22:00 and some five minutes to drive.
    assert ways(34) == []
    assert ways(26) == ["drive"]


def test_doors_of_one_house_are_no_drive():
    assert [each[0] for each in said((door(NEAR, 20, 22), door(NEAR, 23, 24)))] == ["door", "door"]


def test_run_without_a_counter_tells_of_no_parking():
    assert said(came=at(0)) == []
    assert said((door(NEAR, None, 5),), came=at(0)) == []
    assert said((pickup(LUMEN, 5, 8, arrived_at=None, ready_at=None),), came=at(0)) == []


def fixes(*lats: float) -> list[Fix]:
    return [Fix(33.3008 + lat, -111.8992, 10, at(number)) for number, lat in enumerate(lats)]


def test_driver_turns_in_where_the_first_fix_near_the_parking_follows_one_that_is_not():
    assert turned_in_at(fixes(0.02, 0.01, 0.001, 0.0), SITE) == at(2)


def test_who_was_there_all_the_time_or_never_came_did_not_turn_in():
    assert turned_in_at(fixes(0.001, 0.0), SITE) is None
    assert turned_in_at(fixes(0.02, 0.01), SITE) is None
    assert turned_in_at([], SITE) is None


@pytest.mark.parametrize(
    ("day", "hour", "hours"),
    [
        (24, 5, Hours.NIGHT),
        (24, 6, Hours.MORNING),
        (24, 9, Hours.MIDDAY),
        (24, 16, Hours.EVENING),
        (24, 19, Hours.NIGHT),
        (28, 8, Hours.WEEKEND),
        (28, 23, Hours.NIGHT),
    ],
)
def test_hours_of_traffic(day: int, hour: int, hours: Hours):
    assert hours_of(datetime(2026, 11, day, hour, tzinfo=ZONE)) is hours


def test_everything_that_is_timed_is_told_apart():
    assert {timed.value for timed in Timed} == {"parking", "walk", "counter", "door", "drive"}
