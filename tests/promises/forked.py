"""Servers that start in a moment: forks of one process that has imported the product."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.promises.serving import ROOT, STOP_WITHIN_S, Server, full_environment
from tests.servers import free_port


class Forks:
    """Starts servers, each a process of its own: `wsgi.py`, as an operator's, if nothing is said.

    Importing the product takes three quarters of a server's start; here it happens once.

    Args:
        process: Runs `tests.promises.forking`.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._orders = process.stdin
        self._answers = process.stdout

    @contextlib.contextmanager
    def running_server(
        self,
        settings: Mapping[str, str],
        command: Sequence[str] = ("wsgi.py",),
        *,
        log: Path,
        port: int | None = None,
    ) -> Generator[Server]:
        """Start a server and wait for its first line; stop it as ctrl-C would.

        Args:
            settings: `MALL_*` settings by full name, without the address.
            command: What Python runs: a file, or `-m` and a module, and its arguments.
            log: Where its warnings go.
            port: Where it listens, such as where one before it was killed; None takes a free one.
        """
        port = port or free_port()
        with tempfile.TemporaryDirectory(prefix="mallrun-said-") as folder:
            said = Path(folder) / "said"
            os.mkfifo(said)
            order = {
                "environment": full_environment(settings, port),
                "command": list(command),
                "said": str(said),
                "log": str(log),
            }
            pid = self._ask(start=order)
            with said.open() as output:
                try:
                    assert output.readline(), f"the server did not start, see {log}"
                    yield Server(port, pid)
                finally:
                    self._stop(pid)

    def _stop(self, pid: int) -> None:
        # Nobody has waited for it yet: the number is still its own, even if it was killed.
        os.kill(pid, signal.SIGINT)
        self._order(wait=pid)
        has_ended, _, _ = select.select([self._answers], [], [], STOP_WITHIN_S)
        if not has_ended:
            os.kill(pid, signal.SIGKILL)
        self._answer()

    def _ask(self, **order: Any) -> int:
        self._order(**order)
        return self._answer()

    def _order(self, **order: Any) -> None:
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()

    def _answer(self) -> int:
        return int(self._answers.readline())


@contextlib.contextmanager
def forks() -> Generator[Forks]:
    """Import the product in a process of its own; it ends when nobody wants servers any more."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.promises.forking"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Forks(process)
