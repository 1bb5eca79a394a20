"""Finished runs teach the plan how long things take, each of them once."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.deliveries import queries as deliveries
from app.domain import eta
from app.domain.arrivals import Lead, Miss
from app.domain.delivery import ProofKind
from app.domain.eta import DEFAULT_SPREAD
from app.domain.learned import Learned, Timed
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.runs import arriving, forming, learning, queries
from app.runs.models import ArrivalError
from app.tracking.models import PositionFix
from tests.factories import Mall
from tests.personas import Driver
from tests.places import DOOR

pytestmark = pytest.mark.both_engines

MINUTE = timedelta(minutes=1)


def drives(mall: Mall, driver: Driver) -> str:
    """Let a driver deliver two orders of one store; return the run."""
    for number in range(2):
        mall.places(lat=DOOR[0] + number / 50, merchant_ref=f"A-{number}")
    (run_id,) = mall.forms_runs()
    assert driver.claim(run_id).status_code == 200
    assert driver.collect("Tablet is off", kind="assertion").status_code == 200
    for _ in range(2):
        door = driver.stops("dropoff")[0]
        driver.arrive(door)
        assert driver.deliver(door).status_code == 200
    return run_id


def took(mall: Mall, run_id: str, *, counter_min: float, door_min: float) -> None:
    """Give a finished run times: a counter, then doors half an hour apart."""
    with mall.writing():
        run = queries.run(run_id)
        assert run is not None
        at = clock.now() - timedelta(hours=3)
        for row in deliveries.deliveries_of_run(run_id):
            row.packed_at = row.window_from = at - MINUTE
        for stop in queries.stops_of_run(run_id):
            stop.arrived_at = at
            stop.done_at = at + (door_min if stop.delivery_id else counter_min) * MINUTE
            at += 30 * MINUTE
        run.finished_at = at


def learns(mall: Mall, *, later: timedelta = timedelta(0)) -> None:
    """Do the job until there is nothing left to learn."""
    more = True
    while more:
        with mall.writing():
            more = learning.learn(now=clock.now() + later)


def known(mall: Mall) -> dict[tuple[Timed, str], Learned]:
    with mall.reading():
        return {(each.timed, each.ref): each.learned for each in learning.known(mall.site_id)}


def test_finished_run_is_learned_from_once(mall: Mall, dina: Driver):
    run_id = drives(mall, dina)
    took(mall, run_id, counter_min=6, door_min=3)
    before = mall.run(run_id).version

    learns(mall)
    learns(mall)

    assert {key: each.count for key, each in known(mall).items() if key[0] is not Timed.DRIVE} == {
        (Timed.COUNTER, mall.store.store_id): 1,
        (Timed.DOOR, "none"): 2,
    }
    assert mall.run(run_id).learned_at is not None
    assert mall.run(run_id).version == before


def test_run_that_ended_just_now_waits_for_late_phones(mall: Mall, dina: Driver):
    run_id = drives(mall, dina)

    learns(mall)
    assert mall.run(run_id).learned_at is None

    learns(mall, later=2 * learning.RESTS_FOR)
    assert mall.run(run_id).learned_at is not None


def test_slow_counter_and_quick_doors_change_the_next_plan(mall: Mall, dina: Driver):
    run_id = drives(mall, dina)
    with mall.reading():
        before = forming.forming_site(mall.site_id).times
    for _ in range(6):
        took(mall, run_id, counter_min=9, door_min=0.75)
        with mall.writing() as current:
            run = current.get_one(queries.Run, run_id)
            run.learned_at = None
        learns(mall)

    with mall.reading():
        times = forming.forming_site(mall.site_id).times

    assert before.counter_s(mall.store.store_id, 2) == eta.handover_s(2)
    assert times.counter_s(mall.store.store_id, 2) > 1.4 * eta.handover_s(2)
    assert times.counter_s(mall.other_store.store_id, 2) == eta.handover_s(2)
    assert times.door_s(ProofKind.NONE) < 0.8 * eta.DOOR_S
    assert times.door_s(ProofKind.PIN) == eta.DOOR_S


def test_learned_times_are_in_the_minutes_of_an_offer(mall: Mall, dina: Driver):
    run_id = drives(mall, dina)
    first = mall.run(run_id).duration_s
    for _ in range(6):
        took(mall, run_id, counter_min=12, door_min=4)
        with mall.writing() as current:
            current.get_one(queries.Run, run_id).learned_at = None
        learns(mall)

    for number in range(2):
        mall.places(lat=DOOR[0] + number / 50, merchant_ref=f"B-{number}")
    (second_id,) = mall.forms_runs()

    assert mall.run(second_id).duration_s > first + 200


def test_way_from_the_street_to_the_counter_is_learned(mall: Mall, dina: Driver):
    run_id = drives(mall, dina)
    took(mall, run_id, counter_min=6, door_min=3)
    with mall.reading():
        first: datetime | None = queries.stops_of_run(run_id)[0].arrived_at
    assert first is not None
    with mall.writing() as current:
        current.get_one(queries.Run, run_id).claimed_at = first - 30 * MINUTE
        for before, lat in ((20, 33.32), (5, 33.3005)):
            current.add(
                PositionFix(
                    id=f"fix_{run_id}{before}",
                    driver_id=dina.person_id,
                    run_id=run_id,
                    lat=lat,
                    lon=-111.8995,
                    accuracy_m=10,
                    fixed_at=first - before * MINUTE,
                    received_at=first,
                )
            )

    learns(mall)

    assert known(mall)[Timed.PARKING, ""].count == 1


def test_door_at_which_nobody_was_teaches_nothing(mall: Mall, dina: Driver):
    mall.places()
    (run_id,) = mall.forms_runs()
    dina.claim(run_id)
    dina.collect("Tablet is off", kind="assertion")
    door = dina.stops("dropoff")[0]
    dina.arrive(door)
    dina.fail(door)
    dina.give_back(dina.stops("return")[0])

    learns(mall, later=2 * learning.RESTS_FOR)

    assert mall.run(run_id).learned_at is not None
    assert all(timed is not Timed.DOOR for timed, _ref in known(mall))


def test_job_asks_for_the_next_runs_while_there_are_any(
    mall: Mall, dina: Driver, monkeypatch: pytest.MonkeyPatch
):
    took(mall, drives(mall, dina), counter_min=6, door_min=3)
    monkeypatch.setattr(learning, "RUNS_AT_ONCE", 1)

    with mall.writing():
        HANDLERS["learn_times"](now=clock.now())

    with mall.reading() as current:
        waiting = current.scalars(select(Job.key).where(Job.kind == "learn_times"))
        assert "learn_times:next" in waiting.all()


def test_arrivals_that_were_right_make_the_customers_window_narrower(mall: Mall, dina: Driver):
    with mall.writing():
        arriving.note(mall.site_id, [Miss(Lead.MIDDLE, 0.05)] * 80)
    collected_run = drives(mall, dina)
    took(mall, collected_run, counter_min=6, door_min=3)
    learns(mall)

    with mall.reading() as current:
        sure = arriving.spread_at(mall.site_id, 30 * MINUTE)
        far = arriving.spread_at(mall.site_id, 90 * MINUTE)
        noted = current.scalars(select(ArrivalError).where(ArrivalError.site_id == mall.site_id))
        count = sum(sum(json.loads(row.counts)) for row in noted)

    assert sure.late < 0.3
    assert far == DEFAULT_SPREAD
    # From the counter to both doors, and from door to door.
    assert count == 80 + 3
