"""Running the stand-alone script, as a process and as a module."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import verify_proof

SCRIPT = Path(verify_proof.__file__)


def run(folder: Path, content: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script on a file, without anything of the product to import."""
    file = folder / "proof.json"
    file.write_bytes(content)
    command = [sys.executable, "-I", str(SCRIPT), str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def holds(content: bytes | dict[str, Any], **given: str) -> bool:
    """Ask the script as a module: a process for each of some thousand questions takes too long."""
    if isinstance(content, dict):
        content = json.dumps(content).encode()
    return verify_proof.verify(content, **given)["holds"]
