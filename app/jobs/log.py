"""Jobs of the event log: checkpoints while there is something to add, and a daily audit."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app

from app.config import Settings
from app.deliveries import queries as deliveries
from app.domain.checkpoint import LEAVES_MAX
from app.eventlog import checkpoints, tree
from app.eventlog.audit import EventsCursor, Fault, audit_events
from app.eventlog.checkpoints import Signer
from app.eventlog.tree_audit import TreeCursor, audit_tree
from app.handoffs.statement_audit import audit_statements
from app.jobs.queue import enqueue
from app.keys import SERVER_KID, Keys, check_es256

log = logging.getLogger(__name__)

CHECKPOINT: Final = "make_checkpoint"
AUDIT: Final = "audit_log"


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


def audit_log(*, part: str = "events", at: Sequence[Any] = (), now: datetime) -> None:
    """Audit one slice of events, then of statements, then of the tree, and ask for the next.

    So nobody waits for the whole.
    Whatever does not hold becomes an error in the server's log, with the delivery's name.
    """
    if part == "events":
        events, _count, faults = audit_events(EventsCursor(*at), deliveries.handles_of)
        following = ("statements", (0,)) if events is None else (part, _fields(events))
    elif part == "statements":
        last, _count, faults = audit_statements(int(at[0]), check_es256)
        following = ("tree", ()) if last is None else (part, (last,))
    else:
        tree_at, _count, faults = audit_tree(_tree_cursor(at), is_signed_by_server)
        following = None if tree_at is None else (part, (tree_at.size, tree_at.peaks))
    for fault in faults:
        log.error("event log not intact: %s", words_of(fault))
    if following is not None:
        arguments = {"part": following[0], "at": list(following[1])}
        enqueue(AUDIT, arguments, key=f"{AUDIT}:next", run_at=now, now=now)


def _fields(cursor: EventsCursor) -> tuple[Any, ...]:
    return cursor.delivery_id, cursor.seq, cursor.head


def _tree_cursor(at: Sequence[Any]) -> TreeCursor:
    return TreeCursor(at[0], tuple(at[1])) if at else TreeCursor()


def words_of(fault: Fault) -> str:
    """Return a fault for the operator, the delivery first."""
    return f"delivery {fault.delivery_id}, {fault.words}" if fault.delivery_id else fault.words


def is_signed_by_server(kid: int, signature: bytes, note: bytes) -> bool:
    """Tell whether the server's key of this number signed a checkpoint's note."""
    keys: Keys = current_app.extensions["mallrun_keys"]
    return kid == SERVER_KID and check_es256(keys.server_public, signature, note)


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    CHECKPOINT: make_checkpoint,
    AUDIT: audit_log,
}
#: Seconds between two audits.
SCHEDULE: Final[Mapping[str, int]] = {AUDIT: 24 * 3600}
