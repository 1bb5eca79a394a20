"""What of a day needs a human, and what of it first."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.delivery import ENDED, DeliveryStatus
from app.domain.run import RunStatus


class Trouble(StrEnum):
    """What about a delivery or a run needs a human, the worst first."""

    HELD = "held"
    ENDED_BADLY = "ended_badly"
    LATE = "late"
    #: A run: it was raised, and still nobody takes it.
    UNWANTED = "unwanted"
    AT_RISK = "at_risk"
    UNPROVED = "unproved"


#: How a delivery ends so that its store has something left to do.
BAD_ENDS: Final = frozenset({DeliveryStatus.LOST, DeliveryStatus.RETURNED})
#: A run is raised after that long at the earliest; then it is the dispatcher's turn.
UNWANTED_AFTER: Final = timedelta(hours=1)


def severity(trouble: Trouble) -> int:
    """Return the place of a trouble among all, 0 for the worst."""
    return list(Trouble).index(trouble)


def trouble_of(
    status: DeliveryStatus,
    *,
    is_held: bool,
    is_unproved: bool,
    planned_until: datetime,
    told_until: datetime,
    now: datetime,
) -> Trouble | None:
    """Return what about a delivery needs a human, the worst of it; None when nothing does.

    Args:
        status: Where it stands.
        is_held: Nothing moves until somebody decides.
        is_unproved: There is less proof than its store wants.
        planned_until: Past this it is at risk.
        told_until: Past what was promised it is late; never before `planned_until`.
        now: The present.
    """
    if is_held:
        return Trouble.HELD
    if status in BAD_ENDS:
        return Trouble.ENDED_BADLY
    if status not in ENDED and planned_until < now:
        return Trouble.LATE if told_until < now else Trouble.AT_RISK
    return Trouble.UNPROVED if is_unproved else None


def hours_unwanted(status: RunStatus, *, raises: int, offered_at: datetime, now: datetime) -> int:
    """Return for how many hours nobody has taken a run even for more money, else 0.

    It is the dispatcher's turn then to look for a driver.
    """
    if status is not RunStatus.OFFERED or not raises:
        return 0
    return (now - offered_at) // timedelta(hours=1)
