"""One fresh, migrated database per test, on either engine, in milliseconds.

Migrating takes a second, so it happens once per engine; every test then gets a copy: a copied file
on SQLite, `CREATE DATABASE … TEMPLATE` on PostgreSQL. Truncating between tests would be as fast,
but a test that dies in the middle, or changes the schema, would reach into the next one.
"""

import contextlib
import functools
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import flask_migrate
import jinja2
import pytest
from flask import Flask
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, event
from sqlalchemy.util import LRUCache

from app import create_app
from app.config import Settings
from tests.servers import Postgres

TEMPLATE = "mallrun_template"
SQLITE_FILE = "mallrun.sqlite3"
_numbers = itertools.count(1)


class _CompiledPages(jinja2.BytecodeCache):
    """What templates were compiled to, for the next application of this process."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


# Hundreds of applications are wired by one test run: what is compiled for one, is for all.
_PAGES: Final = _CompiledPages()
_DIALECTS: Final[dict[str, Dialect]] = {}
_STATEMENTS: Final = LRUCache(2000)


def settings_for(database_url: str, instance: Path, **given: str) -> Settings:
    """Return settings for a test: its own folder, a key made of nothing, limits out of the way.

    Args:
        database_url: Where the test's rows go.
        instance: Folder for keys and photos.
        given: Settings by name without the prefix: `settings_for(url, path, RATE_LIMIT_SCALE="1")`.
    """
    key = instance / "master.key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    chosen = {
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": str(instance),
        "MASTER_KEY_FILE": str(key),
        "RATE_LIMIT_SCALE": "1000",
        # Offers by fit have tests of their own; elsewhere the first tap wins at once.
        "OFFER_WINDOW_S": "0",
        # So have answers that are kept; elsewhere each is of its moment.
        "PROMISE_CACHE_S": "0",
        **given,
    }
    return Settings.from_env({f"MALL_{name}": value for name, value in chosen.items()})


def wire(settings: Settings) -> Flask:
    """Wire an application whose SQLite need not outlive a power cut, as the test will not either.

    Waiting for the disk after each commit took a seventh of the tests' time.
    """
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _PAGES
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    # What a statement was compiled to is kept by dialect, and each engine has a dialect of its own.
    engine.dialect = _DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _be_careless)
        engine.dispose()
    return app


def _be_careless(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def disconnect(app: Flask) -> None:
    """Close an application's connections; SQLite's file is then whole, without a log beside it."""
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def migrate(database_url: str, instance: Path) -> None:
    """Bring an empty database to the newest revision, as an operator would."""
    app = wire(settings_for(database_url, instance))
    with app.app_context():
        flask_migrate.upgrade()
    # An open connection would keep PostgreSQL from copying the template.
    disconnect(app)


def sqlite_template(folder: Path) -> Path:
    """Return a migrated SQLite file, closed and complete, ready to be copied."""
    path = folder / "template.sqlite3"
    migrate(f"sqlite:///{path}", folder)
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """Return the URL of a copy of `template` in `folder`."""
    return f"sqlite:///{shutil.copy(template, folder / SQLITE_FILE)}"


def postgres_template(cluster: Postgres, folder: Path) -> None:
    """Make the template database that `postgres_copy` copies."""
    cluster.create(TEMPLATE)
    migrate(cluster.url(TEMPLATE), folder)


@contextlib.contextmanager
def postgres_copy(cluster: Postgres, template: str = TEMPLATE) -> Generator[str]:
    """Copy a template; the value is the copy's URL. The copy is dropped, in use or not."""
    name = f"mallrun_{next(_numbers)}"
    cluster.create(name, template=template)
    try:
        yield cluster.url(name)
    finally:
        cluster.drop(name)


@contextlib.contextmanager
def wired(url: str, folder: Path) -> Generator[Flask]:
    """Wire an application around a database; nobody is connected to it afterwards."""
    app = wire(settings_for(url, folder))
    yield app
    disconnect(app)


@contextlib.contextmanager
def own_app(engine: str, template: Any, folder: Path) -> Generator[Flask]:
    """Wire an application on a fresh copy of an engine's template, gone afterwards."""
    with contextlib.ExitStack() as stack:
        if engine == "sqlite":
            url = sqlite_copy(template, folder)
        else:
            url = stack.enter_context(postgres_copy(template))
        yield stack.enter_context(wired(url, folder))


@contextlib.contextmanager
def shared_app(engine: str, template: Any, folder: Path) -> Generator[Flask]:
    """Wire an application on a copy of an engine's template, for many tests."""
    if engine == "sqlite":
        url = sqlite_copy(template, folder)
    else:
        # Not dropped: it goes with its cluster, which may have stopped by then.
        name = f"mallrun_shared_{next(_numbers)}"
        template.create(name, template=TEMPLATE)
        url = template.url(name)
    app = wire(settings_for(url, folder))
    yield app
    disconnect(app)


@contextlib.contextmanager
def shared_apps(
    fixture: Callable[[str], Any], folders: pytest.TempPathFactory
) -> Generator[Callable[[str], Flask]]:
    """Return what wires one application per engine, when the first test asks for it.

    Args:
        fixture: Gives the engines' templates by their names.
        folders: Makes a folder for each.
    """
    with contextlib.ExitStack() as open_apps:

        @functools.cache
        def on_engine(engine: str) -> Flask:
            template, folder = fixture(f"{engine}_template"), folders.mktemp(f"shared-{engine}")
            return open_apps.enter_context(shared_app(engine, template, folder))

        yield on_engine
