"""Whether "get it today" is meant: of the orders that were promised, those that missed the window.

A simulated day at three malls, in which each customer asks for the promise when the order is placed
and takes the window that was promised; see `app/simulation/promising.py`.
"""

from collections.abc import Iterator
from typing import Final

from app.domain.travel import estimate
from app.simulation.places import read_sites
from app.simulation.promising import kept
from bench.figures import Figure, say

SEEDS: Final = (1, 2, 3)
GOAL: Final = 0.02


def measure() -> Iterator[Figure]:
    """Simulate a few days; most of a minute each."""
    missed = promised = asked = 0
    for seed in SEEDS:
        say(f"promise_kept: day {seed}")
        day = kept(read_sites(), seed, estimate)
        missed, promised, asked = missed + day.missed, promised + day.promised, asked + day.asked
    yield Figure(
        name="promise_missed_share",
        ours=f"{missed / max(1, promised):.2%}",
        judged=missed / max(1, promised),
        goal=GOAL,
        rule="at_most",
    )
    # A promise that says no to everybody would miss nothing.
    yield Figure(
        name="promise_given_share", ours=f"{promised / asked:.1%}", judged=promised / asked
    )
