"""The page for merchants' developers: its lines are run as they stand, in order."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.domain.api_key import Mode
from tests import databases, factories, merchants
from tests.merchants import Program
from tests.promises import serving
from tests.webhooks.receiver import listening

PAGE = Path(__file__).resolve().parents[2] / "docs" / "merchant-api.md"
SERVER = "tests/api/with_loopback.py"
#: A slow machine with a server, its jobs and a shell on it.
PATIENCE_S = 90


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    with databases.wired(url, tmp_path) as application:
        yield application


@pytest.fixture
def trial(app: Flask) -> Program:
    """A merchant with a test key, set up before the server starts."""
    mall = factories.a_mall(app)
    return merchants.a_key(mall, mall.store, mode=Mode.TEST)


def lines_of(page: Path) -> str:
    """Return the shell lines of a page, without those that only name the reader's own values."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    return "\n".join(line for line in lines if not line.startswith("export "))


@pytest.mark.slow
def test_lines_of_the_page_work(app: Flask, trial: Program, tmp_path: Path):
    environment = serving.environment(app.extensions["mallrun_settings"])
    script = f"set -euo pipefail\n{lines_of(PAGE)}\n"

    with (
        listening() as receiver,
        serving.running_server(environment, (SERVER,), tmp_path / "server.log") as server,
    ):
        receiver.echo()
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env={
                "PATH": "/usr/bin:/bin",
                "MALL": server.url,
                "KEY": trial.text,
                "RECEIVER": receiver.url,
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert " delivered" in done.stdout
    assert "store to driver: E" in done.stdout
    assert (tmp_path / "labels.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "door.jpg").read_bytes().startswith(b"\xff\xd8")
