"""What comes again by itself: one waiting job per kind, renewed by each look."""

from datetime import datetime, timedelta

from app.domain.checkpoint import EVERY_S, LEAVES_MAX
from app.jobs import log
from app.jobs.handlers import SCHEDULE
from app.jobs.queue import enqueue


def plan(now: datetime) -> None:
    """Put each scheduled kind into the job table at its next full turn; a waiting one stays."""
    for kind, every_s in SCHEDULE.items():
        _enqueue(kind, every_s, now)
    waiting = log.waiting_count()
    if waiting:
        _enqueue(log.CHECKPOINT, EVERY_S, now)
    if waiting >= LEAVES_MAX:
        log.enqueue_now(now)


def _enqueue(kind: str, every_s: int, now: datetime) -> None:
    turn = int(now.timestamp()) // every_s + 1
    at = datetime.fromtimestamp(turn * every_s, now.tzinfo)
    run_at = min(at, now + timedelta(seconds=every_s))
    enqueue(kind, {}, key=f"{kind}:{turn}", run_at=run_at, now=now)
