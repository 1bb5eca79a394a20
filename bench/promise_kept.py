"""Whether "get it today" is meant: of the orders that were promised, those that missed the window.

Simulated days at three malls, in which each customer asks for the promise when the order is placed
and takes it; see `app/simulation/promising.py`. The worst day is judged: a shop's customers of that
day do not care how others fared.
"""

from collections.abc import Iterator
from typing import Final

from app.simulation.places import read_sites
from app.simulation.promising import Kept, kept
from bench.figures import Figure, say

SEEDS: Final = (1, 2, 3, 4, 5)
GOAL: Final = 0.02


def measure() -> Iterator[Figure]:
    """Simulate some days; a minute or two each."""
    days: dict[int, Kept] = {}
    for seed in SEEDS:
        say(f"promise_kept: day {seed}")
        day = days[seed] = kept(read_sites(), seed)
        yield Figure(
            name=f"promise_missed_share_day_{seed}",
            ours=f"{day.missed} of {day.promised}",
            judged=day.missed_share,
        )
    worst = max(day.missed_share for day in days.values())
    yield Figure(
        name="promise_missed_share_worst_day",
        ours=f"{worst:.2%}",
        judged=worst,
        goal=GOAL,
        rule="at_most",
    )
    # A promise that says no to everybody would miss nothing.
    given = sum(day.promised for day in days.values()) / sum(day.asked for day in days.values())
    yield Figure(name="promise_given_share", ours=f"{given:.1%}", judged=given)
