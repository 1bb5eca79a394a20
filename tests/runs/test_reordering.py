"""Another order of stops: proposed when reality changes, taken only with the driver's yes."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app import clock
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.learned import Timed
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.runs import queries, reordering
from tests.factories import Mall, copy_of
from tests.paces import has_learned
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

MINUTES = timedelta(minutes=1)


@pytest.fixture
def run_id(mall: Mall, dina: Driver) -> str:
    """A run of two stores that Dina holds: Lumen is late, Orbit has packed three orders."""
    for number in range(3):
        mall.places(mall.other_store, merchant_ref=f"B-{number}")
    mall.places(merchant_ref="A-1")
    (run_id,) = mall.forms_runs()
    assert dina.claim(run_id).status_code == 200
    return run_id


def make_late(mall: Mall, run_id: str) -> str:
    """Let the store that comes first be late, everybody else be ready; return its stop."""
    first = stops(mall, run_id)[0]
    with mall.writing():
        for row in deliveries.deliveries_of_run(run_id):
            is_first = row.store_id == first.store_id
            row.ready_at = clock.now() + (40 if is_first else 0) * MINUTES
            row.packed_at = None if is_first else clock.now()
    return first.id


def looks(mall: Mall, run_id: str, **later: float) -> bool:
    with mall.writing():
        now = clock.now() + later.get("minutes", 0) * MINUTES
        return reordering.look(run_id, here=None, now=now)


def proposal(mall: Mall, run_id: str) -> SimpleNamespace | None:
    with mall.reading():
        found = reordering.open_proposal(run_id)
        return copy_of(found) if found is not None else None


def answers(driver: Driver, proposal_id: str, *, is_taken: bool) -> str | None:
    try:
        with driver.mall.writing():
            act = Act(f"driver:{driver.person_id}", clock.now(), clock.now())
            reordering.answer(proposal_id, driver_id=driver.person_id, is_taken=is_taken, act=act)
    except DomainError as error:
        return error.code
    return None


def stops(mall: Mall, run_id: str) -> list[SimpleNamespace]:
    with mall.reading():
        return [copy_of(stop) for stop in queries.stops_of_run(run_id)]


def pay(mall: Mall, run_id: str) -> int:
    with mall.reading():
        return sum(line.amount_minor for line in queries.pay_lines([run_id])[run_id])


def test_store_that_is_not_ready_brings_a_proposal_and_changes_nothing(mall: Mall, run_id: str):
    late_id, before = make_late(mall, run_id), stops(mall, run_id)

    assert looks(mall, run_id)

    asked = proposal(mall, run_id)
    assert asked is not None
    assert (asked.reason, asked.about_stop_id) == ("not_ready", late_id)
    assert asked.saved_s >= 120
    assert stops(mall, run_id) == before
    assert mall.count(run_id, EventType.RUN_ORDER_PROPOSED) == 4


def test_nothing_is_proposed_while_all_goes_as_planned(mall: Mall, run_id: str):
    assert not looks(mall, run_id)
    assert proposal(mall, run_id) is None


def test_yes_changes_the_order_and_only_the_order(mall: Mall, dina: Driver, run_id: str):
    late_id, before = make_late(mall, run_id), pay(mall, run_id)
    looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None
    was = {stop.id for stop in stops(mall, run_id)}

    assert answers(dina, asked.id, is_taken=True) is None
    assert answers(dina, asked.id, is_taken=True) is None

    now = stops(mall, run_id)
    assert {stop.id for stop in now} == was
    assert [stop.number for stop in now] == list(range(1, len(now) + 1))
    assert now[1].id == late_id
    assert [stop.planned_at for stop in now] == sorted(stop.planned_at for stop in now)
    assert pay(mall, run_id) >= before
    assert mall.count(run_id, EventType.RUN_REORDERED) == 4
    assert not looks(mall, run_id)


def test_no_is_heard_for_a_quarter_of_an_hour(mall: Mall, dina: Driver, run_id: str):
    make_late(mall, run_id)
    looks(mall, run_id)
    asked, before = proposal(mall, run_id), stops(mall, run_id)
    assert asked is not None

    assert answers(dina, asked.id, is_taken=False) is None

    assert stops(mall, run_id) == before
    assert answers(dina, asked.id, is_taken=True) == "order_outdated"
    assert not looks(mall, run_id, minutes=14)
    assert looks(mall, run_id, minutes=16)


def test_asked_twice_there_is_one_question(mall: Mall, run_id: str):
    make_late(mall, run_id)
    looks(mall, run_id)
    first = proposal(mall, run_id)

    assert looks(mall, run_id, minutes=1)

    assert proposal(mall, run_id) == first


def test_question_goes_when_the_store_has_packed(mall: Mall, dina: Driver, run_id: str):
    make_late(mall, run_id)
    looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None
    with mall.writing():
        for row in deliveries.deliveries_of_run(run_id):
            row.packed_at = clock.now()

    assert not looks(mall, run_id)

    assert proposal(mall, run_id) is None
    assert answers(dina, asked.id, is_taken=True) == "order_outdated"


def test_driver_at_a_late_counter_may_go_elsewhere_and_come_again(
    mall: Mall, dina: Driver, run_id: str
):
    late_id = make_late(mall, run_id)
    (first, _other) = dina.stops("pickup")
    assert dina.arrive(first).status_code == 200
    assert looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None

    assert answers(dina, asked.id, is_taken=True) is None

    again = next(stop for stop in stops(mall, run_id) if stop.id == late_id)
    assert (again.status, again.arrived_at) == ("ahead", None)
    (_other, late) = dina.stops("pickup")
    assert dina.arrive(late).status_code == 200


def test_stops_that_have_changed_since_are_not_reordered(
    mall: Mall, dina: Driver, carl: Clerk, run_id: str
):
    make_late(mall, run_id)
    looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None
    mine = next(row for row in mall.deliveries_of(run_id) if row.store_id == mall.store.store_id)
    assert carl.post(f"deliveries/{mine.id}/cancel", reason="sold_out").status_code == 200

    assert answers(dina, asked.id, is_taken=True) == "order_outdated"


def test_nobody_answers_for_another_driver(mall: Mall, dan: Driver, run_id: str):
    make_late(mall, run_id)
    looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None

    assert answers(dan, asked.id, is_taken=True) == "not_found"
    assert answers(dan, "ord_none", is_taken=True) == "not_found"


def test_window_at_risk_after_the_first_door_is_asked_and_further_miles_are_paid(
    mall: Mall, dina: Driver, carl: Clerk
):
    """The far door's window ends first; the near one lies on the way."""
    near, far = {"lat": 33.318, "lon": -111.885}, {"lat": 33.39, "lon": -111.885}
    for number, place in enumerate((near, far, {"lat": 33.317, "lon": -111.885})):
        mall.places(merchant_ref=f"A-{number}", lat=place["lat"], lon=place["lon"])
    (run_id,) = mall.forms_runs()
    assert dina.claim(run_id).status_code == 200
    assert dina.collect(carl.shows(dina, run_id)).status_code == 200
    (first, *_rest) = dina.stops("dropoff")
    dina.arrive(first)
    assert dina.deliver(first).status_code == 200
    last = dina.stops("dropoff")[-1]
    with mall.writing():
        row = deliveries.delivery(last["delivery"]["id"])
        assert row is not None
        row.window_from = clock.now() - 2 * timedelta(hours=1)
        row.window_until = clock.now() + 15 * MINUTES
    before = pay(mall, run_id)

    assert looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None
    assert [stop["id"] for stop in dina.stops("dropoff")][-1] == last["id"]
    assert (asked.reason, asked.about_stop_id) == ("window", last["id"])
    assert answers(dina, asked.id, is_taken=True) is None

    assert dina.stops("dropoff")[0]["id"] == last["id"]
    assert pay(mall, run_id) > before


