"""Putting work into the job table, in the caller's transaction."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

from app.jobs.models import Job
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, on_commit, session

#: By the engine's name: SQLAlchemy has no common word for it.
_ADD: Final = {
    name: dialect.insert(table_of(Job)).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_wake_ups: list[Callable[[], None]] = []


def enqueue(
    kind: str, arguments: dict[str, Any], *, key: str, run_at: datetime, now: datetime
) -> None:
    """Add a job; while one with the same key waits, nothing is added.

    Args:
        kind: A name in `jobs.handlers`.
        arguments: JSON-able keyword arguments of the handler.
        key: Jobs waiting under one key are one job, for example `form_runs:sit_…`.
        run_at: Not before this instant, UTC.
        now: The present instant, UTC.
    """
    execute(
        _ADD[session().get_bind().dialect.name],
        {
            "id": new_id("job"),
            "kind": kind,
            "arguments": json.dumps(arguments),
            "key": key,
            "run_at": run_at,
            "tries": 0,
            "created_at": now,
        },
    )
    # For later ones the loop's own look is early enough.
    for wake in _wake_ups if run_at <= now else ():
        on_commit(wake)


def on_new_job(wake: Callable[[], None]) -> None:
    """Call `wake()` after each commit with a job that is due, so that an idle loop starts."""
    _wake_ups.append(wake)


def stop_waking(wake: Callable[[], None]) -> None:
    """Undo `on_new_job`."""
    _wake_ups.remove(wake)


def wake_loops() -> None:
    """Let every idle loop look now: there may be work, or it is to stop."""
    for wake in tuple(_wake_ups):
        wake()
