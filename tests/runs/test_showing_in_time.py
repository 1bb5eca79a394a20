"""A day at a place that waits for more orders: no run is shown too late, whatever happens to it."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.domain.forming import plan_run
from app.domain.holding import FINDING
from app.domain.run import RunStatus
from app.persistence.transaction import session
from app.runs import forming, regrouping, showing
from app.runs.models import Run
from app.sites import queries as sites
from tests.factories import Mall
from tests.runs.test_showing import waits

pytestmark = pytest.mark.both_engines

STEP = timedelta(minutes=25)
STEPS = 8


def order_of(chance: random.Random, now: datetime) -> dict[str, Any]:
    """Return an order of any size, somewhere in town, for now or for the evening."""
    opens = now + timedelta(minutes=chance.choice([0, 0, 60, 150]))
    return {
        "lat": 33.30 + chance.gauss(0, 0.04),
        "lon": -111.89 + chance.gauss(0, 0.04),
        "parcel_count": chance.choice([1, 1, 2, 6]),
        "ready_at": now + timedelta(minutes=chance.randint(0, 40)),
        "window_from": opens,
        "window_until": opens + timedelta(minutes=chance.choice([75, 120, 240])),
    }


def forms_and_regroups(mall: Mall, now: datetime) -> None:
    with mall.writing():
        forming.form_runs(mall.site_id, now=now)
    with mall.writing():
        seen = regrouping.look(mall.site_id, now=now)
        regrouping.write(seen, regrouping.compute(seen, now=now), now=now)


def late_if_shown_then(mall: Mall) -> list[str]:
    """Return runs that wait for so long that a driver who sees them in time comes too late."""
    found: list[str] = []
    for row in session().scalars(select(Run).where(Run.site_id == mall.site_id)):
        if row.status != RunStatus.OFFERED.value or row.shown_at is None:
            continue
        carried = forming.waiting_in([row.id])
        stores = sites.stores_by_id({each.store_id for each in carried})
        orders = [forming.open_delivery(each, stores) for each in carried]
        start = row.shown_at + FINDING
        plan = plan_run(orders, forming.forming_site(mall.site_id), start, row.id)
        if not plan.keeps_windows:
            found.append(row.id)
    return found


@pytest.mark.parametrize("seed", range(2))
def test_no_run_is_shown_after_its_last_safe_start(mall: Mall, seed: int):
    waits(mall)
    chance = random.Random(seed)  # noqa: S311 - Cases, not secrets.
    start = clock.now().replace(microsecond=0)
    ever_hidden = 0

    for step in range(STEPS):
        now = start + step * STEP
        with clock.frozen(now):
            for _ in range(chance.randint(0, 3)):
                mall.places(**order_of(chance, now))
            forms_and_regroups(mall, now)
        with mall.reading():
            hidden = session().scalars(
                select(Run).where(Run.site_id == mall.site_id, Run.shown_at.is_not(None))
            )
            ever_hidden += sum(not showing.is_shown(row, now) for row in hidden)
            assert late_if_shown_then(mall) == []

    assert ever_hidden >= STEPS
