"""Forming looks, decides with nothing held, and writes only what is still as it was seen."""

import pytest
from sqlalchemy import select

from app import clock
from app.deliveries.models import Delivery
from app.domain.forming import ORDERS_MAX
from app.domain.run_plan import RunPlan
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.jobs.queue import enqueue
from app.persistence.ids import new_id
from app.persistence.transaction import session, transaction
from app.runs import forming, regrouping
from app.runs import queries as runs
from app.runs.looking import Seen
from app.runs.models import OfferAsk
from tests.factories import Mall
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

NORTH, SOUTH = 33.36, 33.25


def looked(mall: Mall) -> Seen:
    with mall.reading():
        seen = forming.look(mall.site_id, now=clock.now())
        session().rollback()
    assert seen is not None
    return seen


def wrote(mall: Mall, seen: Seen) -> tuple[tuple[RunPlan, ...], int]:
    plans = forming.decide(seen, now=clock.now())
    with mall.writing():
        return plans, forming.write(seen, plans, now=clock.now())


def asks_for(mall: Mall, driver: Driver, run_id: str) -> None:
    """Let a driver ask for a run while askers are ranked; the answer is still to come."""
    with mall.writing() as current:
        current.add(
            OfferAsk(
                id=new_id("ask"),
                run_id=run_id,
                driver_id=driver.person_id,
                offered_at=clock.now(),
                asked_at=clock.now(),
            )
        )


def test_order_joins_the_run_that_was_seen(mall: Mall):
    run_id = mall.offers({})
    delivery_id = mall.places(merchant_ref="A-2")

    plans, count = wrote(mall, looked(mall))

    assert [plan.run_id for plan in plans] == [run_id]
    assert count == 1
    assert mall.delivery(delivery_id).run_id == run_id


def test_order_whose_run_was_claimed_meanwhile_goes_on_waiting(mall: Mall, dina: Driver):
    run_id = mall.offers({})
    delivery_id = mall.places(merchant_ref="A-2")
    seen = looked(mall)
    assert dina.claim(run_id).status_code == 200

    plans, count = wrote(mall, seen)

    assert [plan.run_id for plan in plans] == [run_id]
    assert count == 0
    assert mall.delivery(delivery_id).run_id is None
    with mall.reading():
        assert forming.is_anybody_waiting(mall.site_id, now=clock.now())


def test_run_that_somebody_asked_for_meanwhile_stays_what_he_has_seen(mall: Mall, dina: Driver):
    run_id = mall.offers({})
    delivery_id = mall.places(merchant_ref="A-2")
    seen = looked(mall)
    asks_for(mall, dina, run_id)

    _plans, count = wrote(mall, seen)

    assert count == 0
    assert mall.delivery(delivery_id).run_id is None


def test_regrouping_leaves_a_run_that_somebody_asked_for_meanwhile(mall: Mall, dina: Driver):
    for number in range(10):
        mall.places(lat=SOUTH if number % 2 else NORTH)
    run_ids = mall.forms_runs()
    with mall.reading():
        seen = regrouping.look(mall.site_id, now=clock.now())
        session().rollback()
    before = [sorted(row.id for row in mall.deliveries_of(run_id)) for run_id in run_ids]
    asks_for(mall, dina, run_ids[0])

    change = regrouping.compute(seen, now=clock.now())
    with mall.writing():
        written = regrouping.write(seen, change, now=clock.now())

    assert change.plans
    assert (written.run_count, written.is_whole) == (0, False)
    after = [sorted(row.id for row in mall.deliveries_of(run_id)) for run_id in run_ids]
    assert after == before


def test_order_that_was_cancelled_meanwhile_begins_no_run(mall: Mall, carl: Clerk):
    delivery_id = mall.places()
    seen = looked(mall)
    carl.post(f"deliveries/{delivery_id}/cancel", reason="Out of stock")

    _plans, count = wrote(mall, seen)

    assert count == 0
    with mall.reading():
        assert runs.offered_runs(mall.site_id, now=clock.now()) == []


