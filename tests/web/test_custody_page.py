"""The custody page says whose hands the parcels went through, and how well that is shown."""

import re

import pytest
from flask.testing import FlaskClient

from tests.factories import Mall
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines


@pytest.fixture
def cleo(mall: Mall) -> FlaskClient:
    return mall.app.test_client()


def text(mall: Mall, cleo: FlaskClient, delivery_id: str, query: str = "") -> str:
    """Return what the page says, without its markup, words apart by one space."""
    answer = cleo.get(f"{mall.link(delivery_id)}/custody{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    said = re.sub(r"<[^>]+>", " ", main.partition(">")[2])
    return " ".join(said.replace("&#39;", "'").split())


def only_delivery(mall: Mall, run_id: str) -> str:
    return mall.only_delivery(run_id).id


def test_before_the_collection_the_store_has_them_and_nobody_is_named(
    mall: Mall, cleo: FlaskClient, dina: Driver
):
    said = text(mall, cleo, only_delivery(mall, claimed(dina)))

    assert "Lumen has your parcels" in said
    assert "Dina" not in said


def test_scanned_code_is_the_other_sides_word_and_given_makes_it_both(
    mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk
):
    run_id = claimed(dina)
    release = carl.release(dina, {row.handle: 2 for row in mall.deliveries_of(run_id)})
    dina.collect(carl.sign(release))
    before = text(mall, cleo, only_delivery(mall, run_id))

    carl.give(run_id, release.nonce)
    after = text(mall, cleo, only_delivery(mall, run_id))

    assert "Dina has your parcels" in before
    assert "Dina scanned the code on the store's tablet. The other side confirmed it E2" in before
    assert "Both sides confirmed it E3" in after


def test_the_drivers_word_is_called_that(mall: Mall, cleo: FlaskClient, dina: Driver):
    run_id = claimed(dina)
    dina.collect("The tablet is off or broken", kind="assertion")

    said = text(mall, cleo, only_delivery(mall, run_id))

    assert "Dina said so, and nothing else shows it. The driver's word E0" in said
    assert "tablet is off" not in said


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("pin", "Dina entered your PIN. The other side confirmed it E2"),
        ("photo", "Dina took a photo at the door. The driver has shown it E1"),
        ("none", "Dina said so, and nothing else shows it. The driver's word E0"),
    ],
)
def test_door_is_told_by_what_showed_it(
    mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk, wanted: str, words: str
):
    stop = at_door(dina, carl, proof=wanted)
    delivery_id = stop["delivery"]["id"]
    given = {"pin": mall.pin(delivery_id)} if wanted == "pin" else {}
    if wanted == "photo":
        given["photo_id"] = dina.photograph(delivery_id).get_json()["result"]["photo_id"]
    assert dina.deliver(stop, wanted, **given).status_code == 200

    said = text(mall, cleo, delivery_id)

    assert "You have your parcels" in said
    assert "From Dina to you" in said
    assert words in said


def test_way_back_is_told_with_its_reason(mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk):
    stop = at_door(dina, carl)
    dina.fail(stop, "wrong_address")
    on_the_way_back = text(mall, cleo, stop["delivery"]["id"])
    dina.give_back(dina.stops("return")[0])

    said = text(mall, cleo, stop["delivery"]["id"])

    assert "Dina has your parcels" in on_the_way_back
    assert "Not handed over" in said
    assert "The address could not be found." in said
    assert said.index("Not handed over") < said.index("From Dina back to Lumen")
    assert "Lumen has your parcels" in said


def test_page_speaks_spanish(mall: Mall, cleo: FlaskClient, dina: Driver, carl: Clerk):
    run_id = collected(dina, carl, {"parcel_count": 1})

    said = text(mall, cleo, only_delivery(mall, run_id), "?lang=es")

    assert "Dina tiene su paquete" in said
    assert "De Lumen a Dina" in said


def test_tracking_page_leads_there_and_a_wrong_link_nowhere(mall: Mall, cleo: FlaskClient):
    link = mall.link(mall.places())

    page = cleo.get(link, headers={"Accept": "text/html"}).text
    wrong = cleo.get(f"{link[:-2]}xx/custody", headers={"Accept": "text/html"})

    assert f'href="{link}/custody"' in page
    assert (wrong.status_code, "Nothing to see here" in wrong.text) == (404, True)
