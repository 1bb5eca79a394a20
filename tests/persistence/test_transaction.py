"""The one way to change rows, on either engine."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from app.persistence.transaction import on_commit, session, transaction
from app.sites import service as sites
from app.sites.models import Merchant
from app.sync.models import CommandRow

pytestmark = pytest.mark.both_engines


def names(app: Flask) -> list[str]:
    with app.app_context():
        return list(session().scalars(select(Merchant.name).order_by(Merchant.name)))


def test_what_is_written_inside_is_there_afterwards(app: Flask):
    with app.app_context(), transaction():
        sites.add_merchant("Lumen")

    assert names(app) == ["Lumen"]


def test_failure_undoes_everything(app: Flask):
    with app.app_context(), pytest.raises(RuntimeError):
        add_and_fail(lambda: None)

    assert names(app) == []


def add_and_fail(callback: Callable[[], None]) -> None:
    with transaction():
        sites.add_merchant("Lumen")
        on_commit(callback)
        raise RuntimeError


def test_callbacks_run_after_the_commit_in_order(app: Flask):
    ran: list[object] = []
    with app.app_context():
        with transaction():
            sites.add_merchant("Lumen")
            on_commit(lambda: ran.append(names(app)))
            on_commit(lambda: ran.append("second"))
            assert ran == []

        assert ran == [["Lumen"], "second"]


def test_rollback_drops_the_callbacks(app: Flask):
    ran: list[str] = []
    with app.app_context():
        with pytest.raises(RuntimeError):
            add_and_fail(lambda: ran.append("never"))
        with transaction():
            pass

    assert ran == []


def test_transaction_in_a_transaction_is_refused_and_the_outer_one_goes_on(app: Flask):
    with app.app_context(), transaction():
        sites.add_merchant("Lumen")
        with pytest.raises(RuntimeError, match="open already"), transaction():
            pass
        sites.add_merchant("Orbit")

    assert names(app) == ["Lumen", "Orbit"]


def test_callback_needs_a_transaction(app: Flask):
    with app.app_context(), pytest.raises(RuntimeError, match="open transaction"):
        on_commit(lambda: None)


def test_transaction_sees_what_was_written_since_the_last_read(app: Flask):
    with app.app_context():
        assert session().scalars(select(Merchant)).all() == []
        writer = Thread(target=add_elsewhere, args=(app,))
        writer.start()
        writer.join()

        with transaction() as current:
            assert current.scalars(select(Merchant.name)).all() == ["Lumen"]


def add_elsewhere(app: Flask) -> None:
    with app.app_context(), transaction():
        sites.add_merchant("Lumen")


def test_writers_at_once_all_get_their_turn(app: Flask):
    def add(number: int) -> None:
        with app.app_context(), transaction():
            sites.add_merchant(f"{number:02d}")

    writers = [Thread(target=add, args=(number,)) for number in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert names(app) == [f"{number:02d}" for number in range(16)]


def remember(app: Flask, at: datetime) -> datetime:
    """Store an instant and read it back."""
    with app.app_context():
        with transaction() as current:
            current.add(
                CommandRow(
                    principal="p",
                    command_id="c",
                    kind="k",
                    body_hash="h",
                    answer="{}",
                    created_at=at,
                )
            )
        return session().scalars(select(CommandRow.created_at)).one()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 11, 22, 3, 0, tzinfo=timezone(timedelta(hours=-7))),
    ],
)
def test_instants_come_back_equal_and_in_utc(app: Flask, at: datetime):
    stored = remember(app, at)

    assert stored == at
    assert stored.utcoffset() == timedelta(0)


def test_instant_without_a_zone_is_refused(app: Flask):
    with pytest.raises(StatementError, match="naive"):
        remember(app, datetime(2026, 11, 22, 10))  # noqa: DTZ001 - the mistake it is about.


def test_foreign_keys_are_held(app: Flask):
    stray = "insert into role_grant (id, person_id, role, scope_id) values ('r', 'p', 'driver', '')"

    with pytest.raises(IntegrityError), app.app_context(), transaction() as current:
        current.execute(text(stray))
