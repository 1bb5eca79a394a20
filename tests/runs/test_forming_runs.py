"""Open deliveries meet the tables: runs on offer that grow, shrink and are priced."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.domain.events import EventType
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.persistence.transaction import session
from app.runs import forming
from app.runs import queries as runs
from tests.factories import Mall
from tests.journeys import claimed
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines


def pay(mall: Mall, run_id: str) -> dict[str, int]:
    """Return the amounts of a run's pay by kind."""
    with mall.reading():
        lines = runs.pay_lines([run_id])[run_id]
        return {line.kind: line.amount_minor for line in lines}


def stops(mall: Mall, run_id: str) -> list[str]:
    with mall.reading():
        return [stop.kind for stop in runs.stops_of_run(run_id)]


def test_nothing_waiting_forms_nothing(mall: Mall):
    assert mall.forms_runs() == []


def test_orders_of_one_window_travel_together(mall: Mall):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})

    assert stops(mall, run_id) == ["pickup", "dropoff", "dropoff"]
    assert mall.run(run_id).parcel_count == 4
    assert mall.count(run_id, EventType.RUN_OFFERED) == 2


def test_next_order_joins_the_run_on_offer_and_is_paid(mall: Mall):
    run_id = mall.offers()
    before = pay(mall, run_id)

    mall.places(lat=33.33)

    assert mall.forms_runs() == [run_id]
    assert stops(mall, run_id) == ["pickup", "dropoff", "dropoff"]
    assert pay(mall, run_id)["per_stop"] > before["per_stop"]


def test_order_after_the_claim_makes_a_run_of_its_own(mall: Mall, dina: Driver):
    run_id = claimed(dina)
    mall.places()

    (other,) = mall.forms_runs()

    assert other != run_id
    assert stops(mall, run_id) == ["pickup", "dropoff"]


def test_both_stores_of_a_run_are_visited(mall: Mall):
    mall.places()
    mall.places(mall.other_store)
    (run_id,) = mall.forms_runs()

    assert stops(mall, run_id) == ["pickup", "pickup", "dropoff", "dropoff"]


def test_forming_again_changes_nothing(mall: Mall):
    run_id = mall.offers({}, {})
    before = mall.run(run_id).version

    mall.forms_runs()

    assert mall.run(run_id).version == before
    assert mall.count(run_id, EventType.RUN_OFFERED) == 2


def test_cancelled_order_leaves_the_offer_smaller(mall: Mall, carl: Clerk):
    run_id = mall.offers({"tip_minor": 300}, {})
    gone = next(row for row in mall.deliveries_of(run_id) if row.tip_minor)

    carl.post(f"deliveries/{gone.id}/cancel", reason="Out of stock")

    assert stops(mall, run_id) == ["pickup", "dropoff"]
    assert "tip" not in pay(mall, run_id)
    assert mall.delivery(gone.id).run_id is None


def test_last_order_cancelled_takes_the_offer_away(mall: Mall, carl: Clerk):
    run_id = mall.offers()
    (row,) = mall.deliveries_of(run_id)

    carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    assert mall.run(run_id).status == "cancelled"
    assert mall.forms_runs() == []


def test_tip_is_the_drivers_and_apart_from_the_pay(mall: Mall):
    plain, tipped = pay(mall, mall.offers({})), None
    with clock.frozen(clock.now() + timedelta(hours=5)):
        tipped = pay(mall, mall.offers({"tip_minor": 700}))

    assert tipped.pop("tip") == 700
    assert tipped == plain


def test_pay_of_a_claimed_run_does_not_change(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {"tip_minor": 300}, {})
    before = pay(mall, run_id)
    gone = mall.deliveries_of(run_id)[0]

    carl.post(f"deliveries/{gone.id}/cancel", reason="Out of stock")

    assert pay(mall, run_id) == before


def test_offer_past_its_window_is_not_shown(mall: Mall, dina: Driver):
    mall.offers()

    with clock.frozen(clock.now() + timedelta(hours=4)):
        assert dina.state()["offers"] == []


def test_plan_moves_with_what_happens(dina: Driver, carl: Clerk):
    run_id, start = claimed(dina), clock.now()
    late = start + timedelta(hours=1)
    planned = dina.stops("dropoff")[0]["planned_at"]

    with clock.frozen(late):
        dina.arrive(dina.stops("pickup")[0])
        dina.collect(carl.shows(dina, run_id))

    (door,) = dina.stops("dropoff")
    assert planned < door["planned_at"]
    assert door["planned_at"] > late.isoformat()


def test_rush_finds_its_places_a_few_orders_at_a_time(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forming, "ORDERS_AT_ONCE", 3)
    for _ in range(7):
        mall.places()

    with mall.app.app_context():
        rounds = 0
        while forming.is_anybody_waiting(mall.site_id, now=clock.now()):
            HANDLERS["form_runs"](site_id=mall.site_id, now=clock.now())
            rounds += 1
        offered = runs.offered_runs(mall.site_id, now=clock.now())
        asked = session().scalars(select(Job.key).where(Job.done_at.is_(None))).all()

    assert rounds == 3
    assert sum(len(mall.deliveries_of(run.id)) for run in offered) == 7
    assert f"form_runs:{mall.site_id}" in asked
