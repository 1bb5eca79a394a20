"""How long things really take, learned from what has been done, with safe defaults until then.

Everything is learned as a factor on the default of `eta`: the mean of the logarithms of real time
over default time. Times of work are nearly log-normal (Amazon's stops are), so the mean that adds
up in a run is `exp(mean + variance / 2)`. The default counts as `PRIOR_COUNT` observations, so that
a few odd days move little, and as long as there are fewer than `COUNT_MIN` nothing moves at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain import eta
from app.domain.delivery import ProofKind
from app.domain.walking import Spot, walk_s

#: The default weighs as much as so many observations.
PRIOR_COUNT: Final = 10
#: Fewer observations than this change nothing.
COUNT_MIN: Final = 5
#: Older observations fade: what was seen last weighs as much as so many at the most.
MEMORY: Final = 200
#: Deviation of the logarithm that is expected before anything is known: quartiles of 52 and 103 s
#: at the door (1,164 stops of Amazon agents) give 0.51.
SPREAD: Final = 0.5
#: What takes more than so many times as long as usual, or as many times less, was something else: a
#: break, a tap that was forgotten, a phone's clock.
ODD_RATIO: Final = 6.0
#: Nothing is done in less: one tap followed the other.
LEAST_S: Final = 5


class Timed(StrEnum):
    """What is timed at a site."""

    PARKING = "parking"
    WALK = "walk"
    COUNTER = "counter"
    DOOR = "door"
    DRIVE = "drive"


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that was done once.

    Attributes:
        timed: What.
        ref: The store of a counter, the proof wanted at a door, the hours of a drive, else empty.
        default_s: Seconds that it takes by default, above 0.
        real_s: Seconds that it took.
    """

    timed: Timed
    ref: str
    default_s: float
    real_s: float

    @property
    def log_ratio(self) -> float | None:
        """The logarithm of real over default, or None when it says nothing."""
        if self.real_s < LEAST_S or self.default_s < LEAST_S:
            return None
        ratio = self.real_s / self.default_s
        return math.log(ratio) if 1 / ODD_RATIO <= ratio <= ODD_RATIO else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What was observed of one thing at one site.

    Attributes:
        count: Observations in all.
        weight: What of them still counts.
        log_sum: Sum of the logarithms of real over default, faded as `weight`.
        log_sq_sum: Sum of their squares.
    """

    count: int = 0
    weight: float = 0.0
    log_sum: float = 0.0
    log_sq_sum: float = 0.0

    def plus(self, log_ratio: float) -> "Learned":
        """Return what is known after one more observation."""
        kept = min(1.0, (MEMORY - 1) / self.weight) if self.weight else 1.0
        return Learned(
            self.count + 1,
            self.weight * kept + 1,
            self.log_sum * kept + log_ratio,
            self.log_sq_sum * kept + log_ratio**2,
        )

    @property
    def factor(self) -> float:
        """By what the default is to be multiplied; 1 while too little is known."""
        if self.count < COUNT_MIN:
            return 1.0
        # Before anything is known the mean is the default: that of the logarithms lies below 0.
        first = -(SPREAD**2) / 2
        weight = PRIOR_COUNT + self.weight
        mean = (PRIOR_COUNT * first + self.log_sum) / weight
        squares = PRIOR_COUNT * (SPREAD**2 + first**2) + self.log_sq_sum
        return math.exp(mean + (squares / weight - mean**2) / 2)


@dataclass(frozen=True, slots=True)
class SiteTimes:
    """How long things take at a site and on the ways from it, as far as it is known.

    Attributes:
        parking: Factor on the way from turning in to the entrance.
        walking: Factor on every walk inside.
        counters: `{store_id: factor}` on the handing over.
        doors: `{proof: factor}` on the time at a door.
    """

    parking: float = 1.0
    walking: float = 1.0
    counters: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)
    doors: Mapping[str, float] = field(default_factory=dict[str, float], hash=False)

    @classmethod
    def of(cls, known: Mapping[tuple[Timed, str], Learned]) -> "SiteTimes":
        """Return the times of a site of which this is known."""

        def factors(timed: Timed) -> dict[str, float]:
            return {ref: each.factor for (of, ref), each in known.items() if of is timed}

        return cls(
            parking=known.get((Timed.PARKING, ""), Learned()).factor,
            walking=known.get((Timed.WALK, ""), Learned()).factor,
            counters=factors(Timed.COUNTER),
            doors=factors(Timed.DOOR),
        )

    def parking_s(self, car: Spot, entrance: Spot) -> int:
        """Return seconds from turning in to the entrance."""
        return round(self.parking * (eta.PARKING_S + walk_s(car, entrance)))

    def walk_s(self, start: Spot, end: Spot) -> int:
        """Return seconds on foot inside the site."""
        return round(self.walking * walk_s(start, end))

    def counter_s(self, store_id: str, order_count: int) -> int:
        """Return seconds at a store's counter for so many orders, at least one."""
        return round(self.counters.get(store_id, 1.0) * eta.handover_s(order_count))

    def next_order_s(self, store_id: str) -> int:
        """Return seconds that a further order adds at a counter, at the least."""
        return math.floor(self.counters.get(store_id, 1.0) * eta.HANDOVER_NEXT_S)

    def door_s(self, proof: ProofKind) -> int:
        """Return seconds at a door, from the car and back."""
        return round(self.doors.get(proof.value, 1.0) * eta.DOOR_S)


#: Nothing is known yet.
DEFAULT_TIMES: Final = SiteTimes()
