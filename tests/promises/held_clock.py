"""Time that stands still until a test moves it, for a server in a process of its own.

A window is over when the test says so, however slow the machine is. See `held_server`.
"""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

LOOK_EVERY_S: Final = 0.01
#: The server has its place taken by `HeldClock.sleep`.
_sleep = time.sleep


class HeldClock:
    """The instant that a file holds; the test writes it, the server reads it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        return datetime.fromisoformat(self.file.read_text())

    def set(self, instant: datetime) -> None:
        # Half an instant is never read.
        written = self.file.with_suffix(".new")
        written.write_text(instant.isoformat())
        written.replace(self.file)

    def sleep(self, seconds: float) -> None:
        """Return once the instant was moved so far."""
        wake_at = self.now() + timedelta(seconds=seconds)
        while self.now() < wake_at:
            _sleep(LOOK_EVERY_S)
