"""The embedded server: web, sockets, the job loop and the schedule in one process.

ctrl-C ends it cleanly.
"""

import gc
import logging
import signal
import socket
import sys
from typing import Any, Final

import gevent
from flask import Flask
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from app import background
from app.config import Settings
from app.persistence import engine
from app.web import seen

log = logging.getLogger(__name__)

_STOP_WITHIN_S: Final = 5
_LOG_FORM: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


def serve(app: Flask, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        SecondProcessError: When another process writes the same SQLite file.
    """
    logging.basicConfig(level=logging.INFO, format=_LOG_FORM)
    if settings.is_embedded:
        engine.lock_database(settings.database_url)
    warning = engine.sqlite_warning() if settings.is_embedded else None
    if warning:
        print(warning, file=sys.stderr)  # noqa: T201 - The operator's terminal.
    stop = Event()
    loops = [*background.start_web_loops(app, stop), *background.start_job_loops(app, stop)]
    server = WSGIServer(
        (settings.listen_host, settings.listen_port), app, log=None, error_log=log, **_tls(settings)
    )
    server.start()
    # gevent writes head and body one after the other: on a connection that is used again, the body
    # would wait 40 ms for the other side's confirmation of the head. Accepted sockets inherit it.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    engine.say_who(f"Mallrun at {settings.public_url}/")
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


def work(app: Flask) -> None:
    """Work jobs and the schedule until SIGINT or SIGTERM, without serving anybody."""
    logging.basicConfig(level=logging.INFO, format=_LOG_FORM)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    loops = background.start_job_loops(app, stop)
    stop.wait()
    gevent.joinall(loops, timeout=_STOP_WITHIN_S)


def _tls(settings: Settings) -> dict[str, Any]:
    if settings.tls_certificate is None or settings.tls_key is None:
        return {}
    return {"certfile": str(settings.tls_certificate), "keyfile": str(settings.tls_key)}
