"""How well a driver fits a run on offer: who is asked first, and why somebody is not.

An offer opens with a short window in which drivers may ask for it. At its end the best fit of those
who asked has it, however fast they tapped; afterwards the first tap wins. A vehicle that is too
small, or a shift that ends too early, is no part of the window and is told why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.eta import DOOR_S, travel_s

#: Ways that differ by less are equally near: phones jump, and nobody is to gain by a few metres.
NEAR_BAND_S: Final = 120
#: A driver whose position nobody knows counts as this far away, neither favoured nor left out.
UNKNOWN_AWAY_M: Final = 5_000


class Misfit(StrEnum):
    """Why a run is not offered to a driver in the window."""

    TOO_LARGE = "too_large"
    AFTER_SHIFT = "after_shift"


class Behind(StrEnum):
    """Why another driver has the run that somebody asked for."""

    BLOCK = "block"
    NEARER = "nearer"
    WAITED = "waited"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Need:
    """What a run asks of whoever takes it.

    Attributes:
        litres: All parcels together.
        duration_s: From the site to the end of the last drop-off.
        ends_at: When the last drop-off is planned to begin; None when no stop is planned.
        door_s: How long it takes there.
    """

    litres: int
    duration_s: int
    ends_at: datetime | None
    door_s: int = DOOR_S


@dataclass(frozen=True, slots=True)
class Candidate:
    """A driver who may want it.

    Attributes:
        id: Of the driver.
        away_m: Great-circle metres to the site; None when nobody knows.
        capacity_l: What the vehicle takes.
        shift_until: When the shift ends; None for an open end.
        has_block: Whether a block binds driver and site to each other now.
        waits_since: Since when the driver is on duty without a run.
        way_s: Seconds by car to the site as ways are known there; None where they are not: then
            `away_m` tells.
    """

    id: str
    away_m: int | None
    capacity_l: int
    shift_until: datetime | None
    has_block: bool
    waits_since: datetime
    way_s: int | None = None


def over_at(need: Need, candidate: Candidate, now: datetime) -> datetime:
    """Return when a driver who takes the run now is through with it."""
    away_m, way_s = candidate.away_m, candidate.way_s
    if way_s is None:
        way_s = travel_s(UNKNOWN_AWAY_M if away_m is None else away_m)
    soonest = now + timedelta(seconds=way_s + need.duration_s)
    if need.ends_at is None:
        return soonest
    return max(soonest, need.ends_at + timedelta(seconds=need.door_s))


def misfits(need: Need, candidate: Candidate, now: datetime) -> tuple[Misfit, ...]:
    """Return why a run is not for a driver in the window; nothing when it is."""
    found: list[Misfit] = []
    if need.litres > candidate.capacity_l:
        found.append(Misfit.TOO_LARGE)
    shift_until = candidate.shift_until
    if shift_until is not None and over_at(need, candidate, now) > shift_until:
        found.append(Misfit.AFTER_SHIFT)
    return tuple(found)


def by_fit(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return drivers who asked, best fit first.

    First whoever drives a block here, then the nearest, in steps of `NEAR_BAND_S` on the road;
    among the equally near whoever has waited longest. When somebody tapped plays no part.
    """
    return sorted(
        candidates,
        key=lambda each: (not each.has_block, _band(each.away_m), each.waits_since, each.id),
    )


def behind(winner: Candidate | None, loser: Candidate) -> Behind:
    """Return why somebody was not the best fit; without a winner the run has left the window."""
    if winner is None:
        return Behind.GONE
    if winner.has_block and not loser.has_block:
        return Behind.BLOCK
    return Behind.NEARER if _band(winner.away_m) < _band(loser.away_m) else Behind.WAITED


def _band(away_m: int | None) -> int:
    return travel_s(UNKNOWN_AWAY_M if away_m is None else away_m) // NEAR_BAND_S
