"""Fixtures for every test: servers, fresh databases on both engines, and how often to repeat."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import servers

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from app.config import Settings
    from tests.factories import Mall
    from tests.personas import Clerk, Driver
    from tests.promises.forked import Forks

# Two slow cores and a cold cache are no bug; the limit on a single example would make them one.
hypothesis.settings.register_profile("mallrun", deadline=None)
hypothesis.settings.load_profile("mallrun")

ENGINES = ("sqlite", "postgres")

#: Linux keeps what is written here in memory.
MEMORY = Path("/dev/shm")  # noqa: S108 - Folders with random names are made in it.
MEMORY_LEAST_BYTES = 3 * 1024**3


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--full", action="store_true", help="repeat promises as often as they are published"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room, unless TMPDIR says where they go.

    Most tests begin with a copy of a database: on a disk, half of their time was spent there.
    """
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_LEAST_BYTES
    if is_roomy and os.access(MEMORY, os.W_OK) and "TMPDIR" not in os.environ:
        # By the environment, so that workers, servers and browsers follow.
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files with a browser among the rest.

    A browser leaves the processor idle, the rest does not: beside each other both end sooner.
    """
    files: dict[Path, list[pytest.Item]] = {}
    others: list[pytest.Item] = []
    for item in items:
        is_browser = item.get_closest_marker("browser") is not None
        (files.setdefault(item.path, []) if is_browser else others).append(item)
    step = len(others) / (len(files) + 1)
    items.clear()
    for number, group in enumerate(files.values()):
        items += [*group, *others[round(number * step) : round((number + 1) * step)]]
    items += others[round(len(files) * step) :]


def pytest_collection_finish() -> None:
    """Let the collector look at what tests make, not again and again at what was imported.

    A tenth of the time of tests that talk to a database went into that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def is_full(pytestconfig: pytest.Config) -> bool:
    """True under `make prove`: a promise's test then repeats as often as is published."""
    return bool(pytestconfig.getoption("--full"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_engines") is not None
        metafunc.parametrize("engine", ENGINES if both else ENGINES[:1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """The PostgreSQL cluster of this test run, started when the first test asks for it."""
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of this test run's Redis."""
    with servers.redis_server() as address:
        yield address


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Starts servers without importing the product again for each."""
    from tests.promises import forked  # noqa: PLC0415 - rules' tests must not need the application.

    with forked.forks() as ready:
        yield ready


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    from tests import databases  # noqa: PLC0415 - rules' tests must not need the whole application.

    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def seeded_instance(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a seeded demo, to copy (`seeded.copy_of`)."""
    from tests import seeded  # noqa: PLC0415 - as above.

    return seeded.template(sqlite_template, tmp_path_factory.mktemp("seeded"))


@pytest.fixture(scope="session")
def postgres_template(
    postgres: servers.Postgres, tmp_path_factory: pytest.TempPathFactory
) -> servers.Postgres:
    """The cluster, with a migrated database to copy."""
    from tests import databases  # noqa: PLC0415 - as above.

    databases.postgres_template(postgres, tmp_path_factory.mktemp("postgres"))
    return postgres


@pytest.fixture
def engine_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database; a test marked `both_engines` runs on each."""
    from tests import databases  # noqa: PLC0415 - as above.

    # Asked for by name, so that a test on SQLite starts no PostgreSQL.
    template = request.getfixturevalue(f"{engine}_template")
    if engine == "sqlite":
        yield databases.sqlite_copy(template, tmp_path)
        return
    with databases.postgres_copy(template) as url:
        yield url


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    """Settings around a fresh database. A file whose tests need others overrides this fixture."""
    from tests import databases  # noqa: PLC0415 - as above.

    return databases.settings_for(engine_url, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The wired application on a fresh database."""
    from tests import databases  # noqa: PLC0415 - as above.

    application = databases.wire(settings)
    yield application
    databases.disconnect(application)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies, as far as Flask's test client is one."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared_apps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """The application of this test run on an engine, for tests that bring their own mall."""
    from tests import databases  # noqa: PLC0415 - as above.

    with databases.shared_apps(request.getfixturevalue, tmp_path_factory) as on_engine:
        yield on_engine


@pytest.fixture
def mall(engine: str, shared_apps: Callable[[str], Flask]) -> Mall:
    """A site with the stores Lumen and Orbit, of two merchants; nobody else's in this test run.

    Malls stand side by side in one database, so that a test pays for its rows only. One that needs
    an empty database, or settings of its own, asks for `app`.
    """
    from tests import factories  # noqa: PLC0415 - as above.

    return factories.a_mall(shared_apps(engine))


@pytest.fixture
def dina(mall: Mall) -> Driver:
    """Dina drives: signed in, on duty, with an enrolled phone."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_driver(mall, "Dina Diaz")


@pytest.fixture
def dan(mall: Mall) -> Driver:
    """Dan drives too."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_driver(mall, "Dan Dow")


@pytest.fixture
def carl(mall: Mall) -> Clerk:
    """Carl clerks at Lumen: signed in on its tablet."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_clerk(mall, "Carl", mall.store)


@pytest.fixture
def mallory(mall: Mall) -> Clerk:
    """Mallory clerks at Orbit, another merchant's store."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_clerk(mall, "Mallory", mall.other_store)


@pytest.fixture
def hub(engine: str, shared_apps: Callable[[str], Flask]) -> Mall:
    """A rural hub whose counter is Lumen."""
    from tests import factories  # noqa: PLC0415 - as above.

    return factories.a_mall(shared_apps(engine), kind="hub")


@pytest.fixture
def hanna(hub: Mall) -> Clerk:
    """Hanna keeps the hub."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_clerk(hub, "Hanna", hub.store)


@pytest.fixture
def henry(hub: Mall) -> Driver:
    """Henry drives for the hub and for nobody else."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_driver(hub, "Henry Hall", is_hubs_own=True)


@pytest.fixture
def station(engine: str, shared_apps: Callable[[str], Flask]) -> Mall:
    """A delivery station whose counter is Lumen."""
    from tests import factories  # noqa: PLC0415 - as above.

    return factories.a_mall(shared_apps(engine), kind="station")


@pytest.fixture
def stan(station: Mall) -> Clerk:
    """Stan sorts at the station."""
    from tests import personas  # noqa: PLC0415 - as above.

    return personas.a_clerk(station, "Stan", station.store)
