"""The schema's history: one line of numbered steps that leads to the models, and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, func, inspect, select

from app.tables import Base
from tests import databases, factories, personas, servers
from tests.web.bodies import placing

ROOT = Path(__file__).resolve().parents[2]

#: Steps back to here leave runs and deliveries in place.
FIRST_WITH_DELIVERIES = 4
KEPT = frozenset({"site", "store", "delivery", "recipient", "parcel", "run", "stop", "pay_line"})


def revisions() -> list[str]:
    """Return the revisions, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1, "two migrations follow one: renumber the later one"
    return [each.revision for each in reversed(list(script.walk_revisions()))]


@pytest.fixture
def empty(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        cluster: servers.Postgres = request.getfixturevalue("postgres")
        cluster.create("mallrun_empty")
        url = cluster.url("mallrun_empty")
    app = databases.wire(databases.settings_for(url, tmp_path))
    yield app
    databases.disconnect(app)
    if engine == "postgres":
        request.getfixturevalue("postgres").drop("mallrun_empty")


def connection(app: Flask) -> Connection:
    return app.extensions["sqlalchemy"].engine.connect()


def tables(app: Flask) -> set[str]:
    with connection(app) as open_connection:
        return set(inspect(open_connection).get_table_names()) - {"alembic_version"}


def rows(app: Flask) -> dict[str, int]:
    """Return how many rows each table has that every step back from here leaves in place."""
    with connection(app) as open_connection:
        return {
            name: open_connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
            if name in KEPT
        }


def test_revisions_are_numbered_without_gaps_and_named_like_their_files():
    files = sorted(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))

    assert revisions() == files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert all(re.fullmatch(r"[0-9]{4}_[a-z_]+", name) for name in files)


def test_migrations_do_not_import_the_product():
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        assert "app" not in re.findall(r"^(?:from|import) (\w+)", path.read_text(), re.MULTILINE)


@pytest.mark.both_engines
def test_all_the_way_up_down_and_up_again(empty: Flask):
    with empty.app_context():
        flask_migrate.upgrade()
        up = tables(empty)
        flask_migrate.downgrade(revision="base")
        down = tables(empty)
        flask_migrate.upgrade()

        assert up == tables(empty) == set(Base.metadata.tables)
        assert down == set()


@pytest.mark.both_engines
def test_every_single_step_can_be_taken_back(empty: Flask):
    with empty.app_context():
        for revision in revisions():
            flask_migrate.upgrade(revision=revision)
            flask_migrate.downgrade(revision="-1")
            flask_migrate.upgrade(revision=revision)

        assert tables(empty) == set(Base.metadata.tables)


@pytest.mark.both_engines
def test_a_step_back_and_forth_keeps_every_row(app: Flask):
    """SQLite can change a table by making it anew; rows that refer to the old one must live on."""
    factories.a_mall(app).offers({}, {})
    with app.app_context():
        before = rows(app)

        for revision in reversed(revisions()[FIRST_WITH_DELIVERIES:]):
            flask_migrate.downgrade(revision=revision)
        flask_migrate.upgrade()

        assert before["delivery"] == before["recipient"] == 2
        assert rows(app) == before


@pytest.mark.both_engines
def test_schema_is_what_the_models_say(app: Flask):
    with app.app_context(), connection(app) as open_connection:
        context = MigrationContext.configure(
            open_connection, opts={"compare_type": True, "compare_server_default": True}
        )

        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.both_engines
def test_checks_and_partial_indexes_are_there(app: Flask):
    with app.app_context(), connection(app) as open_connection:
        found = inspect(open_connection)
        for table in Base.metadata.sorted_tables:
            wanted = {
                each.name
                for each in table.constraints
                if each.__visit_name__ == "check_constraint" and each.name
            }
            checks = {each["name"] for each in found.get_check_constraints(table.name)}
            assert wanted <= checks, table.name
            indexes = {each["name"] for each in found.get_indexes(table.name)}
            assert {each.name for each in table.indexes} <= indexes, table.name


@pytest.mark.both_engines
def test_open_orders_that_clerks_typed_before_are_found_by_their_first_event(app: Flask):
    mall = factories.a_mall(app)
    carl = personas.a_clerk(mall, "Carl", mall.store)
    answers = [carl.post("deliveries", **placing()) for _ in range(2)]
    typed, over = (answer.get_json()["result"]["delivery_id"] for answer in answers)
    carl.post(f"deliveries/{over}/cancel", reason="mistake")
    ordered = mall.places()

    with app.app_context():
        flask_migrate.downgrade(revision="0038_add_site_phone")
        flask_migrate.upgrade()

    found = [mall.delivery(each).is_by_hand for each in (typed, over, ordered)]
    assert found == [True, False, False]
