"""Time that stands still until a test lets it go on, for a server in a process of its own.

A window is over when the test says so, however slow the machine is. See `held_server`.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

LOOK_EVERY_S: Final = 0.01
#: The server has its place taken by `HeldClock.sleep`.
_sleep = time.sleep


class HeldClock:
    """A clock in a file; the test sets it, the server reads it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        instant, runs_since = json.loads(self.file.read_text())
        shown = datetime.fromisoformat(instant)
        if runs_since is None:
            return shown
        return shown + (datetime.now(UTC) - datetime.fromisoformat(runs_since))

    def hold(self, instant: datetime) -> None:
        """Let it be one instant from now on."""
        self._write(instant, None)

    def go_on(self, instant: datetime) -> None:
        """Let time go on from an instant: who lies down a moment too late sleeps as ever."""
        self._write(instant, datetime.now(UTC))

    def _write(self, instant: datetime, runs_since: datetime | None) -> None:
        # Half a text is never read.
        written = self.file.with_suffix(".new")
        written.write_text(json.dumps([str(instant), runs_since and str(runs_since)]))
        written.replace(self.file)

    def sleep(self, seconds: float) -> None:
        """Return once it is so much later."""
        wake_at = self.now() + timedelta(seconds=seconds)
        while self.now() < wake_at:
            _sleep(LOOK_EVERY_S)
