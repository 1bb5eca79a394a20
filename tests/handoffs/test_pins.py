"""The PIN at the door: five tries over everything, then a photo."""

from typing import Any

import pytest

from app.domain.events import EventType
from tests.factories import Mall, command
from tests.journeys import at_door
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


@pytest.fixture
def door(dina: Driver, carl: Clerk) -> dict[str, Any]:
    """The stop of a delivery that wants the PIN; Dina stands there."""
    return at_door(dina, carl, proof="pin")


@pytest.fixture
def wrong(mall: Mall, door: dict[str, Any]) -> str:
    """A PIN that is not this delivery's."""
    return f"{(int(mall.pin(door['delivery']['id'])) + 1) % 10**6:06d}"


def test_right_pin_delivers(mall: Mall, dina: Driver, door: dict[str, Any]):
    delivery_id = door["delivery"]["id"]

    answer = dina.deliver(door, "pin", pin=mall.pin(delivery_id))

    assert answer.get_json()["result"] == {"level": "E2"}
    assert mall.delivery(delivery_id).status == "delivered"
    assert mall.holders(delivery_id) == {("customer", delivery_id)}


def test_wrong_pin_is_counted_although_refused(
    mall: Mall, dina: Driver, door: dict[str, Any], wrong: str
):
    refused = dina.deliver(door, "pin", pin=wrong)

    assert (refused.status_code, code_of(refused)) == (403, "pin_wrong")
    assert refused.get_json()["tries_left"] == 4
    assert mall.delivery(door["delivery"]["id"]).pin_tries == 1
    assert EventType.PIN_REFUSED.value in mall.events(door["delivery"]["id"])


def test_wrong_pin_sent_again_counts_once(
    mall: Mall, dina: Driver, door: dict[str, Any], wrong: str
):
    body = command(epoch=1, evidence={"kind": "pin", "pin": wrong}, position=None)
    path = f"/driver/api/stops/{door['id']}/deliver"

    answers = [dina.client.post(path, json=body) for _ in range(4)]

    assert {code_of(answer) for answer in answers} == {"pin_wrong"}
    assert {answer.get_json()["tries_left"] for answer in answers} == {4}
    assert mall.delivery(door["delivery"]["id"]).pin_tries == 1


def test_fifth_wrong_pin_locks_and_the_right_one_is_refused(
    mall: Mall, dina: Driver, door: dict[str, Any], wrong: str
):
    codes = [code_of(dina.deliver(door, "pin", pin=wrong)) for _ in range(5)]

    right = dina.deliver(door, "pin", pin=mall.pin(door["delivery"]["id"]))

    assert codes == ["pin_wrong"] * 4 + ["pin_locked"]
    assert (right.status_code, code_of(right)) == (423, "pin_locked")
    assert mall.delivery(door["delivery"]["id"]).status == "arrived_at_dropoff"


def test_photo_stands_in_for_a_locked_pin(dina: Driver, door: dict[str, Any], wrong: str):
    for _ in range(5):
        dina.deliver(door, "pin", pin=wrong)
    photo_id = dina.photograph(door["delivery"]["id"]).get_json()["result"]["photo_id"]

    answer = dina.deliver(door, "photo", photo_id=photo_id)

    assert answer.get_json()["result"] == {"level": "E1"}


def test_photo_does_not_stand_in_for_an_open_pin(dina: Driver, door: dict[str, Any]):
    photo_id = dina.photograph(door["delivery"]["id"]).get_json()["result"]["photo_id"]

    assert code_of(dina.deliver(door, "photo", photo_id=photo_id)) == "proof_missing"


def test_locked_pin_without_a_photo_says_so(dina: Driver, door: dict[str, Any], wrong: str):
    for _ in range(5):
        dina.deliver(door, "pin", pin=wrong)

    assert code_of(dina.deliver(door, "none")) == "pin_locked"


def test_pin_of_another_delivery_is_wrong(mall: Mall, dina: Driver, door: dict[str, Any]):
    other = mall.places(proof="pin")

    assert code_of(dina.deliver(door, "pin", pin=mall.pin(other))) == "pin_wrong"


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "\N{FULLWIDTH DIGIT ONE}23456", ""])
def test_pin_of_another_form_is_not_counted(
    mall: Mall, dina: Driver, door: dict[str, Any], pin: str
):
    refused = dina.deliver(door, "pin", pin=pin)

    assert code_of(refused) == "invalid_input"
    assert mall.delivery(door["delivery"]["id"]).pin_tries == 0


def test_right_pin_after_wrong_ones_keeps_the_count(
    mall: Mall, dina: Driver, door: dict[str, Any], wrong: str
):
    dina.deliver(door, "pin", pin=wrong)

    assert dina.deliver(door, "pin", pin=mall.pin(door["delivery"]["id"])).status_code == 200
    assert mall.delivery(door["delivery"]["id"]).pin_tries == 1
