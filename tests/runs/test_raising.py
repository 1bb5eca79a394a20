"""An offer that nobody takes pays more by rule, and the dispatcher and the merchant are told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.domain.events import EventType
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.persistence.transaction import session
from app.runs import queries as runs
from app.runs import raising
from tests.crossing import at_once
from tests.factories import Mall
from tests.journeys import claimed
from tests.office import signed_in
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

HOUR = timedelta(hours=1)
#: Wide enough for all steps.
LONG = {"window_until": clock.now() + timedelta(days=2)}


def raises(mall: Mall, run_id: str, now: datetime) -> bool:
    """Raise an offer as the job does."""
    with clock.frozen(now), mall.writing():
        return raising.raise_offer(run_id, now=now)


def pay(mall: Mall, run_id: str) -> dict[str, int]:
    with mall.reading():
        return {line.kind: line.amount_minor for line in runs.pay_lines([run_id])[run_id]}


def test_offer_is_raised_after_an_hour_and_again_by_the_steps(mall: Mall):
    start = clock.now()
    run_id = mall.offers(LONG)
    before = pay(mall, run_id)

    assert raises(mall, run_id, start + HOUR - timedelta(minutes=1)) is False
    for hours, amount in ((1, 200), (2, 400), (3, 600)):
        assert raises(mall, run_id, start + hours * HOUR + timedelta(seconds=5)) is True
        assert pay(mall, run_id) == before | {"raise": amount}
    assert raises(mall, run_id, start + 9 * HOUR) is False


def test_same_step_is_taken_once(mall: Mall):
    start = clock.now()
    run_id = mall.offers(LONG)
    due = start + HOUR + timedelta(seconds=5)

    assert sorted(at_once(*[lambda: raises(mall, run_id, due)] * 2)) == [False, True]
    assert mall.count(run_id, EventType.RUN_RAISED) == 1


def test_claimed_run_is_never_raised(mall: Mall, dina: Driver):
    start = clock.now()
    run_id = claimed(dina, LONG)
    before = pay(mall, run_id)

    assert raises(mall, run_id, start + 2 * HOUR) is False
    assert pay(mall, run_id) == before


def test_of_a_claim_and_a_raise_in_one_instant_both_know_the_same(mall: Mall, dina: Driver):
    start = clock.now()
    run_id = mall.offers(LONG)
    due = start + HOUR + timedelta(seconds=5)

    with clock.frozen(due):
        at_once(lambda: raises(mall, run_id, due), lambda: dina.claim(run_id).status_code == 200)
        shown = dina.state()["run"]

    told = mall.count(run_id, EventType.RUN_RAISED) == 1
    assert mall.run(run_id).driver_id == dina.person_id
    assert ("raise" in pay(mall, run_id)) == told
    assert ("raise" in {line["kind"] for line in shown["pay"]}) == told


def test_raise_stays_when_the_offer_is_planned_again(mall: Mall, carl: Clerk):
    start = clock.now()
    run_id = mall.offers(LONG, LONG)
    raises(mall, run_id, start + HOUR + timedelta(seconds=5))

    carl.post(f"deliveries/{mall.deliveries_of(run_id)[0].id}/cancel", reason="Out of stock")

    assert pay(mall, run_id)["raise"] == 200


def test_time_begins_again_when_a_driver_gives_it_back(mall: Mall, dina: Driver):
    start = clock.now()
    run_id = mall.offers(LONG)
    with clock.frozen(start + HOUR):
        dina.claim(run_id)
        dina.post(f"runs/{run_id}/release", reason="mistake", note="")

    assert raises(mall, run_id, start + 2 * HOUR - timedelta(minutes=1)) is False
    assert raises(mall, run_id, start + 2 * HOUR + timedelta(minutes=1)) is True


def test_driver_sees_why_it_pays_more(mall: Mall, dina: Driver):
    start = clock.now()
    run_id = mall.offers(LONG)
    raises(mall, run_id, start + 2 * HOUR + timedelta(seconds=5))

    (offer,) = dina.state()["offers"]

    (line,) = [each for each in offer["pay"] if each["kind"] == "raise"]
    assert (line["amount_minor"], line["facts"]) == (400, "Nobody took it for 2 h")


def test_dispatcher_and_merchant_are_told(mall: Mall):
    start = clock.now()
    run_id = mall.offers(LONG)
    (row,) = mall.deliveries_of(run_id)
    raises(mall, run_id, start + HOUR + timedelta(seconds=5))

    with clock.frozen(start + HOUR + timedelta(minutes=2)):
        desmond = signed_in(mall, "Desmond Day", "dispatcher")
        marta = signed_in(mall, "Marta Moss", "manager", mall.store.store_id)
        assert "No driver for 1 hour, raised" in desmond.day_at(mall)
        assert "No driver so far" in marta.get(f"deliveries/{row.id}").text
    assert mall.facts(row.id, EventType.RUN_RAISED) == {"amount_minor": 200, "step": 1}


def test_jobs_ask_for_offers_that_wait_and_for_no_other(mall: Mall, dina: Driver):
    start = clock.now()
    waits = mall.offers(LONG)
    taken = claimed_later(mall, dina)
    due = start + HOUR + timedelta(minutes=1)

    with mall.writing():
        HANDLERS["raise_offers"](now=due)
    with mall.reading():
        keys = set(session().scalars(select(Job.key).where(Job.kind == raising.RAISE)))
    assert f"{raising.RAISE}:{waits}" in keys
    assert f"{raising.RAISE}:{taken}" not in keys
    with clock.frozen(due), mall.app.app_context():
        # What other tests have left in this database is due as well.
        worker.run_due(HANDLERS, limit=5_000)
    assert pay(mall, waits)["raise"] == 200


def claimed_later(mall: Mall, driver: Driver) -> str:
    """Let a driver claim a second run, of a window of its own."""
    later = clock.now() + timedelta(hours=60)
    mall.places(window_from=later, window_until=later + HOUR)
    with mall.reading():
        known = {row.id for row in runs.offered_runs(mall.site_id, now=clock.now())}
    (run_id,) = set(mall.forms_runs()) - known
    assert driver.claim(run_id).status_code == 200
    return run_id
