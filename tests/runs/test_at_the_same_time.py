"""What happens when two people act in the same instant."""

import pytest

from app.domain.events import EventType
from tests.crossing import at_once
from tests.factories import Mall
from tests.journeys import at_door
from tests.personas import Clerk, Driver, code_of
from tests.places import ELM

pytestmark = pytest.mark.both_engines


def test_two_drivers_get_one_winner(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()

    answers = at_once(lambda: dina.claim(run_id), lambda: dan.claim(run_id))

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_one_driver_gets_one_of_two_runs(mall: Mall, dina: Driver):
    first, second = mall.offers_two()

    answers = at_once(lambda: dina.claim(first), lambda: dina.claim(second))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_claim_and_cancel_agree(mall: Mall, dina: Driver, carl: Clerk):
    run_id = mall.offers()
    (row,) = mall.deliveries_of(run_id)

    claim, cancel = at_once(
        lambda: dina.claim(run_id),
        lambda: carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock"),
    )

    assert cancel.status_code == 200
    assert code_of(claim) in {None, "run_gone"}
    assert mall.delivery(row.id).status == "cancelled"
    assert dina.state()["run"] is None


def test_claim_and_new_address_agree(mall: Mall, dina: Driver, carl: Clerk):
    run_id = mall.offers({"is_by_hand": True})
    (row,) = mall.deliveries_of(run_id)

    claim, moved = at_once(
        lambda: dina.claim(run_id),
        lambda: carl.post(f"deliveries/{row.id}/address", **ELM),
    )

    is_moved = moved.status_code == 200
    assert code_of(claim) == ("run_gone" if is_moved else None)
    assert code_of(moved) == (None if is_moved else "address_fixed")
    after = mall.delivery(row.id)
    assert (after.lat, after.run_id) == ((ELM["lat"], None) if is_moved else (row.lat, run_id))


def test_wrong_pins_from_two_screens_are_both_counted(mall: Mall, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl, proof="pin")
    wrong = "000000" if mall.pin(stop["delivery"]["id"]) != "000000" else "000001"

    at_once(*[lambda: dina.deliver(stop, "pin", pin=wrong)] * 3)

    assert mall.delivery(stop["delivery"]["id"]).pin_tries == 3


def test_wrong_clerk_codes_sent_together_are_all_counted(carl: Clerk):
    answers = at_once(*[lambda: carl.post("sign-in", code="999999")] * 6)

    codes = [code_of(answer) for answer in answers]
    assert codes.count("clerk_code_wrong") == 4
    assert codes.count("desk_locked") == 2
