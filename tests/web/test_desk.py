"""The desk's board, its deliveries and their labels."""

import pytest

from app.accounts import people
from app.domain.events import EventType
from app.domain.tokens import encode_label, short_code
from tests.factories import Mall, command
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver, code_of
from tests.web.bodies import placing

pytestmark = pytest.mark.both_engines


def test_placed_delivery_stands_on_the_board(mall: Mall, carl: Clerk):
    answer = carl.post("deliveries", **placing())

    (entry,) = answer.get_json()["state"]["to_pack"]
    assert entry["id"] == answer.get_json()["result"]["delivery_id"]
    assert mall.link(entry["id"]) in answer.get_json()["result"]["tracking_url"]


def test_placing_again_with_one_command_makes_one_delivery(carl: Clerk):
    body = command(**placing())

    answers = [carl.client.post("/desk/api/deliveries", json=body) for _ in range(3)]

    assert len({answer.get_json()["result"]["delivery_id"] for answer in answers}) == 1
    assert carl.state()["counts"]["to_pack"] == 1


def test_packing_moves_the_entry(mall: Mall, carl: Clerk):
    delivery_id = mall.places()

    state = carl.post(f"deliveries/{delivery_id}/pack").get_json()["state"]

    assert ([], [delivery_id]) == (state["to_pack"], [entry["id"] for entry in state["ready"]])


def test_packing_twice_is_once(mall: Mall, carl: Clerk):
    delivery_id = mall.places()

    answers = [carl.post(f"deliveries/{delivery_id}/pack") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert mall.events(delivery_id).count(EventType.DELIVERY_PACKED.value) == 1


def test_cancelled_delivery_is_not_packed_or_cancelled_again(mall: Mall, carl: Clerk):
    delivery_id = mall.places()
    carl.post(f"deliveries/{delivery_id}/cancel", reason="Out of stock")

    refusals = [
        carl.post(f"deliveries/{delivery_id}/pack"),
        carl.post(f"deliveries/{delivery_id}/cancel", reason="Again"),
    ]

    codes = [code_of(refused) for refused in refusals]
    assert codes == ["delivery_closed", "delivery_cancelled"]


def test_arriving_driver_is_named_with_what_they_take(dina: Driver, carl: Clerk):
    claimed(dina)
    dina.arrive(dina.stops("pickup")[0])

    (coming,) = carl.state()["arriving"]

    assert (coming["driver"]["first_name"], coming["driver"]["kid"]) == ("Dina", dina.kid)
    assert coming["arrived_at"] is not None
    assert [parcel["direction"] for parcel in coming["deliveries"]] == ["pickup"]


def test_collected_delivery_is_gone_with_its_driver(dina: Driver, carl: Clerk):
    collected(dina, carl)

    state = carl.state()

    (gone,) = state["gone"]
    assert (gone["driver_first_name"], gone["verification"]) == ("Dina", "E2")
    assert state["arriving"] == []


def test_driver_who_comes_back_is_named_again(dina: Driver, carl: Clerk):
    dina.fail(at_door(dina, carl))

    (coming,) = carl.state()["arriving"]

    assert [parcel["direction"] for parcel in coming["deliveries"]] == ["return"]


def test_label_is_for_own_deliveries(mall: Mall, carl: Clerk, mallory: Clerk):
    path = f"/desk/api/deliveries/{mall.places()}/label.pdf"

    own, other = carl.client.get(path), mallory.client.get(path)

    assert (own.status_code, own.mimetype) == (200, "application/pdf")
    assert (other.status_code, code_of(other)) == (404, "not_found")


def test_board_has_the_codes_that_stand_on_the_labels(mall: Mall, carl: Clerk):
    delivery_id = mall.places(parcel_count=2)
    row = mall.delivery(delivery_id)
    texts = [encode_label(row.handle, n, 2, mall.keys.mac("label")) for n in (1, 2)]

    (entry,) = carl.state()["to_pack"]

    assert entry["label_codes"] == [short_code(text) for text in texts]


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "99999999999999999999"])
def test_label_of_a_parcel_that_is_not_there(mall: Mall, carl: Clerk, number: str):
    path = f"/desk/api/deliveries/{mall.places()}/label.png?parcel={number}"

    assert carl.client.get(path).status_code == (200 if number == "x" else 404)


def test_portrait_is_shown_while_its_driver_comes(mall: Mall, dina: Driver, carl: Clerk):

    with mall.writing():
        key = mall.app.extensions["mallrun_blobs"].put(b"portrait")
        people.require_person(dina.person_id).photo_key = key
    path = f"/desk/api/drivers/{dina.person_id}/photo"
    before = carl.client.get(path).status_code
    run_id = claimed(dina)
    while_coming = carl.client.get(path)
    dina.collect(carl.shows(dina, run_id))

    assert (before, while_coming.data) == (404, b"portrait")
    assert carl.client.get(path).status_code == 404
    assert dina.client.get("/driver/api/photo/me").data == b"portrait"
