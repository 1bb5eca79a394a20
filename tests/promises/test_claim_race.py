"""Promise: of fifty drivers who tap the same run, exactly one has it, and all are told the same.

The server runs in its own process, as it does for an operator, and the requests are real ones.
"""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from app.persistence.transaction import session
from app.runs.models import Claim
from tests.promises import serving
from tests.promises.racing import (
    EVENTS_PER_CLAIM,
    Race,
    claim_events_by_actor,
    claim_tap,
    require_one_owner_in_rows,
    run_all,
)
from tests.promises.serving import Server

pytestmark = [pytest.mark.promise, pytest.mark.slow, pytest.mark.both_engines]


def test_one_of_fifty_drivers_wins_each_run(app: Flask, races: list[Race], server: Server):
    winners = run_all([server], races)

    require_one_owner_in_rows(app, winners)


def test_ten_taps_of_one_driver_claim_once(app: Flask, races: list[Race], server: Server):
    one, driver = races[0], races[0].drivers[0]
    taps = [claim_tap(server, one.run_id, driver, serving.command_body()) for _ in range(10)]

    answers = serving.all_at_once(taps)

    assert Counter(answer.status for answer in answers) == {200: 1, 409: 9}
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"run_limit"}
    with app.app_context():
        assert session().scalars(select(Claim.run_id)).all() == [one.run_id]
        assert claim_events_by_actor() == {f"driver:{driver.person_id}": EVENTS_PER_CLAIM}


def test_one_tap_sent_ten_times_gets_one_answer(app: Flask, races: list[Race], server: Server):
    one, driver, body = races[0], races[0].drivers[0], serving.command_body()
    taps = [claim_tap(server, one.run_id, driver, body) for _ in range(10)]

    answers = serving.all_at_once(taps)

    assert [answer.status for answer in answers] == [200] * 10
    assert {answer.body["result"]["run_id"] for answer in answers} == {one.run_id}
    with app.app_context():
        assert session().scalars(select(Claim.run_id)).all() == [one.run_id]
        assert claim_events_by_actor() == {f"driver:{driver.person_id}": EVENTS_PER_CLAIM}
