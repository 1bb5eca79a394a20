"""Databases of a benchmark's own, with the application over them; gone afterwards."""

import contextlib
import tempfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from app.config import Settings
from tests import databases, servers


@dataclass(frozen=True, slots=True)
class Stage:
    """A migrated database and the application over it, to fill it with rows."""

    app: Flask
    settings: Settings


MakeStage = Callable[[str], Stage]


@contextlib.contextmanager
def stages(engine: str) -> Generator[MakeStage]:
    """Make migrated databases by name, all on one disk or in one cluster.

    Args:
        engine: `sqlite`, or `postgres` for a cluster that waits for the disk as an operator's does.
    """
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mallrun-bench-")))
        cluster = (
            stack.enter_context(servers.postgres(is_durable=True)) if engine == "postgres" else None
        )

        def make(name: str) -> Stage:
            folder = root / name
            folder.mkdir()
            url = f"sqlite:///{folder / 'mallrun.sqlite3'}"
            if cluster is not None:
                cluster.create(name)
                url = cluster.url(name)
            databases.migrate(url, folder)
            settings = databases.settings_for(url, folder)
            app = create_app(settings)
            stack.callback(_close, app)
            return Stage(app, settings)

        yield make


def _close(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
