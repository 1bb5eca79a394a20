"""Several web workers on PostgreSQL and Redis: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`."""

from typing import Protocol

from flask import Flask

bind = "127.0.0.1:8000"
worker_class = "gevent"
workers = 2
#: Sockets are closed and requests finished within this many seconds.
graceful_timeout = 20


class _Wsgi(Protocol):
    callable: Flask


class _Worker(Protocol):
    app: _Wsgi


def post_worker_init(worker: _Worker) -> None:
    """Start what every web process runs beside its requests."""
    # Here, not above: gunicorn reads this file before wsgi.py has made the process cooperative.
    from gevent.event import Event  # noqa: PLC0415

    from app.background import start_web_loops  # noqa: PLC0415

    start_web_loops(worker.app.callable, Event())
