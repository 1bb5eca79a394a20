"""A server on a held clock: `python -m tests.promises.held_server FILE`.

Nothing else about it differs from what an operator starts.
"""

import sys

from gevent import monkey

monkey.patch_all()

import time  # noqa: E402
from pathlib import Path  # noqa: E402

from app import clock  # noqa: E402
from tests.promises.held_clock import HeldClock  # noqa: E402

if __name__ == "__main__":
    held = HeldClock(Path(sys.argv[1]))
    clock.now = held.now
    import wsgi

    # Last, so that whoever waits for another process's lock waits in real time.
    time.sleep = held.sleep
    sys.exit(wsgi.main([]))
