"""A server that lives some hours later than its clock: `python -m tests.promises.later_server 3`.

For devices that come back after hours without signal, and for pictures of the day that are taken at
night; earlier with a minus. What follows the hours is the server's own. Nothing else differs.
"""

import sys

from gevent import monkey

monkey.patch_all()

from datetime import UTC, datetime, timedelta  # noqa: E402

from app import clock  # noqa: E402

_LATER = timedelta(hours=float(sys.argv[1]))


def _later() -> datetime:
    return datetime.now(UTC) + _LATER


if __name__ == "__main__":
    clock.now = _later
    import wsgi

    sys.exit(wsgi.main(sys.argv[2:]))
