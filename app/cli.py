"""Commands of the operator: `flask demo …`, `flask admin …`, and those beside this file."""

import shutil
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, pass_script_info

from app import clock
from app.accounts import people, sessions
from app.accounts import queries as accounts
from app.cli_api import openapi
from app.cli_handoff import handoff
from app.cli_log import log
from app.cli_simulate import simulate_day
from app.config import Settings
from app.demo import queries as demo_queries
from app.demo.seed import seed
from app.demo.tools import DemoTools
from app.notify import service as notify
from app.persistence import engine
from app.persistence.transaction import session, transaction
from app.web.language import LANGUAGES

P = ParamSpec("P")
R = TypeVar("R")

ROLES: Final = ("admin", "dispatcher", "manager", "merchant", "driver")
_SCOPED: Final = frozenset({"manager", "merchant"})

demo = AppGroup("demo", help="Fill this installation with a living demo, or throw it away.")
admin = AppGroup("admin", help="Give people access.")


def register_commands(app: Flask) -> None:
    """Add the operator's commands to `flask`."""
    app.cli.add_command(demo)
    app.cli.add_command(admin)
    app.cli.add_command(handoff)
    app.cli.add_command(work_jobs)
    app.cli.add_command(log)
    app.cli.add_command(openapi)
    app.cli.add_command(simulate_day)


def writes(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command write; on SQLite only while no server does, which is then said plainly."""

    @wraps(command)
    def locked(*args: P.args, **kwargs: P.kwargs) -> R:
        _lock(_settings().database_url)
        return command(*args, **kwargs)

    return locked


def _lock(database_url: str) -> None:
    try:
        engine.lock_database(database_url)
    except engine.SecondProcessError as error:
        raise click.ClickException(str(error)) from None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["mallrun_settings"]
    return settings


@click.command("worker")
@pass_script_info
def work_jobs(info: ScriptInfo) -> None:
    """Work jobs and the schedule, without serving pages: one process beside gunicorn's workers."""
    from app.server import work  # noqa: PLC0415 - Only this command needs it.

    application = info.load_app()
    with application.app_context():
        _lock(_settings().database_url)
    click.echo("Working jobs. ctrl-C stops it.")
    work(application)


@demo.command("seed")
@click.option("--if-empty", is_flag=True, help="Do nothing, and say so, when there is data.")
@writes
def seed_demo(*, if_empty: bool) -> None:
    """Fill an empty installation with three malls, their people and a day of orders."""
    _seed_demo(if_empty=if_empty)


def make_ready(app: Flask) -> None:
    """Bring the database up to date and seed the demo into an empty one, before serving.

    Raises:
        click.ClickException: When another process writes the database.
    """
    with app.app_context():
        _lock(_settings().database_url)
        flask_migrate.upgrade()
        _seed_demo(if_empty=True)


def _seed_demo(*, if_empty: bool) -> None:
    if demo_queries.is_demo():
        if not if_empty:
            raise click.ClickException("The demo is here already. `flask demo reset` makes it new.")
        click.echo("The demo is ready.")
        return
    if not demo_queries.is_empty():
        if not if_empty:
            raise click.ClickException(
                "This installation has data of its own. The demo goes into an empty one only."
            )
        click.echo("This installation has data of its own: no demo was added.")
        return
    _seed()


@demo.command("reset")
@writes
def reset_demo() -> None:
    """Delete everything in a demo, photos too, and seed it anew; refuses where there is none."""
    if not demo_queries.is_demo():
        raise click.ClickException(
            "This is not a demo, so nothing was deleted. Only an installation made by "
            "`flask demo seed` can be reset."
        )
    # The event log refuses every deletion, so the tables themselves go, and come back empty.
    session().rollback()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    shutil.rmtree(_settings().photo_dir, ignore_errors=True)
    _seed()


def _seed() -> None:
    tools = DemoTools.of(current_app.extensions)
    with transaction():
        seed(tools, now=clock.now())
    click.echo("The demo is ready: three malls, their stores, drivers and orders.")


@admin.command("create")
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), default="admin", show_default=True)
@click.option("--scope", default="", help="Store, site or merchant id; needed for a manager.")
@click.option("--vehicle", default="", help="A driver's car, as customers read it.")
@click.option("--plate", default="", help="A driver's number plate.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Of their mails.")
@writes
def create_admin(
    *, name: str, email: str, role: str, scope: str, language: str, **car: str
) -> None:
    """Give NAME a role and print the one-time link with which they choose a password.

    Where the installation sends mail, EMAIL gets the link as well.
    """
    if not name.strip() or "@" not in email:
        raise click.ClickException("A name and an e-mail address are needed.")
    if role in _SCOPED and not scope:
        raise click.ClickException(
            f"A {role} needs --scope with the id of a store, site or merchant."
        )
    if role == "driver" and not car["vehicle"]:
        raise click.ClickException("A driver needs --vehicle, as customers read it.")
    now, has_mail = clock.now(), current_app.extensions["mallrun_mail"] is not None
    with transaction():
        person_id = _person(name.strip(), email, language)
        _grant(person_id, role, scope, **car)
        token = sessions.make_sign_in_link(person_id, now=now)
        if has_mail:
            notify.welcome(person_id, token, current_app.extensions["mallrun_keys"], now=now)
    hours = int(sessions.SIGN_IN_LINK_LIFE.total_seconds() // 3600)
    click.echo(f"{name.strip()} can choose a password here, once, within {hours} hours:")
    click.echo(f"{_settings().public_url}/console/welcome?token={token}")
    if has_mail:
        click.echo(f"It goes to {email.strip()} as well, once the server or a worker runs.")
    else:
        click.echo("No mail is sent (MALL_SMTP_URL is not set): pass the link on yourself.")


def _person(name: str, email: str, language: str) -> str:
    found = accounts.person_by_login(email)
    if found is not None:
        return found.id
    person_id = people.add_person(name, email=email, phone=None, now=clock.now()).id
    people.note_language(person_id, language)
    return person_id


def _grant(person_id: str, role: str, scope: str, **car: str) -> None:
    if (role, scope) in accounts.roles_of(person_id):
        return
    if role == "driver":
        people.add_driver(person_id, vehicle=car["vehicle"], plate=car["plate"], is_approved=True)
    else:
        people.grant_role(person_id, role, scope)
