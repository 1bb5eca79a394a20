"""`flask log verify` and the daily audit: whoever changes a stored byte is found, and where."""

import contextlib
import logging
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from app import clock
from app.eventlog.models import EventRow, LogCheckpoint, LogLeaf, LogNode
from app.handoffs.models import StatementRow
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.jobs.log import audit_log
from app.persistence.base import table_of
from app.persistence.transaction import transaction
from tests.proofs.conftest import Story
from tests.sealing import read, seal

pytestmark = pytest.mark.both_engines

COLUMNS = [column.name for column in table_of(EventRow).columns]
#: Nothing says when a checkpoint was made but the row itself.
UNSIGNED = {("checkpoint", "created_at")}
TREE_COLUMNS = [
    (table.name, column.name)
    for table in map(table_of, (LogLeaf, LogNode, LogCheckpoint))
    for column in table.columns
    if (table.name, column.name) not in UNSIGNED
]
#: When a statement arrived is in the event that it led to; its number is a mere order.
STATEMENT_COLUMNS = [
    column.name
    for column in table_of(StatementRow).columns
    if column.name not in {"server_seq", "received_at"}
]


def verify(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["log", "verify", *options])


def tamper(app: Flask, *statements: str, values: Mapping[str, Any] | None = None) -> None:
    """Run statements as somebody who owns the database: past triggers and foreign keys."""
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    if engine.dialect.name == "postgresql":
        with app.app_context(), transaction() as current:
            for statement in ("set local session_replication_role = replica", *statements):
                current.execute(text(statement), values or {})
        return
    # A connection of its own knows no foreign keys; in one of the product's they cannot be left.
    with contextlib.closing(sqlite3.connect(engine.url.database)) as file:
        triggers = "select name from sqlite_master where type = 'trigger'"
        for (name,) in file.execute(triggers).fetchall():
            file.execute(f"drop trigger {name}")
        for statement in statements:
            file.execute(statement, values or {})
        file.commit()


def flipped(value: Any) -> Any:
    """Return a value with its last byte, or what comes next to one, turned."""
    if isinstance(value, int):
        return value ^ 64
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    return value + timedelta(microseconds=1)


def flip(app: Flask, table: str, column: str, where: str) -> None:
    query = f"select {column} from {table} where {where}"  # noqa: S608 - Names of our own.
    ((value,),) = read(app, query)
    change = f"update {table} set {column} = :value where {where}"  # noqa: S608 - As above.
    tamper(app, change, values={"value": flipped(value)})


def test_log_as_it_was_written_is_intact(story: Story):
    found = verify(story.mall.app)

    assert (found.exit_code, found.output.splitlines()[-1]) == (0, "The log is intact.")


@pytest.mark.parametrize("column", COLUMNS)
def test_flip_in_each_column_of_an_event_names_its_delivery(story: Story, column: str):
    where = f"delivery_id = '{story.delivery_id}' and seq = 3"
    flip(story.mall.app, "event", column, where)

    found = verify(story.mall.app)

    assert found.exit_code == 1
    assert story.delivery_id in found.output
    assert "NOT INTACT" in found.output


@pytest.mark.parametrize("column", STATEMENT_COLUMNS)
def test_flip_in_each_column_of_a_statement_is_found(story: Story, column: str):
    flip(story.mall.app, "statement", column, "server_seq = 1")

    found = verify(story.mall.app)

    assert (found.exit_code, "statement 1 (" in found.output) == (1, True), found.output
    if column != "envelope":
        assert story.delivery_id in found.output


def test_statement_that_another_device_signed_names_its_delivery(story: Story):
    app = story.mall.app
    ((key,),) = read(app, "select public_key from device where kind = 'desk' limit 1")
    tamper(app, "update device set public_key = :key", values={"key": key})

    found = verify(app)

    assert "its device did not sign this text" in found.output
    assert story.delivery_id in found.output


def test_flip_in_the_newest_event_names_its_delivery_too(story: Story):
    ((newest,),) = read(story.mall.app, "select max(seq) from event")
    for column in ("record", "head"):
        flip(story.mall.app, "event", column, f"seq = {newest}")

    assert story.delivery_id in verify(story.mall.app).output


@pytest.mark.parametrize(("table", "column"), TREE_COLUMNS)
def test_flip_in_each_column_of_the_tree_is_found(story: Story, table: str, column: str):
    first = {
        "log_leaf": "position = 2",
        "log_node": "level = 1 and number = 1",
        "checkpoint": "size = (select min(size) from checkpoint)",
    }
    flip(story.mall.app, table, column, first[table])

    found = verify(story.mall.app)

    assert (found.exit_code, "NOT INTACT" in found.output) == (1, True), found.output


@pytest.mark.parametrize(("column", "other"), [("salt", "00" * 16), ("value", '{"note":"x"}')])
def test_changed_personal_data_does_not_open_its_commitment(story: Story, column: str, other: str):
    app = story.mall.app
    change = f"update event_personal_data set {column} = :other"  # noqa: S608 - Our own names.
    tamper(app, change, values={"other": other})

    assert "committed to" in verify(app).output