def test_order_that_found_a_run_meanwhile_is_in_no_other(mall: Mall):
    delivery_id = mall.places()
    seen = looked(mall)
    (run_id,) = mall.forms_runs()

    _plans, count = wrote(mall, seen)

    assert count == 0
    assert mall.delivery(delivery_id).run_id == run_id


def test_order_that_goes_to_another_door_meanwhile_is_planned_anew(mall: Mall):
    delivery_id = mall.places()
    seen = looked(mall)
    with mall.writing() as current:
        current.get_one(Delivery, delivery_id).lat = NORTH

    _plans, count = wrote(mall, seen)
    assert count == 0
    assert mall.delivery(delivery_id).run_id is None

    (run_id,) = mall.forms_runs()
    assert mall.delivery(delivery_id).run_id == run_id


def test_full_run_is_not_even_read(mall: Mall):
    for number in range(ORDERS_MAX + 1):
        mall.places(merchant_ref=f"A-{number}")
    full, other = sorted(mall.forms_runs(), key=lambda each: -len(mall.deliveries_of(each)))
    mall.places(merchant_ref="A-late")

    seen = looked(mall)

    assert len(mall.deliveries_of(full)) == ORDERS_MAX
    assert [run.id for run in seen.runs] == [other]


def test_job_decides_while_others_write(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    first = mall.places()
    decide = forming.decide
    placed: list[str] = []

    def slow(seen: Seen, **more):
        # Other tests leave jobs in the same database.
        if seen.site_id == mall.site_id and not placed:
            # Would wait for ever, were the job's transaction open.
            placed.append(mall.places(merchant_ref="A-2"))
        return decide(seen, **more)

    monkeypatch.setattr(forming, "decide", slow)
    with mall.app.app_context():
        with transaction():
            arguments = {"site_id": mall.site_id}
            enqueue("form_runs", arguments, key="f", run_at=clock.now(), now=clock.now())
        handlers = {kind: lambda **_: None for kind in HANDLERS} | {
            "form_runs": HANDLERS["form_runs"]
        }
        worker.run_due(handlers, limit=1_000)

    assert mall.delivery(first).run_id is not None
    assert len(placed) == 1


def test_job_that_met_a_claim_comes_again(mall: Mall, dina: Driver, monkeypatch):
    run_id = mall.offers({})
    delivery_id = mall.places(merchant_ref="A-2")
    decide = forming.decide

    def slow(seen: Seen, **more):
        dina.claim(run_id)
        return decide(seen, **more)

    monkeypatch.setattr(forming, "decide", slow)
    with mall.app.app_context():
        HANDLERS["form_runs"](site_id=mall.site_id, now=clock.now())
        keys = session().scalars(select(Job.key).where(Job.done_at.is_(None))).all()
        session().rollback()
    monkeypatch.undo()
    assert f"form_runs:{mall.site_id}" in keys
    assert mall.delivery(delivery_id).run_id is None

    (second,) = mall.forms_runs()
    assert mall.delivery(delivery_id).run_id == second != run_id


def test_many_runs_are_written_a_few_at_a_time(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(forming, "RUNS_AT_ONCE", 1)
    written: list[int] = []
    write = forming.write

    def counting(seen: Seen, plans, **more) -> int:
        written.append(len(plans))
        return write(seen, plans, **more)

    monkeypatch.setattr(forming, "write", counting)
    for number in range(ORDERS_MAX + 1):
        mall.places(merchant_ref=f"A-{number}")

    with mall.app.app_context():
        HANDLERS["form_runs"](site_id=mall.site_id, now=clock.now())
        offered = runs.offered_runs(mall.site_id, now=clock.now())
        counts = sorted(len(mall.deliveries_of(run.id)) for run in offered)

    assert written == [1, 1]
    assert counts == [1, ORDERS_MAX]
