"""A seeded demo to copy: seeding takes seconds, copying its file takes milliseconds."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import clock, create_app
from app.demo.seed import seed
from app.demo.tools import DemoTools
from app.persistence.transaction import transaction
from tests import databases


def template(migrated: Path, folder: Path) -> Path:
    """Return a seeded instance folder, closed and complete."""
    settings = databases.settings_for(databases.sqlite_copy(migrated, folder), folder)
    application = create_app(settings)
    with application.app_context():
        with transaction():
            seed(DemoTools.of(application.extensions), now=clock.now())
        application.extensions["sqlalchemy"].engine.dispose()
    return folder


@contextmanager
def copy_of(seeded: Path, folder: Path) -> Generator[Flask]:
    """Copy the seeded instance; the value is its wired application."""
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    url = f"sqlite:///{folder / 'mallrun.sqlite3'}"
    application = create_app(databases.settings_for(url, folder))
    yield application
    with application.app_context():
        application.extensions["sqlalchemy"].engine.dispose()
