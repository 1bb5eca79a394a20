"""When the runs of a delivery station leave: in waves, a quarter of an hour apart, bay by bay."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

#: Drivers come in waves so that the yard is never full.
QUARTER: Final = timedelta(minutes=15)
#: From the last parcel's arrival until a run is sorted. An assumption until stations say better.
SORTING: Final = timedelta(minutes=10)
#: Runs that one wave has room for.
BAYS: Final = 12
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Berth:
    """Where and when a run is loaded: the instant at which its wave leaves, and a bay from 1."""

    wave_at: datetime
    bay: int


def berth_for(
    *,
    ready_at: datetime,
    starts_at: datetime,
    latest: datetime,
    taken: Mapping[datetime, Collection[int]],
    present: Berth | None = None,
) -> Berth:
    """Return the berth of a run: the first wave that it can leave with, in the lowest free bay.

    A run goes with the quarter of an hour after its parcels are sorted and its plan begins. Where
    that quarter would miss a window, it goes with the one before, if its parcels are sorted by
    then. A full wave passes it on to the next one. A run whose wave stays keeps its bay.

    Args:
        ready_at: When the last parcel is there.
        starts_at: When the plan begins, windows in mind.
        latest: The last departure with which every window is kept.
        taken: Bays of other runs by their wave.
        present: The berth that the run has now.
    """
    sorted_at = ready_at + SORTING
    earliest = max(sorted_at, starts_at)
    wave_at = _quarter_from(earliest)
    before = wave_at - QUARTER
    if wave_at > latest and before >= sorted_at:
        wave_at = before
    while len(set(taken.get(wave_at, ()))) >= BAYS:
        wave_at += QUARTER
    if present is not None and present.wave_at == wave_at:
        return present
    free = set(range(1, BAYS + 1)) - set(taken.get(wave_at, ()))
    return Berth(wave_at, min(free))


def _quarter_from(instant: datetime) -> datetime:
    """Return the first quarter of an hour at or after an instant."""
    return instant + (_EPOCH - instant) % QUARTER