def test_erased_personal_data_is_no_fault(story: Story):
    tamper(story.mall.app, "delete from event_personal_data")

    assert verify(story.mall.app).exit_code == 0


def test_event_that_was_slipped_in_is_found(story: Story):
    copy = (
        "insert into event select 'slipped', delivery_id, seq + 1, type, actor, occurred_at,"
        " received_at, record, leaf_hash, head from event"
        " where delivery_id = :id and seq = (select max(seq) from event where delivery_id = :id)"
    )
    tamper(story.mall.app, copy, values={"id": story.delivery_id})

    found = verify(story.mall.app)

    assert "neither in the tree nor waiting" in found.output
    assert story.delivery_id in found.output


NEWEST = "(select event_id from log_leaf where position = (select max(position) from log_leaf))"


class TestDeletedNewest:
    """The event, and whatever else of it an attacker thinks of."""

    def test_its_leaf_stays_and_tells(self, story: Story):
        tamper(story.mall.app, f"delete from event where id = {NEWEST}")  # noqa: S608 - Our own.

        assert "is gone" in verify(story.mall.app).output

    def test_its_leaf_taken_too_leaves_a_checkpoint_without_it(self, story: Story):
        tamper(
            story.mall.app,
            f"delete from event where id = {NEWEST}",  # noqa: S608 - Our own.
            "delete from log_leaf where position = (select max(position) from log_leaf)",
        )

        assert verify(story.mall.app).exit_code == 1

    def test_whole_log_signed_anew_is_found_by_who_noted_an_anchor_or_head(self, story: Story):
        app = story.mall.app
        anchor = story.anchors()[-1]
        head = story.document()["events"][-1]["head"]
        rewrite_without_newest(story)

        assert verify(app).exit_code == 0
        for noted in (anchor, head.upper()):
            found = verify(app, "--anchor", noted)
            assert found.exit_code == 1
            assert f"{noted.lower()} is not in this log" in found.output

    def test_what_is_still_there_is_found_by_its_anchors(self, story: Story):
        noted = [*story.anchors(), *(event["head"] for event in story.document()["events"])]
        options = [part for each in noted for part in ("--anchor", each)]

        assert verify(story.mall.app, *options).exit_code == 0


def rewrite_without_newest(story: Story) -> None:
    """Delete the delivery's newest event and sign a log in which it never was."""
    newest = (
        "where delivery_id = :id and seq = (select max(seq) from event where delivery_id = :id)"
    )
    tamper(
        story.mall.app,
        "create table kept as select event_id, position from log_leaf",
        f"delete from event {newest}",  # noqa: S608 - Our own.
        "delete from event_personal_data where event_id not in (select id from event)",
        "delete from log_leaf",
        "delete from log_node",
        "delete from checkpoint",
        "insert into log_waiting (event_id) select event_id from kept"
        " where event_id in (select id from event) order by position",
        "drop table kept",
        values={"id": story.delivery_id},
    )
    seal(story.mall.app)


@pytest.mark.parametrize("noted", ["", "abc", "g" * 16, "0" * 63])
def test_anchor_that_is_none_is_refused(story: Story, noted: str):
    found = verify(story.mall.app, "--anchor", noted)

    assert (found.exit_code, "16 hex digits" in found.output) == (2, True)


def test_slices_come_to_the_same(story: Story, monkeypatch: pytest.MonkeyPatch):
    whole = verify(story.mall.app).output
    in_slices(monkeypatch, 3)

    assert verify(story.mall.app).output == whole


def in_slices(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    for module in ("audit", "tree_audit"):
        monkeypatch.setattr(f"app.eventlog.{module}.SLICE", size)


class TestDailyAudit:
    def run(self, app: Flask) -> None:
        with app.app_context(), transaction():
            audit_log(now=clock.now())
        with app.app_context():
            worker.run_due(HANDLERS)

    def test_intact_log_is_no_news(self, story: Story, caplog: pytest.LogCaptureFixture):
        self.run(story.mall.app)

        assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
        assert open_jobs(story.mall.app) == []

    def test_fault_is_an_error_with_the_deliverys_name(
        self, story: Story, caplog: pytest.LogCaptureFixture
    ):
        flip(story.mall.app, "event", "actor", f"delivery_id = '{story.delivery_id}' and seq = 2")
        flip(story.mall.app, "log_node", "hash", "level = 1 and number = 0")

        self.run(story.mall.app)

        said = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
        assert len(said) == 2
        assert said[0].startswith(f"event log not intact: delivery {story.delivery_id}, event 2")
        assert "node 0 of level 1" in said[1]

    def test_long_log_is_read_by_several_jobs(
        self, story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ):
        in_slices(monkeypatch, 5)
        flip(story.mall.app, "checkpoint", "signature", "size = (select max(size) from checkpoint)")

        self.run(story.mall.app)

        query = "select count(*) from job where kind = 'audit_log'"
        assert read(story.mall.app, query)[0][0] > 3
        assert "its signature does not hold" in caplog.text


def open_jobs(app: Flask) -> list[tuple]:
    return read(app, "select kind from job where kind = 'audit_log' and done_at is null")
