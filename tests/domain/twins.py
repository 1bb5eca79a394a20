"""Runs the TypeScript side of a rule, so that Python can compare what both say.

A twin is a `.mjs` file beside its test: it imports from `frontend/lib`, reads one JSON value from
standard input and writes one to standard output.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
ESBUILD = ROOT / "node_modules/.bin/esbuild"

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not ESBUILD.exists(), reason="needs Node and npm install"
)


def a_seed() -> int:
    """Return the seed of this run and print it; `TWIN_SEED` repeats one."""
    given = os.environ.get("TWIN_SEED")
    seed = int(given) if given else random.SystemRandom().getrandbits(32)
    sys.stdout.write(f"TWIN_SEED={seed}\n")
    return seed


def ask_twin(name: str, asked: object, folder: Path) -> Any:
    """Return what `tests/domain/<name>.mjs` answers; `folder` takes its bundle."""
    script = folder / f"{name}.mjs"
    source = Path(__file__).with_name(f"{name}.mjs")
    bundle = [ESBUILD, source, "--bundle", "--platform=node", "--format=esm", f"--outfile={script}"]
    subprocess.run([*bundle, "--log-level=error"], check=True, cwd=ROOT)
    done = subprocess.run(
        ["node", script], input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)
