"""The peers' Python: made once beside their list of packages, apart from the product's."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.figures import say

FOLDER = Path(__file__).parent / "solvers"
VENV = FOLDER / ".venv"


def install(figure: str) -> None:
    """Make the environment if it is not there."""
    stamp = VENV / ".installed"
    packages = FOLDER / "requirements.txt"
    if stamp.exists() and stamp.stat().st_mtime >= packages.stat().st_mtime:
        return
    say(f"{figure}: installing")
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip = [VENV / "bin/python", "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--require-hashes", "-r", packages], check=True)
    stamp.touch()


def answers(script: str, name: str, cases: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a peer's answer to each case, in order."""
    command = [VENV / "bin/python", FOLDER / script, name]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - Asked for above.
        assert process.stdout is not None  # noqa: S101
        for case in cases:
            process.stdin.write(json.dumps(case) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                message = f"{name} ended in the middle"
                raise RuntimeError(message)
            yield json.loads(line)
        process.stdin.close()
