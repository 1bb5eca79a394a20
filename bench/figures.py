"""What a figure is, how it is printed, and where progress goes."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

#: `at_least` and `at_most` compare with the goal; `report` has none.
Rule = Literal["at_least", "at_most", "report"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line.

    Attributes:
        name: Stable, lower case: what the line is called from run to run.
        ours: The product's value with its unit.
        peer: What it is compared with, with its unit; a dash when there is no peer.
        ratio: Ours by the peer; None when there is no peer.
        judged: The number that the goal is about: a ratio, milliseconds or bytes.
        goal: The bound of `judged`.
        rule: On which side of the goal is good.
    """

    name: str
    ours: str
    judged: float
    peer: str = "-"
    ratio: float | None = None
    goal: float | None = None
    rule: Rule = "report"

    @property
    def verdict(self) -> str:
        """`ok`, `short`, or a dash where there is no goal."""
        if self.goal is None or self.rule == "report":
            return "-"
        is_met = self.judged >= self.goal if self.rule == "at_least" else self.judged <= self.goal
        return "ok" if is_met else "short"

    def line(self) -> str:
        """Return the printed line."""
        sign = {"at_least": "≥ ", "at_most": "≤ ", "report": ""}[self.rule]
        goal = f"{sign}{self.goal:g}" if self.goal is not None else "-"
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else "-"
        return "  ".join(
            (
                f"{self.name:<38}",
                f"{self.ours:>14}",
                f"{self.peer:>14}",
                f"{ratio:>6}",
                f"{goal:>9}",
                self.verdict,
            )
        )


HEAD = f"{'name':<38}  {'ours':>14}  {'peer':>14}  {'ratio':>6}  {'goal':>9}"

Measure = Callable[[], Iterable[Figure]]


def say(text: str) -> None:
    """Show what is going on, on one line that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K… {text}", end="", file=sys.stderr, flush=True)
    else:
        print(f"… {text}", file=sys.stderr, flush=True)


def clear() -> None:
    """Take the progress line away before a figure is printed."""
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
