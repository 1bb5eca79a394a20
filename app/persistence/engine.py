"""How each engine is set up. The choice is made once, by the scheme of the database URL.

SQLite: WAL, `synchronous=FULL`, foreign keys, no busy handler but our own waiting, BEGIN issued by
us, and a lock file, so that a second writing process refuses to start. PostgreSQL: short timeouts,
reads without a transaction, a check of connections that have rested.

Source: SQLite's own pages on WAL and on the pysqlite transaction trap; SQLAlchemy 2.1,
"Serializable isolation / Savepoints / Transactional DDL" of the pysqlite dialect.
"""

import fcntl
import sqlite3
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any, Final, cast

from sqlalchemy import Dialect, Engine, PoolProxiedConnection, event
from sqlalchemy.engine.characteristics import ConnectionCharacteristic
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

#: Marks a connection whose transaction writes: on SQLite it begins with BEGIN IMMEDIATE.
WRITES: Final = "mallrun_writes"

#: Before 3.51.3 a checkpoint could meet a starting writer in WAL mode; our write lock covers it,
#: the operator is told.
SQLITE_WITHOUT_WAL_RESET_BUG: Final = (3, 51, 3)

#: Milliseconds. A request that waits longer has lost its person anyway.
POSTGRES_TIMEOUTS: Final = (
    "-c statement_timeout=5000 -c idle_in_transaction_session_timeout=10000"
    " -c synchronous_commit=on -c timezone=UTC"
)

#: Seconds that a write waits for an operator's shell or a copy that holds the file …
FOREIGN_LOCK_S: Final = 5.0
#: … and between two looks.
LOOK_AGAIN_S: Final = 0.02

#: Seconds after which a connection is asked before it is used again.
RESTED_S: Final = 1.0
_USED_AT: Final = "mallrun_used_at"


def engine_options(database_url: str) -> dict[str, Any]:
    """Return SQLAlchemy engine options for a database URL."""
    if database_url.startswith("sqlite"):
        return {
            # As many as in a rush, so that none is opened and closed for one request.
            "pool_size": 20,
            "max_overflow": 20,
            "connect_args": {"timeout": 0, "check_same_thread": False},
        }
    from app.persistence.cursor import PlainCursor  # noqa: PLC0415 - Not on SQLite.

    return {
        # A single SELECT needs no BEGIN and ROLLBACK around it; `transaction` asks for its own.
        "isolation_level": "AUTOCOMMIT",
        "pool_size": 20,
        "max_overflow": 20,
        "connect_args": {"options": POSTGRES_TIMEOUTS, "cursor_factory": PlainCursor},
    }


def write_options(dialect_name: str) -> dict[str, Any]:
    """Return the execution options of a connection whose transaction writes."""
    if dialect_name == "sqlite":
        return {WRITES: True}
    return {WRITES: True, "isolation_level": "READ COMMITTED"}


def prepare(engine: Engine) -> None:
    """Attach what each connection needs: SQLite's settings, PostgreSQL's check after a rest."""
    if engine.dialect.name != "sqlite":
        # Several rows in one INSERT: the driver would send one for each, with a wait between.
        engine.dialect.use_insertmanyvalues_wo_returning = True
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", _check_after_rest)
        return
    event.listen(engine, "connect", _on_connect)
    # Not by the event `begin`: while an engine has a listener, every statement asks for those of
    # each event on its way, which was a fifteenth of a claim.
    dialect: Any = engine.dialect
    dialect.connection_characteristics = dialect.connection_characteristics.union(
        {WRITES: _Writes()}
    )
    dialect.do_begin = _begin


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED_AT] = monotonic()


def _check_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:  # noqa: ANN401 - the driver's own.
    """Ask a connection that has rested whether it is still good; the pool replaces a dead one.

    In a rush connections do not rest, and a question before each use would cost a round trip.
    """
    used_at = record.info.get(_USED_AT)
    if used_at is None or monotonic() - used_at < RESTED_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except connection.OperationalError as gone:
        raise DisconnectionError from gone


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


class _Writes(ConnectionCharacteristic):
    """Whether the transactions of a connection write, until it goes back to the pool.

    It is kept in the driver's own mode, which has no other use: we begin before the driver would.
    """

    transactional = True

    def set_characteristic(
        self,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature.
        dbapi_conn: Any,  # noqa: ANN401 - the driver's own.
        value: bool,  # noqa: FBT001
    ) -> None:
        dbapi_conn.isolation_level = "IMMEDIATE" if value else None

    def reset_characteristic(self, dialect: Dialect, dbapi_conn: Any) -> None:  # noqa: ANN401
        self.set_characteristic(dialect, dbapi_conn, value=False)

    def get_characteristic(self, dialect: Dialect, dbapi_conn: Any) -> bool:  # noqa: ANN401, ARG002
        return dbapi_conn.isolation_level is not None


def _begin(dbapi_connection: PoolProxiedConnection) -> None:
    driver = cast("sqlite3.Connection", dbapi_connection.driver_connection)
    if driver.isolation_level is None:
        driver.execute("BEGIN")
        return
    # Only a foreign process can hold the file here: our own writers wait for the process's lock.
    # SQLite's busy handler would freeze all greenlets, so the waiting is done by a patched sleep.
    deadline = monotonic() + FOREIGN_LOCK_S
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as refused:
            if not _is_locked(refused) or monotonic() > deadline:
                raise
            sleep(LOOK_AGAIN_S)
        else:
            return


def _is_locked(refused: sqlite3.OperationalError) -> bool:
    # The low byte is the result itself; the rest tells variants, such as a recovery or a snapshot.
    return refused.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


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
        handle.seek(0)
        who = handle.read().strip() or "another Mallrun process"
        handle.close()
        message = f"{database_path} is in use by {who}. Stop it first."
        raise SecondProcessError(message) from None
    handle.truncate(0)
    _held_locks[lock_path] = handle


def say_who(text: str) -> None:
    """Tell processes that come later who has the files of this one: "Mallrun at http://…"."""
    for handle in _held_locks.values():
        handle.truncate(0)
        handle.write(text)
        handle.flush()


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
