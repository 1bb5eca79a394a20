"""What the tracking page tells, and what it takes, at each stage of the way."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.domain.delivery import INSTRUCTIONS_MAX, ProofKind
from app.domain.events import EventType
from app.domain.pin import MAX_PIN_TRIES
from tests.factories import Mall, command
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    return mall.app.test_client()


def page(mall: Mall, cleo: FlaskClient, delivery_id: str) -> dict[str, Any]:
    return cleo.get(f"{mall.link(delivery_id)}/state").get_json()


def change(mall: Mall, cleo: FlaskClient, delivery_id: str, **fields: object) -> TestResponse:
    body = command(instructions="Leave with the neighbour", leave_at_door=True) | fields
    return cleo.post(f"{mall.link(delivery_id)}/instructions", json=body)


class TestPin:
    def test_before_the_claim_there_is_none(self, mall: Mall, cleo: FlaskClient):
        state = page(mall, cleo, mall.places())

        assert (state["pin"], state["code_url"]) == (None, None)

    def test_claimed_and_in_the_window_it_is_shown(
        self, mall: Mall, cleo: FlaskClient, dina: Driver
    ):
        (row,) = mall.deliveries_of(claimed(dina))

        state = page(mall, cleo, row.id)

        assert state["pin"] == mall.pin(row.id)
        assert cleo.get(state["code_url"]).mimetype == "image/svg+xml"

    def test_before_the_window_it_waits_for_the_way(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
    ):
        opens = clock.now() + timedelta(minutes=40)
        run_id = claimed(dina, {"window_from": opens})
        row = mall.only_delivery(run_id)
        early = page(mall, cleo, row.id)["pin"]

        dina.collect(carl.shows(dina, run_id))

        assert (early, page(mall, cleo, row.id)["pin"]) == (None, mall.pin(row.id))

    @pytest.mark.parametrize("end", ["deliver", "fail"])
    def test_after_the_door_it_is_gone(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk, end: str
    ):
        stop = at_door(dina, carl)
        delivery_id = stop["delivery"]["id"]
        getattr(dina, end)(stop)

        state = page(mall, cleo, delivery_id)

        assert (state["pin"], state["code_url"]) == (None, None)
        assert cleo.get(f"{mall.link(delivery_id)}/code.svg").status_code == 404

    def test_locked_pin_is_said_and_the_code_still_shown(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
    ):
        stop = at_door(dina, carl, proof=ProofKind.PIN)
        delivery_id = stop["delivery"]["id"]
        wrong = "000000" if mall.pin(delivery_id) != "000000" else "111111"
        for _ in range(MAX_PIN_TRIES):
            dina.deliver(stop, kind="pin", pin=wrong)

        state = page(mall, cleo, delivery_id)

        assert (state["pin_locked"], state["code_url"] is not None) == (True, True)
        assert "show the code below" in state["sentence"]


class TestAddress:
    def test_customer_recognises_it_and_nobody_learns_it(self, mall: Mall, cleo: FlaskClient):
        delivery_id = mall.places(street="1245 W Chandler Blvd", city="Chandler", unit="Apt 7")

        state = page(mall, cleo, delivery_id)
        drawn = cleo.get(mall.link(delivery_id)).get_data(as_text=True)

        assert state["address"] == "•••5 W Chandler Blvd, Chandler"
        assert "•••5 W Chandler Blvd" in drawn
        assert not [told for told in ("1245", "Apt 7") if told in drawn]

    def test_after_the_end_it_is_gone(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
    ):
        stop = at_door(dina, carl)
        dina.deliver(stop)

        assert page(mall, cleo, stop["delivery"]["id"])["address"] == ""


class TestInstructions:
    @pytest.mark.parametrize(("proof", "may_leave"), [("photo", True), ("pin", False)])
    def test_with_a_pin_nothing_is_left_at_the_door(
        self, mall: Mall, cleo: FlaskClient, proof: str, *, may_leave: bool
    ):
        delivery_id = mall.places(proof=ProofKind(proof), leave_at_door=True)

        state = page(mall, cleo, delivery_id)

        assert state["can_leave"] is may_leave

    def test_change_reaches_the_driver_after_the_collection(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
    ):
        (row,) = mall.deliveries_of(collected(dina, carl))

        answer = change(mall, cleo, row.id)

        assert answer.get_json()["state"]["instructions"] == "Leave with the neighbour"
        (stop,) = dina.stops("dropoff")
        assert stop["delivery"]["instructions"] == "Leave with the neighbour"
        assert stop["delivery"]["leave_at_door"]

    def test_same_words_again_are_no_event(self, mall: Mall, cleo: FlaskClient):
        delivery_id = mall.places()

        for _ in range(3):
            change(mall, cleo, delivery_id)

        changes = mall.events(delivery_id).count(EventType.INSTRUCTIONS_CHANGED.value)
        assert changes == 1

    def test_driver_at_the_door_is_too_late(
        self, mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
    ):
        stop = at_door(dina, carl)

        refused = change(mall, cleo, stop["delivery"]["id"])

        assert (refused.status_code, code_of(refused)) == (409, "delivery_not_changeable")

    def test_form_without_script_does_the_same(self, mall: Mall, cleo: FlaskClient):
        delivery_id = mall.places()

        answer = cleo.post(
            f"{mall.link(delivery_id)}/instructions",
            data={"instructions": "Side door\r\nby the shed", "leave_at_door": "on"},
        )

        assert (answer.status_code, answer.location) == (303, f"{mall.link(delivery_id)}?saved=1")
        state = page(mall, cleo, delivery_id)
        assert (state["instructions"], state["leave_at_door"]) == (
            "Side door\nby the shed",
            True,
        )

    @pytest.mark.parametrize("text", ["x" * (INSTRUCTIONS_MAX + 1), "a\0b"])
    def test_too_long_or_broken_text_is_refused_on_both_ways(
        self, mall: Mall, cleo: FlaskClient, text: str
    ):
        delivery_id = mall.places()

        by_script = change(mall, cleo, delivery_id, instructions=text)
        by_form = cleo.post(f"{mall.link(delivery_id)}/instructions", data={"instructions": text})

        assert by_script.status_code == 422
        assert by_form.status_code in {400, 422}
        assert page(mall, cleo, delivery_id)["instructions"] == "Gate code 1221"

    def test_link_of_another_changes_nothing_here(self, mall: Mall, cleo: FlaskClient):
        mine, other = mall.places(), mall.places()

        change(mall, cleo, other)

        assert page(mall, cleo, mine)["instructions"] == "Gate code 1221"

    def test_markup_is_text(self, mall: Mall, cleo: FlaskClient):
        delivery_id = mall.places()
        change(mall, cleo, delivery_id, instructions="</textarea><script>alert(1)</script>")

        shown = cleo.get(mall.link(delivery_id), headers={"Accept": "text/html"}).text

        assert "<script>alert" not in shown


def test_page_names_the_driver_while_she_has_the_run(mall: Mall, cleo: FlaskClient, dina: Driver):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    named = page(mall, cleo, row.id)["driver"]

    dina.post(f"runs/{run_id}/release", reason="mistake", note="")

    assert named == {"first_name": "Dina", "vehicle": "white Prius"}
    assert page(mall, cleo, row.id)["driver"] is None


def test_page_never_says_who_else_is_served(
    mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
):
    run_id = collected(
        dina, carl, {}, {"recipient_name": "Xaver Xu", "street": "9 Elm St", "lat": 33.33}
    )
    (mine,) = (row for row in mall.deliveries_of(run_id) if row.lat != 33.33)

    answer = cleo.get(f"{mall.link(mine.id)}/state")

    assert "Xaver" not in answer.text
    assert "Elm" not in answer.text


def test_finished_delivery_offers_no_socket(
    mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
):
    stop = at_door(dina, carl)
    dina.deliver(stop)

    state = page(mall, cleo, stop["delivery"]["id"])

    assert (state["is_final"], state["socket"], state["driver"]) == (True, None, None)


def test_cancelled_delivery_says_so(mall: Mall, cleo: FlaskClient, carl: Clerk):
    delivery_id = mall.places()
    carl.post(f"deliveries/{delivery_id}/cancel", reason="Secret reason")

    answer = cleo.get(f"{mall.link(delivery_id)}/state")

    assert answer.get_json()["headline"] == "Cancelled by the store"
    assert "Secret" not in answer.text


def stage(mall: Mall, cleo: FlaskClient, delivery_id: str) -> str:
    """Read page and state; return the status, which must come with words."""
    html = cleo.get(f"{mall.link(delivery_id)}?lang=es", headers={"Accept": "text/html"})
    state = page(mall, cleo, delivery_id)
    assert html.status_code == 200
    assert state["headline"]
    assert state["sentence"]
    return state["status"]


def test_every_stage_has_a_page_and_words(mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk):
    run_id = mall.offers()
    row = mall.only_delivery(run_id)
    steps = {
        "created": lambda: dina.claim(run_id),
        "enroute_to_pickup": lambda: dina.arrive(dina.stops("pickup")[0]),
        "arrived_at_pickup": lambda: dina.collect(carl.shows(dina, run_id)),
        "enroute_to_dropoff": lambda: dina.arrive(dina.stops("dropoff")[0]),
        "arrived_at_dropoff": lambda: dina.fail(dina.stops("dropoff")[0]),
        "enroute_to_return": lambda: dina.arrive(dina.stops("return")[0]),
        "arrived_at_return": lambda: dina.give_back(dina.stops("return")[0]),
    }

    for status, step in steps.items():
        assert stage(mall, cleo, row.id) == status
        assert step().status_code == 200
    assert stage(mall, cleo, row.id) == "returned"


class TestMarkup:
    def test_programs_are_told_what_the_page_says_and_no_more(self, mall: Mall, cleo: FlaskClient):
        link = mall.link(mall.places())
        state = cleo.get(f"{link}/state").get_json()

        text = cleo.get(link, headers={"Accept": "text/html"}).text

        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
        document = json.loads(block)
        assert document["@type"] == "ParcelDelivery"
        assert document["trackingUrl"].endswith(link)
        assert document["deliveryStatus"]["name"] == state["headline"]
        assert document["partOfOrder"]["seller"]["name"] == state["store"]["name"]
        told = {"@context", "@type", "trackingUrl", "provider", "deliveryStatus", "partOfOrder"}
        assert set(document) == told | {"expectedArrivalFrom", "expectedArrivalUntil"}
