"""Why a delivery was cancelled: chosen by the store or its programs, read by the customer."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.domain.delivery import CancelReason, Mover
from app.domain.events import EventType
from app.eventlog import queries as eventlog
from app.web.customer.present import present
from tests import merchants
from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import Clerk
from tests.tracking_views import NOON, tracking_view

pytestmark = pytest.mark.both_engines


@pytest.fixture
def shop(mall: Mall) -> Program:
    """The program of Lumen's merchant."""
    return merchants.a_key(mall, mall.store)


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    """Cleo's browser; all she has is the link."""
    return mall.app.test_client()


def noted(mall: Mall, delivery_id: str) -> dict[str, Any]:
    """Return what the record keeps apart of a cancellation: somebody's own words."""
    with mall.reading():
        (event,) = eventlog.timeline(delivery_id, {EventType.DELIVERY_CANCELLED})
        return eventlog.personal_values([event.id]).get(event.id, {})


def test_clerk_chooses_a_reason_and_the_board_shows_it(mall: Mall, carl: Clerk):
    delivery_id = mall.places()

    carl.post(f"deliveries/{delivery_id}/cancel", reason="damaged", note="")

    (gone,) = carl.state()["gone"]
    assert gone["cancel_reason"] == "damaged"
    assert mall.facts(delivery_id, EventType.DELIVERY_CANCELLED)["reason"] == "damaged"
    assert noted(mall, delivery_id) == {}


def test_note_stays_in_the_record_and_the_customer_reads_why_in_their_language(
    mall: Mall, carl: Clerk, cleo: FlaskClient
):
    delivery_id = mall.places()
    carl.post(f"deliveries/{delivery_id}/cancel", reason="no_time", note="Cleo was rude")
    link = mall.link(delivery_id)

    page = cleo.get(f"{link}?lang=es", headers={"Accept": "text/html"})
    proof = cleo.get(f"{link}/proof")

    assert noted(mall, delivery_id) == {"note": "Cleo was rude"}
    assert "Lumen no puede tenerlo listo a tiempo." in page.text
    assert [each.status_code for each in (page, proof) if "was rude" not in each.text] == [200, 200]


def test_words_that_a_tablet_kept_before_there_were_reasons_still_count(
    mall: Mall, carl: Clerk, cleo: FlaskClient
):
    delivery_id = mall.places()

    answer = carl.post(f"deliveries/{delivery_id}/cancel", reason="Fell into the fountain")

    state = cleo.get(f"{mall.link(delivery_id)}/state").get_json()
    assert answer.status_code == 200
    assert mall.delivery(delivery_id).cancel_reason == "other"
    assert noted(mall, delivery_id) == {"note": "Fell into the fountain"}
    assert state["sentence"] == "This delivery will not come. Ask Lumen what happens next."


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ({"reason": "Sold out"}, "other"),
        ({"code": "out_of_stock"}, "out_of_stock"),
        ({"code": "damaged", "reason": "Fell down"}, "damaged"),
    ],
)
def test_program_says_why_by_a_code_words_or_both(
    mall: Mall, shop: Program, why: dict[str, str], told: str
):
    made = ordered(shop)

    answer = shop.post(f"deliveries/{made['id']}/cancel", why).get_json()

    assert (made["cancel_reason"], answer["cancel_reason"]) == (None, told)
    assert mall.facts(made["id"], EventType.DELIVERY_CANCELLED)["reason"] == told
    assert noted(mall, made["id"]).get("note") == why.get("reason")


@pytest.mark.parametrize("why", [{}, {"code": "bad_luck"}, {"reason": "x", "code": ""}])
def test_program_has_to_say_why_with_a_code_that_there_is(
    mall: Mall, shop: Program, why: dict[str, str]
):
    made = ordered(shop)

    answer = shop.post(f"deliveries/{made['id']}/cancel", why)

    assert answer.status_code == 422
    assert mall.delivery(made["id"]).status == "created"


@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_each_reason_has_words_of_its_own_in_both_languages(locale: str):
    said = {
        reason: present(
            tracking_view("cancelled", cancelled_by=Mover.CLERK, cancel_reason=reason),
            now=NOON,
            locale=locale,
            address="/t/abc",
            ticket=None,
        )["sentence"]
        for reason in CancelReason
    }

    assert len(set(said.values())) == len(CancelReason)
    assert all("Juniper" in sentence for sentence in said.values())
