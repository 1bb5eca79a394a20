"""A claim meets the moment in which a run comes back on offer.

On PostgreSQL the claim does not wait for whoever gives the run back: it finds nothing to take, and
by the time it asks why, the run is on offer. SQLite lets one write after the other.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import clock
from app.domain.act import Act
from app.domain.run import ReleaseReason
from app.runs import claims, offering
from app.runs.offering import Asker
from tests import factories
from tests.factories import Mall
from tests.journeys import claimed
from tests.personas import Driver


@pytest.fixture
def mall(shared_apps: Callable[[str], Flask]) -> Mall:
    return factories.a_mall(shared_apps("postgres"))


@contextmanager
def after_each_claim(mall: Mall, *happenings: Callable[[], object]) -> Generator[list[str]]:
    """Let things happen between the statements of a claim: one after each that takes the run."""
    left, taken = list(happenings), list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if "RETURNING run.epoch" in statement:
            taken.append(statement)
            if left:
                happening = left.pop(0)
                with ThreadPoolExecutor(1) as elsewhere:
                    elsewhere.submit(happening).result(10)

    with mall.app.app_context():
        engine = mall.app.extensions["sqlalchemy"].engine
    event.listen(engine, "after_cursor_execute", note)
    try:
        yield taken
    finally:
        event.remove(engine, "after_cursor_execute", note)


def gives_back(driver: Driver, run_id: str) -> None:
    with driver.mall.writing():
        claims.release_run(
            run_id,
            driver_id=driver.person_id,
            reason=ReleaseReason.MISTAKE,
            note="",
            act=Act(f"driver:{driver.person_id}", clock.now(), clock.now()),
        )


def test_run_given_back_while_a_claim_looks_is_the_claimers(mall: Mall, dina: Driver, dan: Driver):
    run_id = claimed(dina)

    with after_each_claim(mall, lambda: gives_back(dina, run_id)) as tries:
        answer = dan.claim(run_id)

    assert len(tries) == 2
    assert answer.status_code == 200
    assert mall.run(run_id).driver_id == dan.person_id


@pytest.mark.parametrize(
    ("window_s", "code"), [(0, "run_back_on_offer"), (8, "offer_ranked")], ids=["open", "ranked"]
)
def test_run_on_offer_that_was_missed_says_what_to_do(
    mall: Mall, dan: Driver, window_s: int, code: str
):
    run_id = mall.offers()

    with mall.reading():
        window = timedelta(seconds=window_s)
        why = claims.why_lost(run_id, dan.person_id, now=clock.now(), window=window)

    assert why.code == code


def test_run_that_somebody_asked_for_is_decided_first(mall: Mall, dina: Driver, dan: Driver):
    run_id, now = mall.offers(), clock.now()
    with mall.writing():
        asker = Asker(dina.person_id, None, timedelta(seconds=8))
        offering.ask(run_id, asker, act=Act(f"driver:{dina.person_id}", now, now))

    with clock.frozen(now + timedelta(seconds=9)), mall.reading():
        why = claims.why_lost(run_id, dan.person_id, now=clock.now(), window=timedelta(seconds=8))

    assert why.code == "offer_ranked"
