"""An operator with many places, written as rows: the console's lists are about hundreds of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from app import clock
from app.deliveries.models import Delivery
from app.persistence.transaction import session, transaction
from app.runs.models import Run
from app.sites import service as sites
from tests import factories
from tests.office import Office
from tests.personas import show_cookie
from tests.places import MALL
from tests.promises import crowd
from tests.promises.crowd import Place, RunShape

#: Past both ends of its window.
LATE: Mapping[str, Any] = {
    "window_from": -timedelta(hours=3),
    "window_until": -timedelta(hours=1),
}


def name_of(number: int) -> str:
    """Return "Mall 007"."""
    return f"Mall {number:03d}"


def add_places(app: Flask, count: int, *, first: int = 0) -> list[Place]:
    """Add places with one store each, where nothing goes on."""
    places: list[Place] = []
    with app.app_context(), transaction():
        for number in range(first, first + count):
            site_id = sites.add_site(replace(MALL, name=name_of(number))).id
            counter = factories.a_counter(site_id, f"Store {number:03d}")
            places.append(Place(site_id, counter.store_id, counter.merchant_id, counter.desk_id))
    return places


def add_work(
    app: Flask, places: Sequence[Place], *, doors: int = 1, is_late: bool = False
) -> list[str]:
    """Put a run on offer at each place; return the runs, in order.

    Args:
        app: Over the database.
        places: Where.
        doors: Deliveries in each run.
        is_late: Whether they are later than promised, and the run was raised two hours ago.
    """
    now = clock.now()
    with app.app_context(), transaction():
        run_ids = [
            crowd.add_runs(1, place, RunShape(door_count=doors), now=now)[0] for place in places
        ]
        if is_late:
            window = {name: now + shift for name, shift in LATE.items()}
            raised = {"raises": 1, "offered_at": now - timedelta(hours=2)}
            session().execute(update(Delivery).where(Delivery.run_id.in_(run_ids)).values(window))
            session().execute(update(Run).where(Run.id.in_(run_ids)).values(raised))
        return run_ids


def change(app: Flask, model: Any, **where: Any) -> None:
    """Change rows of a table: `change(app, Site, id=site_id, to={"is_test": True})`."""
    to: dict[str, Any] = where.pop("to")
    with app.app_context(), transaction():
        session().execute(update(model).filter_by(**where).values(to))


def office_of(app: Flask, role: str = "dispatcher", scope_id: str = "") -> Office:
    """Sign somebody in at the console."""
    with app.app_context(), transaction():
        person_id = factories.a_person("Desmond Day", (role, scope_id))
        new = factories.a_session("console", person_id=person_id)
    client = app.test_client()
    show_cookie(client, "console", new.token)
    return Office(client, person_id, new.token)
