"""Promise: ten thousand orders at once all find a run, and nobody else waits for that.

Jobs put them into runs a few at a time. Meanwhile others go on: somebody places an order at another
mall again and again, and the time of each is kept.
"""

import contextlib
import functools
import threading
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.deliveries.models import Delivery
from app.domain.forming import ORDERS_MAX
from app.domain.vehicle import LARGEST_L
from app.jobs.handlers import HANDLERS
from app.jobs.queue import enqueue
from app.jobs.worker import Handler, run_due
from app.persistence.transaction import session, transaction
from app.runs.models import Run, Stop
from tests import factories
from tests.factories import Mall
from tests.promises import crowd
from tests.promises.crowd import Place

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]

#: Seconds that anybody else may wait at most: what a person notices, on two slow cores.
PATIENCE_S = 5.0
#: Somebody else places an order so often.
EVERY_S = 0.25


@pytest.fixture
def count(is_full: bool) -> int:  # noqa: FBT001 - a fixture is not called by hand.
    return 10_000 if is_full else 300


@dataclass(slots=True)
class Others:
    """Somebody who places an order at another mall, again and again.

    Attributes:
        mall: Where.
        waits_s: How long each took.
    """

    mall: Mall
    waits_s: list[float] = field(default_factory=list[float])
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def going_on(self) -> Generator[None]:
        """Place orders until the block ends."""
        thread = threading.Thread(target=self._places)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _places(self) -> None:
        while not self._stop.wait(EVERY_S):
            began = time.perf_counter()
            self.mall.places()
            self.waits_s.append(time.perf_counter() - began)


@pytest.fixture
def others(app: Flask) -> Others:
    return Others(factories.a_mall(app))


def rush(app: Flask, count: int) -> Place:
    """Put so many orders into a mall that has none, and ask for their runs."""
    now = clock.now()
    with app.app_context(), transaction():
        place = crowd.add_place()
        crowd.add_orders(count, place, now=now)
    with app.app_context(), transaction():
        enqueue(
            "form_runs",
            {"site_id": place.site_id},
            key=f"form_runs:{place.site_id}",
            run_at=now,
            now=now,
        )
    return place


def work_off(app: Flask, site_id: str) -> dict[str, list[float]]:
    """Do what the worker does until no order waits; return how long the jobs of each kind took."""
    took: dict[str, list[float]] = {}
    handlers = {
        kind: timed(handler, took.setdefault(kind, [])) for kind, handler in HANDLERS.items()
    }
    with app.app_context():
        while _left(site_id):
            run_due(handlers, limit=1)
    return took


def timed(handler: Handler, took: list[float]) -> Handler:
    """Return a job's function that notes how long it takes."""

    @functools.wraps(handler)
    def timing(**arguments: Any) -> None:
        began = time.perf_counter()
        handler(**arguments)
        took.append(time.perf_counter() - began)

    return timing


def _left(site_id: str) -> int:
    waiting = select(func.count()).where(Delivery.site_id == site_id, Delivery.run_id.is_(None))
    left = session().scalar(waiting) or 0
    session().rollback()
    return left


def test_rush_ends_in_runs_and_others_are_answered_meanwhile(
    app: Flask, others: Others, count: int
):
    place = rush(app, count)

    began = time.perf_counter()
    with others.going_on():
        took = work_off(app, place.site_id)
    seconds = time.perf_counter() - began

    waits = sorted(others.waits_s)
    jobs = "; ".join(
        f"{kind} {len(each)} times, {sum(each):.0f} s in all, longest {max(each):.2f} s"
        for kind, each in took.items()
        if each
    )
    print(  # noqa: T201 - The figures are the point of the full count.
        f"{count} orders in {seconds:.0f} s: {jobs}; others placed {len(waits)} orders,"
        f" median {waits[len(waits) // 2]:.3f} s, longest {waits[-1]:.2f} s"
    )
    assert waits[-1] < PATIENCE_S
    with app.app_context():
        require_all_in_runs(place.site_id, count)


def require_all_in_runs(site_id: str, count: int) -> None:
    """Require that each order is a door of exactly one run, that none is too full or too large."""
    # A run that was emptied for better ones is cancelled.
    query = select(Run).where(Run.site_id == site_id, Run.status != "cancelled")
    runs = {run.id: run for run in session().scalars(query)}
    doors = (
        session()
        .execute(
            select(Stop.run_id, Stop.delivery_id, Delivery.run_id.label("its_run"))
            .join(Delivery, Delivery.id == Stop.delivery_id)
            .join(Run, Run.id == Stop.run_id)
            .where(Run.site_id == site_id, Run.status != "cancelled")
        )
        .all()
    )
    per_run = Counter(door.run_id for door in doors)
    assert len({door.delivery_id for door in doors}) == len(doors) == count
    assert all(door.run_id == door.its_run for door in doors)
    assert set(per_run) == set(runs)
    assert max(per_run.values()) <= ORDERS_MAX
    assert max(run.litres for run in runs.values()) <= LARGEST_L
    assert {run.status for run in runs.values()} == {"offered"}
