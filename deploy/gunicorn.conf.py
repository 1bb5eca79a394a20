"""Several web workers on PostgreSQL and Redis: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`."""

import os
import sys
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


def on_starting(_server: object) -> None:
    """Refuse what several processes cannot do: write one SQLite file, or nudge without Redis."""
    # Here, not above: gunicorn reads this file before wsgi.py has made the process cooperative.
    from app.config import Settings  # noqa: PLC0415

    settings = Settings.from_env(os.environ)  # noqa: TID251
    if settings.is_embedded:
        sys.exit("SQLite has one process: use `python wsgi.py`, or set MALL_DATABASE_URL.")
    if not settings.redis_url:
        sys.exit("Several processes need MALL_REDIS_URL: without it screens miss changes.")


def post_worker_init(worker: _Worker) -> None:
    """Start what every web process runs beside its requests."""
    from gevent.event import Event  # noqa: PLC0415

    from app.background import start_web_loops  # noqa: PLC0415

    start_web_loops(worker.app.callable, Event())
