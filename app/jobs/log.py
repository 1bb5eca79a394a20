"""Jobs of the event log: checkpoints while there is something to add."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from flask import current_app

from app.config import Settings
from app.domain.checkpoint import LEAVES_MAX
from app.eventlog import checkpoints, tree
from app.eventlog.checkpoints import Signer
from app.jobs.queue import enqueue
from app.keys import SERVER_KID, Keys

CHECKPOINT: Final = "make_checkpoint"


def waiting_count() -> int:
    """Return how many events wait, as far as it matters."""
    return tree.waiting_count(LEAVES_MAX)


def make_checkpoint(*, now: datetime) -> None:
    """Take what waits into the tree; a backlog takes several jobs, each with its own commit."""
    if checkpoints.make_checkpoint(_signer(), now=now) == LEAVES_MAX:
        enqueue_now(now)


def enqueue_now(now: datetime) -> None:
    """Ask for a checkpoint before the minute is over."""
    enqueue(CHECKPOINT, {}, key=f"{CHECKPOINT}:full", run_at=now, now=now)


def _signer() -> Signer:
    settings: Settings = current_app.extensions["mallrun_settings"]
    keys: Keys = current_app.extensions["mallrun_keys"]
    return Signer(urlsplit(settings.public_url).netloc, SERVER_KID, keys.sign)


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {CHECKPOINT: make_checkpoint}
