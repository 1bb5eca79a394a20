"""Whether an order placed now can be promised for today, and until when it must be placed.

Conservative in every doubt: a shop that says "get it today" must mean it. The answer supposes the
drivers on duty and the open orders as they are now; whoever is asked again later may answer less.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.eta import DOOR_S, PARKING_S, handover_s
from app.domain.opening import PACKING, WINDOW, Hours, ready_at, window_from

#: Each open order of a driver puts the next one off by so much: a leg, a door, its share of the way
#: back to the store and of the walks there. An assumption on the slow side; a run of several doors
#: needs less for each.
PER_ORDER: Final = timedelta(minutes=15)
#: Driving may take so much longer than estimated. Source: `eta`, whose fits err by 21–26 % on
#: average; twice that.
SLOWER_PERCENT: Final = 50
#: What was promised is planned so much earlier. In simulated days whose orders were planned up to
#: the end, most of those that missed it did so by less: a road, a door or a counter that took
#: longer than estimated, in a full run.
SPARE: Final = timedelta(minutes=15)
#: An answer may be this old when somebody reads it: it lies in caches on the way.
CACHED: Final = timedelta(seconds=60)
_MINUTE: Final = timedelta(minutes=1)


class Answer(StrEnum):
    """What is answered; stable, for programs."""

    TODAY = "today"
    POSTAL_CODE_UNKNOWN = "postal_code_unknown"
    TOO_FAR = "too_far"
    NOT_FROM_HERE = "not_from_here"
    CLOSED_TODAY = "closed_today"
    TOO_LATE = "too_late"
    NO_DRIVER = "no_driver"
    TOO_BUSY = "too_busy"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a promise depends on.

    Attributes:
        now: Aware.
        timezone: IANA name of the site's zone; "today" is its today.
        hours: Of the store.
        away_m: From the store to the farthest door that may be meant, great circle.
        reach_m: How far deliveries go.
        drive_s: The estimated drive to there.
        shifts: Until when each driver on duty at the site works; None for an open end.
        open_orders: Orders of the site that wait, are offered or are being carried out.
        work_s: What one order takes besides the drive: parking, the counter, the door.
    """

    now: datetime
    timezone: str
    hours: Hours
    away_m: float
    reach_m: float
    drive_s: int
    shifts: tuple[datetime | None, ...]
    open_orders: int
    work_s: int = PARKING_S + handover_s(1) + DOOR_S


@dataclass(frozen=True, slots=True)
class Plan:
    """When an order would be ready, in which window it comes, and when about; UTC.

    Attributes:
        ready_at: When the store can have packed it.
        window_from: Of the window that is promised.
        window_until: Its end.
        arrives_at: An estimate on the slow side.
    """

    ready_at: datetime
    window_from: datetime
    window_until: datetime
    arrives_at: datetime

    @property
    def planned_until(self) -> datetime:
        """Until when the order itself is wanted, so that a delay on the way breaks no promise."""
        return self.window_until - SPARE


@dataclass(frozen=True, slots=True)
class Promise:
    """The answer; plan and the last minute for ordering only when it is `today`."""

    answer: Answer
    plan: Plan | None = None
    order_by: datetime | None = None


def promise(asked: Circumstances) -> Promise:
    """Answer whether an order placed now comes today, and until when one can be placed."""
    plan = order_now(asked)
    if not isinstance(plan, Plan):
        return Promise(plan)
    order_by = _last_minute(asked, asked.now.astimezone(UTC))
    if order_by <= asked.now:
        # It still can be ordered, but not by somebody who reads this a minute later.
        return Promise(Answer.TOO_LATE)
    return Promise(Answer.TODAY, plan, order_by)


def order_now(asked: Circumstances) -> Plan | Answer:
    """Return how an order goes that is placed this very moment, or why it does not come today."""
    if asked.away_m > asked.reach_m:
        return Answer.TOO_FAR
    return _planned(asked, asked.now.astimezone(UTC))


def _planned(asked: Circumstances, at: datetime) -> Plan | Answer:
    """Return how an order of an instant of today would go, or why it would not.

    Later orders never fare better on the same day: `_last_minute` relies on it.
    """
    zone = ZoneInfo(asked.timezone)
    today = asked.now.astimezone(zone).date()
    if asked.hours.get(today.weekday()) is None:
        return Answer.CLOSED_TODAY
    ready = ready_at(at + PACKING, asked.hours, asked.timezone)
    if ready is None or ready.astimezone(zone).date() != today:
        return Answer.TOO_LATE
    start, until = window_from(ready)
    midnight = datetime.combine(today + timedelta(days=1), time(), zone)
    if until > midnight:
        return Answer.TOO_LATE
    drivers = sum(shift is None or shift >= ready + WINDOW for shift in asked.shifts)
    if drivers == 0:
        return Answer.NO_DRIVER
    orders_before = -(-asked.open_orders // drivers)
    arrives = ready + orders_before * PER_ORDER + _own_way(asked)
    # Not `until`: whole quarters would give a later order more time than an earlier one.
    if arrives > ready + WINDOW:
        return Answer.TOO_BUSY
    return Plan(ready, start, until, arrives)


def _own_way(asked: Circumstances) -> timedelta:
    slow_s = -(-asked.drive_s * (100 + SLOWER_PERCENT) // 100)
    return timedelta(seconds=asked.work_s + slow_s)


def _last_minute(asked: Circumstances, now: datetime) -> datetime:
    """Return the last whole minute of today at which an order still comes today."""
    zone = ZoneInfo(asked.timezone)
    today = now.astimezone(zone).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), zone).astimezone(UTC)
    minute = now.replace(second=0, microsecond=0)
    works, fails = 0, (midnight - minute) // _MINUTE + 1
    while fails - works > 1:
        middle = (works + fails) // 2
        if isinstance(_planned(asked, minute + middle * _MINUTE), Plan):
            works = middle
        else:
            fails = middle
    return minute + works * _MINUTE - CACHED