def test_doors_that_take_longer_than_usual_put_a_window_at_risk(
    mall: Mall, dina: Driver, carl: Clerk
):
    """What is learned about a place changes when doors are reached, and so what is asked."""
    for number, lat in enumerate((33.317, 33.318, 33.33)):
        mall.places(merchant_ref=f"A-{number}", lat=lat, lon=-111.885)
    (run_id,) = mall.forms_runs()
    assert dina.claim(run_id).status_code == 200
    assert dina.collect(carl.shows(dina, run_id)).status_code == 200
    (first, *_rest) = dina.stops("dropoff")
    dina.arrive(first)
    assert dina.deliver(first).status_code == 200
    last = stops(mall, run_id)[-1]
    with mall.writing():
        row = deliveries.delivery(last.delivery_id)
        assert row is not None
        row.window_until = last.planned_at + 4 * MINUTES
    assert not looks(mall, run_id)

    has_learned(mall, Timed.DOOR, "none", 6)

    assert looks(mall, run_id)
    asked = proposal(mall, run_id)
    assert asked is not None
    assert (asked.reason, asked.about_stop_id) == ("window", last.id)


def test_arriving_at_a_counter_that_is_not_ready_is_looked_at_at_once(
    mall: Mall, dina: Driver, run_id: str
):
    late_id = make_late(mall, run_id)
    assert dina.arrive(dina.stops("pickup")[0]).status_code == 200
    with mall.reading() as current:
        waiting = current.scalars(select(Job.key).where(Job.kind == reordering.LOOK)).all()
        assert f"{reordering.LOOK}:{run_id}" in waiting

    with mall.writing():
        HANDLERS[reordering.LOOK](run_id=run_id, now=clock.now())

    asked = proposal(mall, run_id)
    assert asked is not None
    assert (asked.reason, asked.about_stop_id) == ("not_ready", late_id)


def test_nothing_is_asked_once_a_stop_of_it_is_done(
    mall: Mall, dina: Driver, carl: Clerk, mallory: Clerk, run_id: str
):
    late_id = make_late(mall, run_id)
    looks(mall, run_id)
    assert dina.state()["run"]["proposal"] is not None
    ready = next(stop for stop in dina.stops("pickup") if stop["id"] != late_id)
    clerk = carl if ready["store"]["id"] == mall.store.store_id else mallory

    assert dina.collect(clerk.shows(dina, run_id), stop=ready).status_code == 200

    assert proposal(mall, run_id) is not None
    assert dina.state()["run"]["proposal"] is None


def test_next_driver_is_not_asked_what_the_last_one_was(
    mall: Mall, dina: Driver, dan: Driver, run_id: str
):
    make_late(mall, run_id)
    looks(mall, run_id)
    assert dina.state()["run"]["proposal"] is not None
    dina.post(f"runs/{run_id}/release", reason="other", note="")

    assert dan.claim(run_id).status_code == 200

    assert dan.state()["run"]["proposal"] is None
