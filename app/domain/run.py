"""The life of a run: the driver's work, apart from the deliveries' own status."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class RunStatus(StrEnum):
    """Where a run stands, from its forming to its end."""

    FORMING = "forming"
    OFFERED = "offered"
    CLAIMED = "claimed"
    COLLECTING = "collecting"
    DELIVERING = "delivering"
    FINISHED = "finished"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class StopKind(StrEnum):
    """Why a driver visits a place."""

    PICKUP = "pickup"
    DROPOFF = "dropoff"
    RETURN = "return"


class StopStatus(StrEnum):
    """Where the driver stands with a stop; a skipped one has nothing left to do."""

    AHEAD = "ahead"
    ARRIVED = "arrived"
    DONE = "done"
    SKIPPED = "skipped"


class ReleaseReason(StrEnum):
    """Why a driver no longer has a run, or one of its deliveries.

    He gives it back, a dispatcher takes it, the claim lapses, or the store lets him go without.
    """

    VEHICLE_PROBLEM = "vehicle_problem"
    TOO_LONG_WAIT = "too_long_wait"
    EMERGENCY = "emergency"
    MISTAKE = "mistake"
    OTHER = "other"
    DISPATCHER = "dispatcher"
    NO_PROGRESS = "no_progress"
    STORE_NOT_READY = "store_not_ready"


class FailReason(StrEnum):
    """Why parcels could not be handed over at a door."""

    NOBODY_HOME = "nobody_home"
    WRONG_ADDRESS = "wrong_address"
    REFUSED = "refused"
    DAMAGED = "damaged"
    UNSAFE = "unsafe"
    OTHER = "other"


_R = RunStatus

LEGAL_NEXT: Final[dict[RunStatus, frozenset[RunStatus]]] = {
    _R.FORMING: frozenset({_R.OFFERED, _R.CANCELLED}),
    _R.OFFERED: frozenset({_R.CLAIMED, _R.EXPIRED, _R.CANCELLED}),
    # A claimed run may finish without a collection: when the stores have cancelled everything.
    _R.CLAIMED: frozenset({_R.OFFERED, _R.COLLECTING, _R.DELIVERING, _R.FINISHED}),
    _R.COLLECTING: frozenset({_R.DELIVERING, _R.FINISHED}),
    _R.DELIVERING: frozenset({_R.FINISHED}),
    _R.FINISHED: frozenset(),
    _R.EXPIRED: frozenset(),
    _R.CANCELLED: frozenset(),
}
HELD: Final = frozenset({_R.CLAIMED, _R.COLLECTING, _R.DELIVERING})

#: A driver may claim this often and release again before a pause is due.
RELEASES_BEFORE_PAUSE: Final = 3
RELEASE_SPAN: Final = timedelta(minutes=10)
PAUSE: Final = timedelta(minutes=2)


def pause_left(releases: tuple[timedelta, ...]) -> timedelta:
    """Return how long a driver must wait before the next claim, zero when not at all.

    Args:
        releases: Ages of the driver's latest releases, youngest first.
    """
    recent = [age for age in releases if age < RELEASE_SPAN]
    if len(recent) < RELEASES_BEFORE_PAUSE:
        return timedelta(0)
    return max(timedelta(0), PAUSE - recent[0])
