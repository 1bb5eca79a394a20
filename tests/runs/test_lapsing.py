"""Claims without progress: warned, kept, lapsed; and what happens in the same instant."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.accounts import queries as accounts
from app.domain.events import EventType
from app.domain.lapse import GRACE, KEEPS_MAX, OVERDUE_AFTER, STILL_FOR, Verdict
from app.domain.run import ReleaseReason
from app.jobs import worker
from app.jobs.handlers import HANDLERS, SCHEDULE
from app.jobs.models import Job
from app.persistence.transaction import session
from app.runs import lapsing
from app.runs import queries as runs
from tests import factories, personas
from tests.crossing import at_once
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines

#: Some 5 km from the mall.
FAR = (33.345, -111.89)
SECOND = timedelta(seconds=1)


def look(mall: Mall, run_id: str, now: datetime) -> Verdict:
    """Look at a claim as the job does."""
    with clock.frozen(now), mall.writing():
        return lapsing.watch(run_id, now=now)


def stands(driver: Driver, since: datetime, until: datetime) -> None:
    """Let a phone send the same place every two minutes."""
    at = since
    while at <= until:
        with clock.frozen(at):
            assert driver.report(*FAR, at=at).status_code == 204
        at += timedelta(minutes=2)


def overdue(driver: Driver) -> tuple[str, datetime]:
    """Claim a run and say nothing more; return the run and when a warning is due."""
    start = clock.now()
    with clock.frozen(start):
        run_id = claimed(driver)
        first = datetime.fromisoformat(driver.stops("pickup")[0]["planned_at"])
    return run_id, max(start, first) + OVERDUE_AFTER + SECOND


def warned(driver: Driver) -> tuple[str, datetime]:
    """Claim a run and be warned; return the run and when it lapses."""
    run_id, due = overdue(driver)
    assert look(driver.mall, run_id, due) is Verdict.WARN
    return run_id, due + GRACE


def lapse_of(driver: Driver, at: datetime) -> dict[str, Any] | None:
    """Return what the phone shows of a warning at an instant."""
    with clock.frozen(at):
        return driver.state()["run"]["lapse"]


class TestTheWarning:
    def test_comes_first_with_the_time(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)

        lapse = lapse_of(dina, ends - SECOND)
        assert lapse is not None
        assert lapse["can_keep"] is True
        assert abs(datetime.fromisoformat(lapse["at"]) - ends) < SECOND
        assert mall.run(run_id).driver_id == dina.person_id
        assert mall.count(run_id, EventType.RUN_WARNED) == 1

    def test_comes_earlier_for_a_driver_who_surely_stands(self, mall: Mall, dina: Driver):
        start = clock.now()
        with clock.frozen(start):
            run_id = claimed(dina, {"ready_at": start})
        stands(dina, start, start + STILL_FOR)

        assert look(mall, run_id, start + STILL_FOR + timedelta(minutes=1)) is Verdict.WARN

    def test_does_not_come_for_want_of_a_position(self, mall: Mall, dina: Driver):
        start = clock.now()
        run_id = claimed(dina)

        assert look(mall, run_id, start + STILL_FOR + SECOND) is Verdict.LEAVE
        assert look(mall, run_id, start + OVERDUE_AFTER - timedelta(minutes=1)) is Verdict.LEAVE

    def test_is_said_once(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)

        assert look(mall, run_id, ends - SECOND) is Verdict.LEAVE
        assert mall.count(run_id, EventType.RUN_WARNED) == 1

    def test_goes_when_the_driver_says_he_comes(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)
        with clock.frozen(ends - SECOND):
            assert dina.post(f"runs/{run_id}/keep").status_code == 200
            assert lapse_of(dina, ends) is None

        assert look(mall, run_id, ends + SECOND) is Verdict.LEAVE

    def test_can_be_answered_only_so_often(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)
        for _ in range(KEEPS_MAX):
            with clock.frozen(ends):
                assert dina.post(f"runs/{run_id}/keep").status_code == 200
            due = ends + OVERDUE_AFTER
            assert look(mall, run_id, due) is Verdict.WARN
            ends = due + GRACE

        assert code_of(dina.post(f"runs/{run_id}/keep")) == "claim_kept_before"
        assert (lapse_of(dina, ends) or {})["can_keep"] is False

    def test_answer_without_a_warning_changes_nothing(self, mall: Mall, dina: Driver):
        run_id = claimed(dina)

        assert dina.post(f"runs/{run_id}/keep").status_code == 200
        with mall.reading():
            claim = runs.live_claim(run_id)
            assert claim is not None
            assert (claim.kept_count, claim.kept_at) == (0, None)


class TestTheLapse:
    def test_puts_the_run_on_offer_and_tells_the_driver(
        self, mall: Mall, dina: Driver, dan: Driver
    ):
        run_id, ends = warned(dina)

        assert look(mall, run_id, ends) is Verdict.LAPSE

        with clock.frozen(ends):
            state = dina.state()
            assert state["run"] is None
            assert (state["lapsed"]["run_id"], state["lapsed"]["is_on_offer"]) == (run_id, True)
            assert dan.state()["lapsed"] is None
            assert dan.claim(run_id).status_code == 200
            assert dina.state()["lapsed"]["is_on_offer"] is False
        facts = mall.facts(mall.deliveries_of(run_id)[0].id, EventType.RUN_RELEASED)
        assert facts["reason"] == ReleaseReason.NO_PROGRESS.value

    def test_can_be_made_good_by_claiming_again(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)
        look(mall, run_id, ends)

        with clock.frozen(ends + SECOND):
            assert dina.claim(run_id).status_code == 200
        assert lapse_of(dina, ends + STILL_FOR + timedelta(minutes=1)) is None
        assert look(mall, run_id, ends + timedelta(minutes=1)) is Verdict.LEAVE

    def test_happens_once(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)

        assert look(mall, run_id, ends) is Verdict.LAPSE
        assert look(mall, run_id, ends + SECOND) is Verdict.LEAVE
        assert mall.count(run_id, EventType.RUN_RELEASED) == 1
        with mall.reading():
            driver = accounts.driver(dina.person_id)
            assert driver is not None
            assert driver.active_runs == 0

    def test_never_comes_at_a_counter(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)
        with clock.frozen(ends - SECOND):
            assert dina.arrive(dina.stops("pickup")[0]).status_code == 200

        assert look(mall, run_id, ends + SECOND) is Verdict.CLEAR
        assert look(mall, run_id, ends + timedelta(hours=2)) is Verdict.LEAVE
        assert lapse_of(dina, ends + SECOND) is None

    def test_never_comes_after_the_first_collection(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = collected(dina, carl)

        assert look(mall, run_id, clock.now() + timedelta(hours=3)) is Verdict.LEAVE

    def test_gives_way_to_a_phone_that_collected_without_signal(
        self, mall: Mall, dina: Driver, carl: Clerk
    ):
        run_id, ends = warned(dina)
        rows = mall.deliveries_of(run_id)
        with clock.frozen(ends - timedelta(minutes=2)):
            kept = picked_up(phone_of(dina), carl.shows(dina, run_id), handles_of(rows))
        look(mall, run_id, ends)
        assert mall.run(run_id).driver_id is None

        with clock.frozen(ends + timedelta(minutes=5)):
            (result,) = phone_of(dina).results(kept)
            assert result["outcome"] == "applied"
            assert dina.state()["run"] is not None
        assert mall.holders(rows[0].id) == {("driver", dina.person_id)}


def meets_a_look(
    mall: Mall, run_id: str, now: datetime, request: Callable[[], TestResponse]
) -> TestResponse:
    """Send a request in the instant in which the job looks; return its answer."""
    answers: list[TestResponse] = []

    def send() -> None:
        answers.append(request())

    def look_too() -> None:
        look(mall, run_id, now)

    with clock.frozen(now):
        at_once(look_too, send)
    return answers[0]


class TestTheSameInstant:
    """Whoever is first decides, and both know the same."""

    def test_lapse_and_arrival(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)
        (stop,) = dina.stops("pickup")

        meets_a_look(mall, run_id, ends, lambda: dina.arrive(stop))

        held = dina.state()["run"]
        run = mall.run(run_id)
        assert (held is not None) == (run.driver_id == dina.person_id) == (run.status == "claimed")
        arrived = mall.count(run_id, EventType.STOP_ARRIVED)
        lapsed = mall.count(run_id, EventType.RUN_RELEASED)
        assert (arrived, lapsed) in {(1, 0), (0, 1)}

    def test_lapse_and_the_word_to_come(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)

        kept = meets_a_look(mall, run_id, ends, lambda: dina.post(f"runs/{run_id}/keep"))

        is_held = mall.run(run_id).driver_id == dina.person_id
        assert code_of(kept) == (None if is_held else "run_reassigned")

    def test_lapse_and_claims_of_others(self, mall: Mall, dina: Driver, dan: Driver):
        run_id, ends = warned(dina)

        claim = meets_a_look(mall, run_id, ends, lambda: dan.claim(run_id))

        winner = dan.person_id if claim.status_code == 200 else None
        assert code_of(claim) in {None, "already_claimed"}
        assert mall.run(run_id).driver_id == winner

    def test_two_looks_lapse_once(self, mall: Mall, dina: Driver):
        run_id, ends = warned(dina)

        found = at_once(*[lambda: look(mall, run_id, ends)] * 2)

        assert sorted(found) == [Verdict.LAPSE, Verdict.LEAVE]
        assert mall.count(run_id, EventType.RUN_RELEASED) == 1


def test_jobs_look_at_claims_that_could_lapse_and_at_no_other(app: Flask):
    # In a database of its own: in the shared one the jobs of all other tests would be due first.
    mall = factories.a_mall(app)
    dina = personas.a_driver(mall, "Dina Diaz")
    run_id, due = overdue(dina)

    def asked(now: datetime) -> list[str]:
        with mall.writing():
            HANDLERS["watch_claims"](now=now)
        with mall.reading():
            kinds = select(Job.key).where(Job.kind == lapsing.WATCH, Job.done_at.is_(None))
            return [key for key in session().scalars(kinds) if key.endswith(run_id)]

    assert asked(clock.now()) == []
    assert len(asked(due)) == len(asked(due)) == 1
    with clock.frozen(due), mall.app.app_context():
        worker.run_due(HANDLERS)
    assert lapse_of(dina, due) is not None
    assert SCHEDULE["watch_claims"] <= GRACE.total_seconds()
