"""The job loop: lease what is due, run it, mark it, wait.

One screen, so that its pace and its end are plain.

1. A job is leased with one statement that works on both engines, so two workers never run the same
   one.
2. It runs in its own transaction; its effects and its `done_at` commit together. A handler marked
   with `outside` computes for long: it opens a transaction itself when it writes.
3. A failure is logged with its traceback and tried again later; after the last try, or when the
   handler gives up, the row stays, with its error.
4. A lease that runs out (the process died) makes the job due again.
"""

import json
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Final

from flask import Flask
from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from app import clock
from app.jobs import queue
from app.jobs.models import Job
from app.notify import pushes
from app.notify import service as notify
from app.persistence.transaction import session, transaction

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
IDLE_LOOK_S: Final = 1.0
#: Seconds before the next try; the last one stands for good.
RETRY_AFTER_S: Final = (1, 5, 30, 300, 1800)
#: Kinds that wait for others' machines. A loop of their own works them, so that a slow mail server
#: or message service holds up no run.
APART: Final = frozenset({notify.SEND, pushes.SEND})


def _due(*, apart: bool) -> Select[str]:
    return (
        select(Job.id)
        .where(
            Job.done_at.is_(None),
            Job.run_at <= bindparam("at"),
            Job.kind.in_(APART) if apart else Job.kind.not_in(APART),
            (Job.leased_until.is_(None)) | (Job.leased_until < bindparam("at")),
        )
        .order_by(Job.run_at)
        .limit(1)
    )


# Made once: an idle process looks every second. By whether the kinds are those that run apart.
_DUE: Final = {apart: _due(apart=apart) for apart in (False, True)}
_LEASE_DUE: Final = {
    apart: update(Job)
    .where(Job.id == due.with_for_update(skip_locked=True).scalar_subquery())
    .values(leased_until=bindparam("until"), tries=Job.tries + 1)
    .returning(Job.id, Job.kind, Job.arguments, Job.tries)
    .execution_options(synchronize_session=False)
    for apart, due in _DUE.items()
}

Handler = Callable[..., None]

_OUTSIDE: Final = "mallrun_outside"
_RETRY_AFTER_S: Final = "mallrun_retry_after_s"


class GivenUpError(Exception):
    """Raised by a handler that would fail again: the job stays with these words."""


def outside(handler: Handler) -> Handler:
    """Mark a handler that opens its own transaction, so that nobody waits while it computes.

    It may be run again after a crash between its commit and the mark that it is done.
    """
    setattr(handler, _OUTSIDE, True)
    return handler


def retried_after(*seconds: int) -> Callable[[Handler], Handler]:
    """Mark a handler whose next tries come after other times than `RETRY_AFTER_S`."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, _RETRY_AFTER_S, seconds)
        return handler

    return mark


def run_due(handlers: Mapping[str, Handler], *, limit: int = 20, apart: bool = False) -> int:
    """Run jobs that are due, at most `limit`, and return how many were taken.

    Needs an application context.

    Args:
        handlers: By kind.
        limit: Of jobs.
        apart: Those of `APART`; else all others.
    """
    taken = 0
    while taken < limit:
        job = _lease(apart=apart)
        if job is None:
            break
        taken += 1
        _run(handlers, *job)
    return taken


def loop(app: Flask, handlers: Mapping[str, Handler], stop: Event, *, apart: bool = False) -> None:
    """Run jobs until `stop` is set; a new job and `queue.wake_loops` wake it at once.

    Otherwise it looks every second.
    """
    awake = Event()
    queue.on_new_job(awake.set)
    try:
        while True:
            # Before the look at `stop`: who sets it and then wakes is not missed.
            awake.clear()
            if stop.is_set():
                break
            with app.app_context():
                taken = run_due(handlers, apart=apart)
            if not taken:
                awake.wait(IDLE_LOOK_S)
    finally:
        queue.stop_waking(awake.set)


def _lease(*, apart: bool) -> tuple[str, str, str, int] | None:
    moment = {"at": clock.now()}
    if session().scalar(_DUE[apart], moment) is None:
        # A look that finds nothing must not take the write lock.
        session().rollback()
        return None
    with transaction() as current:
        leased = current.execute(
            _LEASE_DUE[apart], moment | {"until": moment["at"] + LEASE}
        ).first()
    return (leased.id, leased.kind, leased.arguments, leased.tries) if leased else None


def _run(
    handlers: Mapping[str, Handler], job_id: str, kind: str, arguments: str, tries: int
) -> None:
    now = clock.now()
    try:
        handler = handlers[kind]
        if getattr(handler, _OUTSIDE, False):
            handler(**json.loads(arguments), now=now)
            with transaction() as current:
                _mark_done(current, job_id)
        else:
            with transaction() as current:
                handler(**json.loads(arguments), now=now)
                _mark_done(current, job_id)
    except GivenUpError as given_up:
        log.warning("job given up: %s", given_up, extra={"job": job_id, "kind": kind})
        _give_up(job_id, str(given_up))
    except Exception:
        log.exception("job failed", extra={"job": job_id, "kind": kind, "tries": tries})
        _postpone(job_id, tries, now, getattr(handlers.get(kind), _RETRY_AFTER_S, RETRY_AFTER_S))


def _mark_done(current: Session, job_id: str) -> None:
    current.execute(update(Job).where(Job.id == job_id).values(done_at=clock.now()))


def _give_up(job_id: str, words: str) -> None:
    with transaction() as current:
        current.execute(
            update(Job).where(Job.id == job_id).values(done_at=clock.now(), last_error=words)
        )


def _postpone(job_id: str, tries: int, now: datetime, waits_s: Sequence[int]) -> None:
    is_last = tries > len(waits_s)
    with transaction() as current:
        current.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                leased_until=None if is_last else now + timedelta(seconds=waits_s[tries - 1]),
                done_at=now if is_last else None,
                last_error=traceback.format_exc(limit=-3),
            )
        )
