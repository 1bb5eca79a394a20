"""The product as an operator starts it: `python wsgi.py` in its own process, reached by HTTP."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.config import Settings
from app.persistence.ids import new_uuid7
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
STOP_WITHIN_S = 20
#: Ends a test that hangs, and says nothing about speed: the machine may be at work for others.
ANSWER_WITHIN_S = 300


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request got."""

    status: int
    body: dict[str, Any]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Return the settings of a test as environment variables, with rate limits out of the way."""
    return {
        "MALL_DATABASE_URL": settings.database_url,
        "MALL_INSTANCE_DIR": str(settings.instance_dir),
        "MALL_MASTER_KEY_FILE": str(settings.master_key_file),
        "MALL_RATE_LIMIT_SCALE": "1000",
        "MALL_OFFER_WINDOW_S": str(settings.offer_window_s),
        "MALL_PROMISE_CACHE_S": str(settings.promise_cache_s),
        **more,
    }


def full_environment(settings: Mapping[str, str], port: int) -> dict[str, str]:
    """Return all of a server's environment: this process's own, with no `MALL_*` but the given."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MALL_")}
    return {**own, **settings, "MALL_LISTEN": f"127.0.0.1:{port}"}


@contextlib.contextmanager
def running_server(
    settings: Mapping[str, str],
    command: Sequence[str] = ("wsgi.py",),
    log: Path | None = None,
    port: int | None = None,
) -> Generator[Server]:
    """Start a server and wait for its first line; stop it as ctrl-C would.

    Args:
        settings: `MALL_*` settings by full name, without the address.
        command: What Python runs: a file and its arguments.
        log: Where its warnings go; None drops them.
        port: Where it listens, such as where one before it was killed; None takes a free one.
    """
    port = port or free_port()
    with (log or Path(os.devnull)).open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env=full_environment(settings, port),
        )
    with process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first, f"the server did not start, see {log}"
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()


def command_body(command_id: str | None = None, **fields: object) -> bytes:
    """Return the JSON of a command born now."""
    now = datetime.now(UTC)
    body = {"command_id": command_id or new_uuid7(now), "occurred_at": now.isoformat(), **fields}
    return json.dumps(body).encode()


class Tap:
    """One driver's request, held back at its last byte, so that fifty can be let go at once."""

    def __init__(self, server: Server, path: str, *, token: str, body: bytes) -> None:
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", server.port, timeout=ANSWER_WITHIN_S
        )
        self._last_byte = body[-1:]
        self._connection.putrequest("POST", path)
        self._connection.putheader("Cookie", f"mallrun_driver={token}")
        self._connection.putheader("Content-Type", "application/json")
        self._connection.putheader("Content-Length", str(len(body)))
        self._connection.putheader("Connection", "close")
        self._connection.endheaders(body[:-1])

    def let_go(self) -> None:
        """Send what is missing."""
        self._connection.send(self._last_byte)

    def answer(self) -> Answer:
        """Wait for the answer and hang up."""
        with contextlib.closing(self._connection):
            response = self._connection.getresponse()
            return Answer(response.status, json.loads(response.read()))


def all_at_once(taps: Sequence[Tap]) -> list[Answer]:
    """Let all requests go in the same moment and return their answers in order."""
    for tap in taps:
        tap.let_go()
    return [tap.answer() for tap in taps]


def get(server: Server, path: str, *, token: str) -> Answer:
    """Read a JSON page as a driver."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=ANSWER_WITHIN_S)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Cookie": f"mallrun_driver={token}"})
        response = connection.getresponse()
        return Answer(response.status, json.loads(response.read()))
