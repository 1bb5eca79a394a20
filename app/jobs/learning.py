"""The job that learns from finished runs how long things take."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from app.jobs.queue import enqueue
from app.runs import learning, relearning


def learn_times(*, now: datetime) -> None:
    """Learn from some finished runs, and ask for the next ones while there are any."""
    if learning.learn(now=now):
        enqueue(learning.LEARN, {}, key=f"{learning.LEARN}:next", run_at=now, now=now)


def relearn_drives(*, site_id: str, now: datetime) -> None:
    """Tell anew what a site's drives have taught."""
    relearning.relearn(site_id, now=now)


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    learning.LEARN: learn_times,
    relearning.RELEARN: relearn_drives,
}

#: Kinds that run again and again, with the seconds between.
SCHEDULE: Final[Mapping[str, int]] = {learning.LEARN: 3600}
