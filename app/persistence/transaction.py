"""The one way to change rows: `with transaction():`.

On SQLite every write transaction holds one process-wide lock from BEGIN IMMEDIATE to COMMIT. The
lock is a `threading.Lock`, which gevent's patching makes cooperative: waiting writers yield instead
of freezing the hub as SQLite's own busy handler would. On PostgreSQL the database orders the
writers and the lock is not used.
"""

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import Session

from app.extensions import db
from app.persistence.engine import write_options

_sqlite_write_lock: Final = threading.Lock()
_AFTER_COMMIT: Final = "mallrun_after_commit"
_OPEN: Final = "mallrun_transaction_open"


def session() -> Session:
    """Return the session of the current application context."""
    return db.session()


def execute(
    statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """Run a statement on tables in the current transaction, below the ORM: half the time.

    Nothing is flushed before, and loaded objects do not learn of it: see `refresh_loaded`.
    """
    return session().connection().execute(statement, values)


def refresh_loaded() -> None:
    """Read objects of this session again where they are used next.

    For after a statement on a table itself, of which loaded objects know nothing.
    """
    current = session()
    current.flush()
    current.expire_all()


@contextmanager
def transaction() -> Generator[Session]:
    """Open the one write transaction of a request, job or replayed command.

    Any read transaction of this context is ended first, so that the write sees the newest rows.
    Callbacks given to `on_commit` run after the commit, outside the lock; a rollback drops them.

    Yields: the session; services flush, they never commit.

    Raises:
        RuntimeError: When a transaction is open already in this context.
    """
    current = session()
    if current.info.get(_OPEN):
        message = "a transaction is open already; only an edge opens one"
        raise RuntimeError(message)
    current.rollback()
    with _write_lock(current):
        current.info[_OPEN] = True
        current.info[_AFTER_COMMIT] = []
        try:
            current.connection(execution_options=write_options(current.get_bind().dialect.name))
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            current.info.pop(_AFTER_COMMIT, None)
            raise
        finally:
            current.info.pop(_OPEN, None)
    for callback in current.info.pop(_AFTER_COMMIT):
        callback()


def on_commit(callback: Callable[[], None]) -> None:
    """Run a callback after the open transaction has committed; it must not raise.

    Raises:
        RuntimeError: When no transaction is open.
    """
    current = session()
    if not current.info.get(_OPEN):
        message = "on_commit needs an open transaction"
        raise RuntimeError(message)
    current.info[_AFTER_COMMIT].append(callback)


def _write_lock(current: Session) -> AbstractContextManager[object]:
    return _sqlite_write_lock if current.get_bind().dialect.name == "sqlite" else nullcontext()
