"""The embedded server: web, sockets, the job loop and the schedule in one process.

ctrl-C ends it cleanly.
"""

import gc
import logging
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

import gevent
from flask import Flask
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from app import clock
from app.config import Settings
from app.jobs import schedule, worker
from app.jobs.handlers import HANDLERS
from app.persistence import engine
from app.persistence.transaction import transaction
from app.realtime import publish
from app.web import seen

log = logging.getLogger(__name__)

_SEEN_EVERY_S: Final = 10
_SCHEDULE_EVERY_S: Final = 5
_SOCKETS_EVERY_S: Final = 60
_STOP_WITHIN_S: Final = 5


def serve(app: Flask, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        SecondProcessError: When another process writes the same SQLite file.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if settings.is_embedded:
        engine.lock_database(settings.database_url)
    warning = engine.sqlite_warning() if settings.is_embedded else None
    if warning:
        print(warning, file=sys.stderr)  # noqa: T201 - The operator's terminal.
    stop = Event()
    loops: list[Any] = [
        gevent.spawn(worker.loop, app, HANDLERS, stop),
        gevent.spawn(_every, _SEEN_EVERY_S, stop, app, seen.flush),
        gevent.spawn(_every, _SCHEDULE_EVERY_S, stop, app, _plan),
        gevent.spawn(_every, _SOCKETS_EVERY_S, stop, app, publish.close_ended),
    ]
    server = WSGIServer(
        (settings.listen_host, settings.listen_port), app, log=None, error_log=log, **_tls(settings)
    )
    server.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    # Everything loaded so far lives as long as the process: the collector need not look at it
    # again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    print(f"Mallrun is open at {settings.public_url}/  (ctrl-C stops it)", flush=True)  # noqa: T201
    stop.wait()
    server.stop(timeout=1)
    gevent.joinall(loops, timeout=_STOP_WITHIN_S)
    with app.app_context():
        seen.flush()


def _tls(settings: Settings) -> dict[str, Any]:
    if settings.tls_certificate is None or settings.tls_key is None:
        return {}
    return {"certfile": str(settings.tls_certificate), "keyfile": str(settings.tls_key)}


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
