"""The loop that sends webhooks: beside the jobs, so that a slow receiver holds up nobody else."""

import logging
from threading import Event, Lock
from typing import Final

from flask import Flask, current_app

from app import clock
from app.config import Settings
from app.keys import Keys
from app.webhooks import sending
from app.webhooks.payload import Links
from app.webhooks.sending import Outbox, Try

log = logging.getLogger(__name__)

#: Tries at a time, to all endpoints together.
SENDERS: Final = 6
IDLE_LOOK_S: Final = 1.0


def outbox() -> Outbox:
    """Return what sending needs of this application."""
    keys: Keys = current_app.extensions["mallrun_keys"]
    settings: Settings = current_app.extensions["mallrun_settings"]
    links = Links(settings.public_url, keys.mac("tracking"))
    has_mail = current_app.extensions["mallrun_mail"] is not None
    return Outbox(current_app.extensions["mallrun_webhooks"], keys, links, has_mail)


def send_due(*, limit: int = 100) -> int:
    """Try messages that are due, at most `limit`; return how many. Needs an app context."""
    tried = 0
    while tried < limit and sending.send_one(outbox(), now=clock.now()):
        tried += 1
    return tried


def loop(app: Flask, stop: Event, turn: Lock) -> None:
    """Send what is due until `stop` is set, one message after the other.

    Of all loops that share `turn` one looks, every second; it lets the next one look as soon as it
    has a message, so that an idle installation asks its database once and not `SENDERS` times.
    """
    while not stop.is_set():
        try:
            taken = _next(app, stop, turn)
            if taken is not None:
                with app.app_context():
                    sending.send(taken, outbox(), now=clock.now())
        except Exception:
            # One bad message must not end the loop; its lease runs out and it is tried again.
            log.exception("sending webhooks failed")
            stop.wait(IDLE_LOOK_S)


def _next(app: Flask, stop: Event, turn: Lock) -> Try | None:
    """Wait for a message that is due and take it; None when `stop` is set."""
    with turn:
        while not stop.is_set():
            with app.app_context():
                taken = sending.take(outbox(), now=clock.now())
            if taken is not None:
                return taken
            stop.wait(IDLE_LOOK_S)
    return None
