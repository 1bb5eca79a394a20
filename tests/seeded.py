"""A seeded demo to copy: seeding takes seconds, copying its file takes milliseconds."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from app import clock
from app.demo.seed import seed
from app.demo.tools import DemoTools
from app.persistence.transaction import transaction
from tests import databases


def template(migrated: Path, folder: Path) -> Path:
    """Return a seeded instance folder, closed and complete."""
    settings = databases.settings_for(databases.sqlite_copy(migrated, folder), folder)
    application = databases.wire(settings)
    with application.app_context(), transaction():
        seed(DemoTools.of(application.extensions), now=clock.now())
    databases.disconnect(application)
    return folder


@contextmanager
def copy_of(seeded: Path, folder: Path) -> Generator[Flask]:
    """Copy the seeded instance; the value is its wired application."""
    shutil.copytree(seeded, folder, dirs_exist_ok=True)
    with databases.wired(f"sqlite:///{folder / databases.SQLITE_FILE}", folder) as application:
        yield application
