"""What comes again by itself: one waiting job per kind, renewed by each look."""

from datetime import datetime, timedelta

from app.jobs.handlers import SCHEDULE
from app.jobs.queue import enqueue


def plan(now: datetime) -> None:
    """Put each scheduled kind into the job table at its next full turn; a waiting one stays."""
    for kind, every_s in SCHEDULE.items():
        turn = int(now.timestamp()) // every_s + 1
        at = datetime.fromtimestamp(turn * every_s, now.tzinfo)
        enqueue(
            kind,
            {},
            key=f"{kind}:{turn}",
            run_at=min(at, now + timedelta(seconds=every_s)),
            now=now,
        )
