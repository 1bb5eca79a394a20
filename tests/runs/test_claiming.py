"""Claiming a run: one winner, one effect, plain refusals."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.accounts import people
from app.domain.events import EventType
from app.runs import queries as runs
from tests.factories import Mall, command
from tests.journeys import claimed
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def test_first_driver_gets_the_run_and_the_second_is_told(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()

    answers = [dina.claim(run_id), dan.claim(run_id)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert code_of(answers[1]) == "already_claimed"
    assert mall.run(run_id).driver_id == dina.person_id
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_late_claim_moves_every_stop_by_as_much(mall: Mall, dina: Driver):
    run_id = mall.offers()
    before = planned(mall, run_id)

    with clock.frozen(clock.now() + timedelta(minutes=30)):
        assert dina.claim(run_id).status_code == 200

    later = {after - at for at, after in zip(before, planned(mall, run_id), strict=True)}
    assert len(later) == 1
    assert timedelta(minutes=20) < later.pop() < timedelta(minutes=40)


def planned(mall: Mall, run_id: str) -> list[datetime]:
    with mall.app.app_context():
        return [stop.planned_at for stop in runs.stops_of_run(run_id)]


def test_loser_keeps_the_slot_for_another_run(mall: Mall, dina: Driver, dan: Driver):
    dan.claim(first := mall.offers())
    second = mall.offers()

    answers = [dina.claim(first), dina.claim(second)]

    assert [answer.status_code for answer in answers] == [409, 200]


def test_loser_does_not_learn_who_won(mall: Mall, dina: Driver, dan: Driver):
    dina.claim(run_id := mall.offers())

    refused = dan.claim(run_id)

    assert dina.person_id not in refused.text
    assert "Dina" not in refused.text


def test_same_command_gets_the_same_answer_and_no_second_event(mall: Mall, dina: Driver):
    run_id, body = mall.offers(), command()
    path = f"/driver/api/runs/{run_id}/claim"

    answers = [dina.client.post(path, json=body) for _ in range(3)]

    assert [answer.get_json()["result"] for answer in answers] == [{"run_id": run_id}] * 3
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_command_id_with_another_body_is_refused(mall: Mall, dina: Driver):
    first, body = mall.offers(), command()
    dina.client.post(f"/driver/api/runs/{first}/claim", json=body)

    other_kind = dina.client.post("/driver/api/runs/run_other/claim", json=body)
    body["occurred_at"] = (clock.now() - timedelta(seconds=9)).isoformat()
    other_time = dina.client.post(f"/driver/api/runs/{first}/claim", json=body)

    assert [code_of(other_kind), code_of(other_time)] == ["command_id_reused"] * 2
    assert mall.count(first, EventType.RUN_CLAIMED) == 1


def test_command_ids_of_two_people_do_not_collide(mall: Mall, dina: Driver, dan: Driver):
    run_id, body = mall.offers(), command()
    path = f"/driver/api/runs/{run_id}/claim"

    answers = [driver.client.post(path, json=body) for driver in (dina, dan)]

    assert code_of(answers[1]) == "already_claimed"


def test_driver_with_a_run_is_refused_a_second(mall: Mall, dina: Driver):
    claimed(dina)

    refused = dina.claim(mall.offers())

    assert (refused.status_code, code_of(refused)) == (409, "run_limit")


def test_tapping_again_with_a_new_command_has_no_second_effect(mall: Mall, dina: Driver):
    run_id = claimed(dina)

    again = dina.claim(run_id)

    assert again.status_code == 409
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_driver_off_duty_is_refused(mall: Mall, dina: Driver):
    run_id = mall.offers()
    dina.post("duty", on_duty=False, site_id=None)

    assert code_of(dina.claim(run_id)) == "not_on_duty"


def test_driver_who_is_not_approved_is_refused(mall: Mall, dina: Driver):
    run_id = mall.offers()
    with mall.writing():
        people.require_driver(dina.person_id).is_approved = False

    assert code_of(dina.claim(run_id)) == "driver_not_approved"


def test_run_past_its_window_is_gone(mall: Mall, dina: Driver):
    run_id = mall.offers()

    with clock.frozen(clock.now() + timedelta(hours=4)):
        assert code_of(dina.claim(run_id)) == "run_gone"


def test_run_whose_delivery_was_cancelled_is_gone(mall: Mall, dina: Driver, carl: Clerk):
    run_id = mall.offers()
    (row,) = mall.deliveries_of(run_id)
    carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    assert code_of(dina.claim(run_id)) == "run_gone"
    assert mall.delivery(row.id).status == "cancelled"


def test_unknown_run_is_not_found(dina: Driver):
    assert code_of(dina.claim("run_aaaaaaaaaaaaaaaaaaaaaaaaaa")) == "not_found"


def test_refused_claim_leaves_the_driver_free(mall: Mall, dina: Driver):
    dina.claim("run_aaaaaaaaaaaaaaaaaaaaaaaaaa")

    assert dina.claim(mall.offers()).status_code == 200


def test_cancelled_delivery_leaves_a_claimed_run(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
    gone, kept = mall.deliveries_of(run_id)

    carl.post(f"deliveries/{gone.id}/cancel", reason="Out of stock")

    doors = [stop["delivery"]["id"] for stop in dina.stops("dropoff")]
    assert doors == [kept.id]
    assert mall.run(run_id).status == "claimed"


def test_claimed_run_without_deliveries_left_is_finished(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    (row,) = mall.deliveries_of(run_id)

    carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    assert mall.run(run_id).status == "finished"
    assert dina.claim(mall.offers()).status_code == 200
