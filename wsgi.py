"""The entrance: `python wsgi.py` serves everything; `wsgi:app` is for flask and gunicorn."""

from gevent import monkey

# Before anything else is imported, so that locks, sockets and threads are cooperative everywhere.
monkey.patch_all()

import os  # noqa: E402
import sys  # noqa: E402

from click import ClickException  # noqa: E402

from app import create_app  # noqa: E402
from app.config import Settings, SettingsError  # noqa: E402
from app.keys import KeyFileError  # noqa: E402
from app.local_network import with_local_network  # noqa: E402
from app.persistence.engine import SecondProcessError  # noqa: E402


def main(arguments: list[str]) -> int:
    """Serve until stopped; return the exit code.

    Args:
        arguments: `--demo` first migrates, and seeds the demo into an empty database.
    """
    from app import cli  # noqa: PLC0415 - Only the server needs these, not every command.
    from app.server import serve  # noqa: PLC0415

    try:
        if "--demo" in arguments:
            cli.make_ready(app)
        serve(app, settings)
    except ClickException as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    except SecondProcessError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        where = f"{settings.listen_host}:{settings.listen_port}"
        reason = f"Cannot listen on {where}: {error.strerror}."
        sys.stderr.write(f"{reason} Choose another address with MALL_LISTEN.\n")
        return 1
    return 0


try:
    settings = Settings.from_env(with_local_network(os.environ))
    app = create_app(settings)
except (SettingsError, KeyFileError) as error:
    sys.exit(f"Mallrun cannot start: {error}")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
