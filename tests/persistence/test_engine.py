"""How each engine is set up, and the lock that keeps a second process out."""

import contextlib
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from app import create_app
from app.config import Settings
from app.persistence import engine
from app.persistence.transaction import session, transaction
from tests import databases, servers

HOLD = """
import sys
from pathlib import Path
from app.persistence import engine
engine.lock_instance(Path(sys.argv[1]))
engine.say_who("Mallrun at http://127.0.0.1:8765/")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "mallrun.sqlite3"


@pytest.fixture
def _locks_of_this_test() -> Iterator[None]:
    """Give up what was locked: a process usually keeps its locks to its end."""
    yield
    engine.unlock_all()


@pytest.mark.usefixtures("_locks_of_this_test")
def test_second_process_is_refused_until_the_first_ends(database: Path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(engine.SecondProcessError, match="by Mallrun at http://127"):
            engine.lock_database(f"sqlite:///{database}")
        first.communicate("")

    engine.lock_database(f"sqlite:///{database}")


def test_postgres_needs_no_lock():
    engine.lock_database("postgresql+psycopg://somewhere/mallrun")


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 0)],
)
def test_sqlite_is_set_up_on_every_connection(settings: Settings, name: str, value: object):
    # Not the fixture `app`: its connections do not wait for the disk.
    with create_app(settings).app_context():
        assert session().scalar(text(f"pragma {name}")) == value


def test_write_waits_while_a_foreign_process_holds_the_file(app: Flask):
    with app.app_context():
        path = session().connection().engine.url.database
        assert path is not None
        holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        holder.execute("begin immediate")
        giving_up = threading.Timer(0.3, holder.rollback)
        giving_up.start()

        with transaction():
            assert session().scalar(text("select 1")) == 1

        giving_up.join()
        holder.close()


def _holder(connection: Connection) -> sqlite3.Connection:
    """Return a foreign connection to the same file."""
    path = connection.engine.url.database
    assert path is not None
    return sqlite3.connect(path, isolation_level=None)


def test_write_gives_up_when_a_foreign_process_keeps_the_file(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "FOREIGN_LOCK_S", 0.1)
    with app.app_context(), contextlib.closing(_holder(session().connection())) as holder:
        holder.execute("begin immediate")
        with pytest.raises(OperationalError, match="locked"), transaction():
            session().execute(text("select 1"))


def test_connection_that_wrote_reads_without_a_lock_afterwards(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "FOREIGN_LOCK_S", 0.0)
    with app.app_context():
        with transaction():
            wrote = session().connection().connection.driver_connection
        with contextlib.closing(_holder(session().connection())) as holder:
            holder.execute("begin immediate")

            session().rollback()
            assert session().scalar(text("select 1")) == 1
            assert session().connection().connection.driver_connection is wrote


def test_old_library_is_told_to_the_operator(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engine.sqlite3, "sqlite_version_info", (3, 45, 0))
    assert "older than 3.51.3" in (engine.sqlite_warning() or "")

    monkeypatch.setattr(engine.sqlite3, "sqlite_version_info", (3, 51, 3))
    assert engine.sqlite_warning() is None


def test_connection_that_died_while_it_rested_is_replaced(
    postgres_template: servers.Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine, "RESTED_S", 0.0)
    with databases.postgres_copy(postgres_template) as url:
        app = create_app(databases.settings_for(url, tmp_path))
        with app.app_context():
            before = session().scalar(_WHO)
            session().rollback()
            with create_engine(url, poolclass=NullPool).connect() as other:
                other.execute(text("select pg_terminate_backend(:pid)"), {"pid": before})

            after = session().scalar(_WHO)

            session().rollback()
            app.extensions["sqlalchemy"].engine.dispose()

    assert before != after


_WHO = text("select pg_backend_pid()")
