"""When a run that is put together is shown to drivers: late enough to fill, early enough to start.

A run that is claimed takes no further orders, so showing it at once makes runs of one order.
Waiting costs nobody anything as long as every window is kept: a run waits until its last safe start
is near, and a fuller one less long. A full one waits too: shown hours ahead it would bind a driver
who can do nothing yet, and orders could not be exchanged for better ones any more. In the simulated
day that costs a fifth more per drop, and every tenth order is late.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.domain.forming import ORDERS_MAX
from app.domain.run_plan import RunPlan

#: From showing a run until a driver has claimed it and turns into the site.
FINDING: Final = timedelta(minutes=25)
#: What a plan may be wrong by without anybody getting it late: the share of its duration …
SAFETY_SHARE: Final = 0.30
#: … and at least so much.
SAFETY_MIN: Final = timedelta(minutes=10)
#: A full run gains less by waiting: it waits this much shorter, a half-full one half as much.
FULL_SHARE: Final = 0.4


def shown_at(plan: RunPlan, until: Mapping[str, datetime], now: datetime) -> datetime | None:
    """Return the full minute at which drivers are to see a run; None for at once.

    Args:
        plan: The run as planned.
        until: When the window of each delivery ends, by id.
        now: The present.
    """
    # Never later than the rule says; and a run that is planned again mostly keeps its minute.
    minute = opens_at(plan, until).replace(second=0, microsecond=0)
    return minute if minute > now else None


def opens_at(plan: RunPlan, until: Mapping[str, datetime]) -> datetime:
    """Return when drivers are to see a run; an instant that is past means now.

    Args:
        plan: The run as planned.
        until: When the window of each delivery ends, by id.
    """
    safety = max(SAFETY_MIN, timedelta(seconds=round(plan.duration_s * SAFETY_SHARE)))
    tightest = min(
        until[stop.delivery_id] - stop.planned_at
        for stop in plan.stops
        if stop.delivery_id is not None
    )
    waits = max(timedelta(0), tightest - safety) * (1 - FULL_SHARE * len(until) / ORDERS_MAX)
    return plan.starts_at + waits - FINDING
