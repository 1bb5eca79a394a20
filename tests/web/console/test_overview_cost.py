"""What the day of all places asks of the database: what the rule says, by indexes."""

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from app import clock
from app.deliveries import overview as deliveries_of_place
from app.deliveries import trouble
from app.deliveries.models import Delivery
from app.domain.delivery import ENDED, DeliveryStatus
from app.domain.trouble import severity
from app.persistence.ids import new_id
from app.persistence.transaction import session, transaction
from app.runs import overview as runs
from app.web.console.day import trouble_of
from tests.many_places import add_places, add_work, office_of
from tests.plans import plans_of
from tests.promises import crowd
from tests.promises.crowd import Place, RunShape
from tests.promises.statements import counting

pytestmark = pytest.mark.both_engines

ZONE = "America/Phoenix"
HOUR = timedelta(hours=1)


def add_every_kind(place: Place, *, now: datetime) -> None:
    """Add a delivery of each status, held or not, with proof or without, early and late."""
    ends = ((HOUR, None), (-HOUR, HOUR), (-HOUR, -HOUR / 2), (-HOUR, None))
    kinds = itertools.product(DeliveryStatus, (True, False), (True, False), ends, (HOUR, 20 * HOUR))
    rows = [
        crowd.delivery_row(None, new_id("dlv"), place, RunShape(), now)
        | {
            "status": status.value,
            "is_held": is_held,
            "is_verification_pending": is_pending,
            "window_from": now - 5 * HOUR,
            "window_until": now + planned,
            "promised_until": now + told if told is not None else None,
            "ended_at": now - age if status in ENDED else None,
        }
        for status, is_held, is_pending, (planned, told), age in kinds
    ]
    session().execute(insert(Delivery), rows)


def test_the_database_finds_what_the_rule_says(app: Flask):
    (place,) = add_places(app, 1)
    with app.app_context(), transaction():
        now = clock.now()
        midnight = now - 10 * HOUR
        add_every_kind(place, now=now)
        every = session().scalars(select(Delivery)).all()
        of_the_day = [row for row in every if row.ended_at is None or row.ended_at >= midnight]
        wanted = {row.id for row in of_the_day if trouble_of(row, now=now) is not None}

        amount = trouble.amounts({ZONE: midnight}, now=now)[place.site_id]
        found = trouble.in_trouble({ZONE: midnight}, now=now, limit=len(every))

        ranks = [severity(kind) for row in found if (kind := trouble_of(row, now=now))]
        assert {row.id for row in found} == wanted
        assert ranks == sorted(ranks)
        assert len(ranks) == len(found)
        assert amount.troubled == len(wanted)
        assert amount.still_open == sum(row.ended_at is None for row in every)
        listed = deliveries_of_place.deliveries_of_day(
            place.site_id, [place.store_id], since=midnight
        )
        assert {row.id for row in listed} >= wanted
        assert [row.ended_at is None for row in listed] == sorted(
            (row.ended_at is None for row in listed), reverse=True
        )


ASKED: dict[str, Callable[[Place, datetime], object]] = {
    "amounts": lambda _place, now: trouble.amounts({ZONE: now - HOUR}, now=now),
    "in trouble": lambda _place, now: trouble.in_trouble({ZONE: now - HOUR}, now=now, limit=100),
    "amounts of runs": lambda _place, now: runs.amounts(now=now),
    "unwanted runs": lambda _place, now: runs.unwanted_runs(now=now, limit=100),
    "deliveries of a place": lambda place, now: deliveries_of_place.deliveries_of_day(
        place.site_id, [place.store_id], since=now - HOUR
    ),
    "runs of a place": lambda place, _now: runs.runs_of_day(place.site_id, ["run_x"]),
}
INDEXES = {
    "amounts": {"ix_delivery_open", "ix_delivery_troubled"},
    "in trouble": {"ix_delivery_open", "ix_delivery_troubled"},
    "amounts of runs": {"ix_run_open"},
    "unwanted runs": {"ix_run_offered"},
    "deliveries of a place": {"ix_delivery_open", "ix_delivery_store_ended"},
    "runs of a place": {"ix_run_open"},
}


@pytest.fixture
def old_place(app: Flask) -> Place:
    """A place with a long past and two runs on offer."""
    (place,) = add_places(app, 1)
    add_work(app, [place, place], is_late=True)
    with app.app_context(), transaction() as current:
        before = clock.now() - timedelta(days=2)
        (driver,) = crowd.add_drivers(1, place.site_id, now=before)
        past = RunShape(status="finished", door_count=10, driver_id=driver.person_id)
        crowd.add_runs(200, place, past, now=before)
        if current.get_bind().dialect.name == "postgresql":
            current.execute(text("analyze"))
    return place


def test_what_has_ended_is_not_read(app: Flask, old_place: Place):
    now = clock.now()
    for name, ask in ASKED.items():
        with app.app_context():
            plan = plans_of(session(), lambda ask=ask: ask(old_place, now))

        assert set(re.findall(r"\bix_\w+", plan)) >= INDEXES[name], plan
        # The whole table: "SCAN delivery" without an index, or "Seq Scan on run".
        assert not re.search(r"SCAN (delivery|run)$|Seq Scan on (delivery|run)", plan, re.M), plan


def test_the_day_costs_the_same_for_two_places_and_for_fifty(app: Flask):
    desmond = office_of(app)
    places = add_places(app, 2)
    add_work(app, places, is_late=True)
    paths = ("today", f"today/{places[0].site_id}", "today?name=mall", "today?name=000")

    def costs() -> list[int]:
        counts: list[int] = []
        for path in paths:
            with counting(app) as found:
                assert desmond.get(path).status_code == 200
            counts.append(len(found))
        return counts

    few = costs()
    more = add_places(app, 48, first=2)
    add_work(app, more[:30], doors=3, is_late=True)

    assert costs() == few
