"""Background jobs: each done once, a failing one tried again and kept."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import gevent
import pytest
from flask import Flask
from gevent.event import Event as Stop
from sqlalchemy import select

from app import background, clock
from app.jobs import queue, worker
from app.jobs.handlers import HANDLERS, SCHEDULE
from app.jobs.models import Job
from app.jobs.schedule import plan
from app.jobs.worker import LEASE, RETRY_AFTER_S
from app.persistence.transaction import session, transaction
from app.sites import service as sites
from app.sites.models import Merchant
from tests import factories
from tests.factories import copy_of

pytestmark = pytest.mark.both_engines


def ask(app: Flask, number: int = 0, **given: Any) -> None:
    """Put one job into the table."""
    now = clock.now()
    with app.app_context(), transaction():
        queue.enqueue(
            "note", {"number": number}, key=given.get("key", f"note:{number}"), run_at=now, now=now
        )


def run_due(app: Flask, handlers: dict[str, Any]) -> int:
    with app.app_context():
        return worker.run_due(handlers)


def jobs(app: Flask) -> list[Any]:
    with app.app_context():
        return [copy_of(row) for row in session().scalars(select(Job).order_by(Job.key))]


def test_job_gets_its_arguments_and_is_done(app: Flask):
    done: list[int] = []
    ask(app, 7)

    taken = run_due(app, {"note": lambda number, **_: done.append(number)})

    assert (taken, done) == (1, [7])
    assert jobs(app)[0].done_at is not None
    assert run_due(app, {}) == 0


def test_two_workers_do_each_job_once(app: Flask):
    done: Counter[int] = Counter()
    for number in range(40):
        ask(app, number)

    def note(*, number: int, now: datetime) -> None:  # noqa: ARG001 - every handler gets it.
        done[number] += 1

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda _: sum_of_looks(app, {"note": note}), range(2)))

    assert sum(taken) == 40
    assert done == Counter(range(40))


def sum_of_looks(app: Flask, handlers: dict[str, Any]) -> int:
    """Work until there is nothing left; another worker may have taken the last one."""
    return sum(run_due(app, handlers) for _ in range(6))


def test_waiting_jobs_of_one_key_are_one_job(app: Flask):
    for _ in range(3):
        ask(app, key="the same")

    assert len(jobs(app)) == 1


def test_job_asked_for_while_another_runs_is_not_lost(app: Flask):
    ask(app, key="the same")

    def note(*, number: int, now: datetime) -> None:
        queue.enqueue("note", {"number": number + 1}, key="the same", run_at=now, now=now)

    run_due_once(app, note)

    assert [job.done_at is None for job in sorted(jobs(app), key=lambda job: job.created_at)] == [
        False,
        True,
    ]


def run_due_once(app: Flask, note: Any) -> None:
    with app.app_context():
        worker.run_due({"note": note}, limit=1)


def test_effects_of_a_failing_job_are_undone_and_it_is_tried_again(app: Flask):
    ask(app)
    tries: list[int] = []

    def note(*, number: int, now: datetime) -> None:  # noqa: ARG001 - every handler gets them.
        tries.append(number)
        sites.add_merchant("Lumen")
        if len(tries) == 1:
            message = "first try"
            raise ValueError(message)

    run_due(app, {"note": note})
    assert run_due(app, {"note": note}) == 0
    with clock.frozen(clock.now() + timedelta(seconds=RETRY_AFTER_S[0] + 1)):
        run_due(app, {"note": note})

    assert len(tries) == 2
    with app.app_context():
        assert session().scalars(select(Merchant.name)).all() == ["Lumen"]


def test_job_that_never_works_stays_with_its_error(app: Flask):
    ask(app)
    start, tries = clock.now(), 0
    for hours in range(12):
        with clock.frozen(start + timedelta(hours=hours)):
            tries += run_due(app, {"note": fail})

    (job,) = jobs(app)
    assert tries == len(RETRY_AFTER_S) + 1
    assert job.done_at is not None
    assert "never works" in job.last_error


def fail(**_: object) -> None:
    message = "never works"
    raise ValueError(message)


def test_job_of_an_unknown_kind_is_kept_with_its_error(app: Flask):
    ask(app)

    run_due(app, {})

    assert "KeyError" in jobs(app)[0].last_error


def test_job_whose_worker_died_is_done_by_another(app: Flask):
    ask(app)
    done: list[int] = []
    with pytest.raises(SystemExit):
        run_due(app, {"note": die})

    handlers = {"note": lambda number, **_: done.append(number)}
    assert run_due(app, handlers) == 0
    with clock.frozen(clock.now() + LEASE + timedelta(seconds=1)):
        assert run_due(app, handlers) == 1
    assert done == [0]


def die(**_: object) -> None:
    raise SystemExit


def test_job_that_was_rolled_back_with_its_cause_is_none(app: Flask):
    with pytest.raises(RuntimeError):
        ask_and_fail(app)

    assert jobs(app) == []


def ask_and_fail(app: Flask) -> None:
    with app.app_context(), transaction():
        queue.enqueue("note", {}, key="k", run_at=clock.now(), now=clock.now())
        raise RuntimeError


def test_loop_wakes_for_a_new_job_and_ends_when_told(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worker, "IDLE_LOOK_S", 3600)
    stop, ran = Event(), Event()
    handlers = {"note": lambda **_: ran.set()}
    looper = Thread(target=worker.loop, args=(app, handlers, stop))
    looper.start()

    ask(app)
    woke = ran.wait(10)
    stop.set()
    queue.wake_loops()
    looper.join(10)

    assert woke
    assert not looper.is_alive()


def test_who_stops_the_loops_wakes_them(monkeypatch: pytest.MonkeyPatch):
    woken: list[bool] = []
    monkeypatch.setattr(gevent, "spawn", lambda *_loop, **_named: None)
    monkeypatch.setattr(queue, "wake_loops", lambda: woken.append(True))
    stop = Stop()
    background.start_job_loops(Flask("app"), stop)

    stop.set()
    gevent.sleep(0)

    assert woken == [True]


def test_schedule_keeps_one_waiting_job_of_each_kind(app: Flask):
    for _ in range(3):
        with app.app_context(), transaction():
            plan(clock.now())

    assert sorted(job.kind for job in jobs(app)) == sorted(SCHEDULE)


def test_every_scheduled_kind_has_a_handler_that_works(app: Flask):
    now = clock.now()
    with app.app_context(), transaction():
        plan(now)

    with clock.frozen(now + timedelta(days=1)):
        run_due(app, dict(HANDLERS))

    assert {(job.kind, job.last_error) for job in jobs(app) if job.kind in SCHEDULE} == {
        (kind, None) for kind in SCHEDULE
    }


def test_placed_delivery_is_on_offer_when_its_job_has_run(app: Flask):
    mall = factories.a_mall(app)
    delivery_id = mall.places()

    with clock.frozen(clock.now() + timedelta(seconds=3)):
        run_due(app, dict(HANDLERS))

    assert mall.delivery(delivery_id).run_id is not None
