"""When each session was last used: kept in memory, written in batches; a GET writes nothing."""

import threading
from datetime import datetime

from app.accounts.api_keys import write_used
from app.accounts.sessions import write_seen
from app.persistence.transaction import transaction

_seen: dict[str, datetime] = {}
_used_keys: dict[str, datetime] = {}
_lock = threading.Lock()


def mark(session_id: str, at: datetime) -> None:
    """Remember that a session's person did something."""
    with _lock:
        _seen[session_id] = at


def mark_key(key_id: str, at: datetime) -> None:
    """Remember that a program used its key."""
    with _lock:
        _used_keys[key_id] = at


def last(session_id: str) -> datetime | None:
    """Return when this process last saw a session since the last flush, or None."""
    return _seen.get(session_id)


def flush() -> None:
    """Write what was remembered in one transaction. Needs an application context."""
    with _lock:
        batch = dict(_seen)
        keys = dict(_used_keys)
        _used_keys.clear()
    if not batch and not keys:
        return
    with transaction():
        write_seen(batch)
        write_used(keys)
    with _lock:
        for session_id, at in batch.items():
            if _seen.get(session_id) == at:
                del _seen[session_id]
