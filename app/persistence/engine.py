"""How each engine is set up. The choice is made once, by the scheme of the database URL.

SQLite: WAL, `synchronous=FULL`, foreign keys, no busy handler, BEGIN issued by us, and a lock file,
so that a second writing process refuses to start. PostgreSQL: short timeouts, pre-ping.

Source: SQLite's own pages on WAL and on the pysqlite transaction trap; SQLAlchemy 2.1,
"Serializable isolation / Savepoints / Transactional DDL" of the pysqlite dialect.
"""

import fcntl
import sqlite3
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Engine, event

from app.persistence.transaction import WRITES

#: Before 3.51.3 a checkpoint could meet a starting writer in WAL mode; our write lock covers it,
#: the operator is told.
SQLITE_WITHOUT_WAL_RESET_BUG: Final = (3, 51, 3)

#: Milliseconds. A request that waits longer has lost its person anyway.
POSTGRES_TIMEOUTS: Final = (
    "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000"
    " -c synchronous_commit=on -c timezone=UTC"
)


def engine_options(database_url: str) -> dict[str, Any]:
    """Return SQLAlchemy engine options for a database URL."""
    if database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": 0, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
        "pool_size": 20,
        "max_overflow": 20,
        "connect_args": {"options": POSTGRES_TIMEOUTS},
    }


def prepare(engine: Engine) -> None:
    """Attach the per-connection settings of SQLite; PostgreSQL takes its own from the options."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(dbapi_connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself, or BEGIN IMMEDIATE below would come too
    # late.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=0",
        "mmap_size=0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_warning() -> str | None:
    """Return a sentence for the operator when SQLite is older than the one with the WAL fix."""
    if sqlite3.sqlite_version_info >= SQLITE_WITHOUT_WAL_RESET_BUG:
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} is older than 3.51.3, which fixes a rare WAL corruption"
        " when two processes write. Mallrun allows one writing process only, so this installation"
        " is not affected."
    )


class SecondProcessError(RuntimeError):
    """Another Mallrun process writes this SQLite file."""


#: Open lock files of this process; closing one would give its lock up.
_held_locks: dict[Path, IO[str]] = {}


def lock_instance(database_path: Path) -> None:
    """Take the right to write a SQLite file until this process ends; it may ask again.

    Raises:
        SecondProcessError: When another process has it.
    """
    lock_path = database_path.with_suffix(database_path.suffix + ".lock")
    if lock_path in _held_locks:
        return
    handle = lock_path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        message = f"{database_path} is in use by another Mallrun process. Stop it first."
        raise SecondProcessError(message) from None
    _held_locks[lock_path] = handle


def unlock_all() -> None:
    """Give up what this process holds, for tests that go on after a command."""
    for handle in _held_locks.values():
        handle.close()
    _held_locks.clear()


def lock_database(database_url: str) -> None:
    """Take the right to write the SQLite file of a URL; PostgreSQL needs none.

    Raises:
        SecondProcessError: When another process has it.
    """
    if database_url.startswith("sqlite:///"):
        lock_instance(Path(database_url.removeprefix("sqlite:///")))
