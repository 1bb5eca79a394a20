"""What runs beside the requests: web processes flush and tidy, one process works the jobs."""

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import gevent
from flask import Flask
from gevent.event import Event

from app import clock
from app.jobs import mails, queue, schedule, webhooks, worker
from app.jobs.handlers import HANDLERS
from app.persistence.transaction import transaction
from app.realtime import publish
from app.web import seen

log = logging.getLogger(__name__)

_SEEN_EVERY_S: Final = 10
_SOCKETS_EVERY_S: Final = 60
_SCHEDULE_EVERY_S: Final = 5


def start_web_loops(app: Flask, stop: Event) -> list[Any]:
    """Start what every web process needs: writing when sessions were used, closing dead sockets."""
    return [
        gevent.spawn(_every, _SEEN_EVERY_S, stop, app, seen.flush),
        gevent.spawn(_every, _SOCKETS_EVERY_S, stop, app, publish.close_ended),
    ]


def start_job_loops(app: Flask, stop: Event) -> list[Any]:
    """Start the job loop and the schedule. Several processes may; each job still runs once."""
    turn = Lock()
    # An idle loop looks each second; ctrl-C does not wait for that.
    stop.rawlink(lambda _stop: queue.wake_loops())
    return [
        gevent.spawn(worker.loop, app, HANDLERS, stop),
        gevent.spawn(worker.loop, app, mails.HANDLERS, stop, apart=True),
        *(gevent.spawn(webhooks.loop, app, stop, turn) for _ in range(webhooks.SENDERS)),
        gevent.spawn(_every, _SCHEDULE_EVERY_S, stop, app, _plan),
    ]


def _plan() -> None:
    with transaction():
        schedule.plan(clock.now())


def _every(seconds: float, stop: Event, app: Flask, work: Callable[[], None]) -> None:
    while not stop.is_set():
        try:
            with app.app_context():
                work()
        except Exception:
            # One bad turn must not end the loop; the traceback says what it was.
            log.exception("a scheduled turn failed")
        stop.wait(seconds)
