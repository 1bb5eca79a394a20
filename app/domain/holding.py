"""When a run that is put together is shown to drivers: late enough to fill, early enough to start.

A run that is claimed takes no further orders, so showing it at once makes runs of one order.
Waiting costs nobody anything as long as every window is kept: a run waits until its last safe start
is near, and a fuller one less long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from app.domain.forming import ORDERS_MAX
from app.domain.run_plan import OpenDelivery, RunPlan, slack

#: From showing a run until a driver has claimed it and turns into the site.
FINDING: Final = timedelta(minutes=25)
#: What a plan may be wrong by without anybody getting it late: the share of its duration …
SAFETY_SHARE: Final = 0.30
#: … and at least so much.
SAFETY_MIN: Final = timedelta(minutes=10)
#: A full run gains less by waiting: it waits this much shorter, a half-full one half as much.
FULL_SHARE: Final = 0.4


def opens_at(plan: RunPlan, deliveries: Sequence[OpenDelivery]) -> datetime:
    """Return when drivers are to see a run; an instant that is past means now.

    Args:
        plan: The run as planned.
        deliveries: What it carries.
    """
    safety = max(SAFETY_MIN, timedelta(seconds=round(plan.duration_s * SAFETY_SHARE)))
    spare = slack(plan, {each.id: each for each in deliveries}) - safety
    waits = max(timedelta(0), spare) * (1 - FULL_SHARE * len(deliveries) / ORDERS_MAX)
    return plan.starts_at + waits - FINDING
