"""From a committed event to whoever listens: sockets now, notices and webhooks as they join.

Listeners are wired once by `create_app`. They run after the commit, outside the write lock, and
must not raise: a screen that misses a nudge catches up by its state document.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.events import EventType

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """The delivery that an event is about, and who is concerned when it changes."""

    delivery_id: str
    handle: str
    store_id: str
    site_id: str
    run_id: str | None
    driver_id: str | None
    #: The delivery's version after the change.
    rev: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A committed event, as listeners get it."""

    type: EventType
    subject: Subject
    at: datetime


Listener = Callable[[Sequence[Happened]], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Add a listener for every committed event; the same listener is added once."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(happened: Sequence[Happened]) -> None:
    """Tell all listeners of one transaction's events, in order."""
    for listener in _listeners:
        try:
            listener(happened)
        except (OSError, RuntimeError):
            # Redis away or a socket closed in mid-send: the change is committed and screens catch
            # up.
            log.exception("a listener failed after commit")
