import fcntl
import re
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import queries as accounts
from app.accounts import sessions
from app.clock import now
from app.demo import queries as demo
from app.persistence.transaction import transaction
from app.sites import queries as sites
from tests import databases, factories

pytestmark = pytest.mark.slow


def invoke(app: Flask, *args: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=list(args))
    return done.exit_code, done.output


@pytest.fixture
def empty(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory):
    """An installation without data."""
    folder = tmp_path_factory.mktemp("empty")
    url = databases.sqlite_copy(sqlite_template, folder)
    with databases.wired(url, folder) as application:
        yield application


def test_seeding_again_does_nothing_when_told_so(app: Flask):
    assert invoke(app, "demo", "seed", "--if-empty") == (0, "The demo is ready.\n")


def test_seeding_again_is_refused_otherwise(app: Flask):
    code, said = invoke(app, "demo", "seed")

    assert code == 1
    assert "flask demo reset" in said


def test_data_of_its_own_is_not_mixed_with_a_demo(empty: Flask):
    factories.a_mall(empty)

    code, said = invoke(empty, "demo", "seed", "--if-empty")

    assert code == 0
    assert "no demo was added" in said
    assert invoke(empty, "demo", "seed")[0] == 1


def test_reset_refuses_where_the_demo_was_never_seeded(empty: Flask):
    site_id = factories.a_mall(empty).site_id

    code, said = invoke(empty, "demo", "reset")

    assert code == 1
    assert "nothing was deleted" in said
    with empty.app_context():
        assert sites.site(site_id) is not None


def test_reset_makes_everything_new(app: Flask, tmp_path: Path):
    with app.app_context():
        before = {site.id for site in sites.all_sites()}
    photos = {path for path in (tmp_path / "photos").rglob("*") if path.is_file()}

    assert invoke(app, "demo", "reset")[0] == 0

    with app.app_context():
        assert demo.is_demo()
        after = {site.id for site in sites.all_sites()}
    assert len(after) == len(before)
    assert before.isdisjoint(after)
    assert photos.isdisjoint(path for path in (tmp_path / "photos").rglob("*"))


def test_writing_is_refused_while_a_server_runs(empty: Flask):
    database = Path(empty.extensions["mallrun_settings"].database_url.removeprefix("sqlite:///"))
    lock = database.with_suffix(f"{database.suffix}.lock")

    # A lock belongs to the open file, so a second opening stands for a second process.
    with lock.open("a+") as of_the_server:
        fcntl.flock(of_the_server, fcntl.LOCK_EX)
        code, said = invoke(empty, "demo", "seed")

    assert code == 1
    assert "in use by another Mallrun process. Stop it first." in said


def test_admin_gets_a_link_that_works_once(empty: Flask):
    code, said = invoke(empty, "admin", "create", "Ada Lee", "ada@x.example")

    link = re.search(r"http://\S+/console/welcome\?token=(\S+)", said)
    assert code == 0
    assert link is not None
    assert "No mail is sent" in said
    with empty.app_context():
        with transaction():
            person_id = sessions.use_link(link[1], password_hash="x", now=now())
        assert accounts.roles_of(person_id) == {("admin", "")}
        assert sessions.link_person(link[1], now=now()) is None


def test_a_second_link_ends_the_first_one(empty: Flask):
    said = invoke(empty, "admin", "create", "Ada Lee", "ada@x.example")[1]
    first = said.partition("token=")[2].split()[0]
    with empty.app_context():
        assert sessions.link_person(first, now=now()) is not None

    invoke(empty, "admin", "create", "Ada Lee", "ADA@x.example")

    with empty.app_context():
        assert sessions.link_person(first, now=now()) is None
        person = accounts.person_by_login("ada@x.example")
        assert person is not None
        assert len(accounts.roles_of(person.id)) == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["Ada", "no-address"], "e-mail address"),
        (["Max", "max@x.example", "--role", "manager"], "--scope"),
        (["Dee", "dee@x.example", "--role", "driver"], "--vehicle"),
        (["Eve", "eve@x.example", "--role", "owner"], "owner"),
    ],
)
def test_incomplete_orders_are_refused_in_words(empty: Flask, args: list[str], said: str):
    code, output = invoke(empty, "admin", "create", *args)

    assert code != 0
    assert said in output


def test_a_driver_can_be_made(empty: Flask):
    args = ["Dee", "dee@x.example", "--role", "driver", "--vehicle", "red Kia", "--plate", "K1"]
    invoke(empty, "admin", "create", *args)

    with empty.app_context():
        person = accounts.person_by_login("dee@x.example")
        assert person is not None
        driver = accounts.driver(person.id)
        assert driver is not None
        assert (driver.vehicle, driver.is_approved) == ("red Kia", True)
