"""Answers of the last seconds, so that a page with a thousand readers asks the database once."""

from datetime import datetime, timedelta
from typing import Final

#: A page shows a store or two to a few postal codes; whoever asks for all of them pushes others out
#: and fills no memory.
MOST: Final = 2_000


class RecentAnswers:
    """What was answered lately, by question. In memory: each process has its own.

    Args:
        kept_s: Seconds for which an answer stands; with 0 nothing is kept.
    """

    def __init__(self, kept_s: int) -> None:
        self._kept = timedelta(seconds=kept_s)
        #: In the order in which they came, so that the oldest stand in front.
        self._answers: dict[tuple[str, ...], tuple[datetime, bytes]] = {}

    def get(self, question: tuple[str, ...], now: datetime) -> bytes | None:
        """Return an answer that still stands, or None."""
        found = self._answers.get(question)
        # A clock that was set back would let an answer stand for long.
        is_fresh = found is not None and timedelta() <= now - found[0] < self._kept
        return found[1] if found is not None and is_fresh else None

    def keep(self, question: tuple[str, ...], answer: bytes, now: datetime) -> None:
        """Keep an answer; the oldest goes when there are too many."""
        if not self._kept:
            return
        self._answers.pop(question, None)
        self._answers[question] = (now, answer)
        if len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
