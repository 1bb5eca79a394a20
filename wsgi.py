"""The entrance: `python wsgi.py` serves everything in one process, `wsgi:app` is for flask and gunicorn."""

from gevent import monkey

# Before anything else is imported, so that locks, sockets and threads are cooperative everywhere.
monkey.patch_all()

import os  # noqa: E402
import sys  # noqa: E402

from app import create_app  # noqa: E402
from app.config import Settings, SettingsError  # noqa: E402
from app.keys import KeyFileError  # noqa: E402
from app.persistence.engine import SecondProcessError  # noqa: E402


def main() -> int:
    """Serve until stopped; return the exit code."""
    from app.server import serve  # noqa: PLC0415 - Only the server needs it, not every command.

    try:
        serve(app, settings)
    except SecondProcessError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    except OSError as error:
        where = f"{settings.listen_host}:{settings.listen_port}"
        print(
            f"Cannot listen on {where}: {error.strerror}. Choose another with MALL_LISTEN.",
            file=sys.stderr,
        )  # noqa: T201
        return 1
    return 0


try:
    settings = Settings.from_env(os.environ)
    app = create_app(settings)
except (SettingsError, KeyFileError) as error:
    sys.exit(f"Mallrun cannot start: {error}")

if __name__ == "__main__":
    sys.exit(main())
