"""The servers that tests run against: a PostgreSQL cluster and a Redis of their own.

Nothing of the machine's own PostgreSQL or Redis is touched: data lives in a temporary folder,
PostgreSQL listens on a socket in it, Redis on a free port of the loopback address.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg import sql

START_LIMIT_S = 30.0
POLL_S = 0.05
#: Fifty drivers race in one test, each on a connection of its own, beside the job loop.
POSTGRES_CONNECTIONS = 300
INITDB_OPTIONS = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
POSTGRES_OPTIONS = (
    "listen_addresses=",
    "shared_buffers=64MB",
    f"max_connections={POSTGRES_CONNECTIONS}",
    "timezone=UTC",
)
#: A cluster that lives for one test run survives no crash, so it need not wait for the disk, nor be
#: ready to be copied elsewhere. Its databases are too short-lived to be tidied.
CARELESS_OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "autovacuum=off",
)


def binary(name: str, package: str) -> str:
    """Return the path of a server's binary.

    Without it a developer's test is skipped with the line that installs it. CI fails: a test that
    cannot run there would be a promise nobody keeps.
    """
    found = shutil.which(name)
    if found:
        return found
    # Debian keeps PostgreSQL's tools off PATH, one folder per version; the newest is last.
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    if versions:
        return str(versions[-1])
    message = f"{name} is missing. Run: sudo apt-get install -y {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A running cluster reached through a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make a database as a copy of another one, to which nobody may be connected.

        Its files are copied: to write each page into the log as well costs three times as much.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(statement.format(sql.Identifier(database), sql.Identifier(template)))

    def drop(self, database: str) -> None:
        """Remove a database together with the connections to it."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def require_answer(self) -> None:
        """Ask a question.

        Raises:
            psycopg.OperationalError: When the server is not ready for questions.
        """
        self._run(sql.SQL("SELECT 1"))

    def _run(self, statement: sql.SQL | sql.Composed) -> None:
        # Databases cannot be made inside a transaction.
        address = f"host={self._folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def postgres(*, is_durable: bool = False) -> Generator[Postgres]:
    """Start a cluster; stop and delete it at the end.

    Args:
        is_durable: Wait for the disk as an operator's cluster does; for measuring.
    """
    initdb, server = binary("initdb", "postgresql"), binary("postgres", "postgresql")
    # A short path: a socket's address has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="mallrun-pg-") as name:
        folder = Path(name)
        owner = _owner()
        if owner:
            shutil.chown(folder, owner, owner)
        subprocess.run(
            [initdb, "-D", folder / "data", *INITDB_OPTIONS],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=owner,
            group=owner,
        )
        safety = () if is_durable else CARELESS_OPTIONS
        options = [*POSTGRES_OPTIONS, *safety, f"unix_socket_directories={folder}"]
        arguments = [part for option in options for part in ("-c", option)]
        with _running(
            [server, "-D", str(folder / "data"), *arguments], folder / "log", owner
        ) as process:
            cluster = Postgres(folder)
            _wait_until(cluster.require_answer, psycopg.OperationalError, process)
            yield cluster


@contextlib.contextmanager
def redis_server() -> Generator[str]:
    """Start a Redis that keeps nothing; the value is its address."""
    server = binary("redis-server", "redis-server")
    port = free_port()
    address = f"redis://127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="mallrun-redis-") as name:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", name]
        with (
            _running([server, *options], Path(name) / "log", None) as process,
            redis.Redis.from_url(address) as client,
        ):
            _wait_until(client.ping, redis.ConnectionError, process)
            yield address


def _owner() -> str | None:
    """Return whom to run PostgreSQL as: it refuses root; anybody else stays who they are."""
    if os.geteuid() != 0:
        return None
    return pwd.getpwnam("postgres").pw_name


@contextlib.contextmanager
def _running(
    command: list[str], log: Path, owner: str | None
) -> Generator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, cwd=log.parent, user=owner, group=owner
        )
        try:
            yield process
        finally:
            # SIGINT ends PostgreSQL without waiting for clients, and Redis as well.
            process.send_signal(signal.SIGINT)
            process.wait(START_LIMIT_S)


def _wait_until(
    answers: Callable[[], object], refused: type[Exception], process: subprocess.Popen[bytes]
) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            answers()
        except refused:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)
        else:
            return
