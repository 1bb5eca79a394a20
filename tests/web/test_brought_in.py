"""What a customer reads of parcels that a carrier brings to a hub or a station first."""

import re
from datetime import timedelta

import pytest

from app import clock
from app.handoffs import visits
from tests import office
from tests.factories import Mall
from tests.inbound import label, opened, shelved, sorted_in
from tests.personas import Clerk, Driver


def page(mall: Mall, delivery_id: str, below: str = "") -> str:
    """Return what a page of the customer's says, words apart by one space."""
    address = f"{mall.link(delivery_id)}{below}"
    answer = mall.app.test_client().get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    said = re.sub(r"<[^>]+>", " ", main.partition(">")[2])
    return " ".join(said.replace("&#39;", "'").split())


@pytest.mark.both_engines
def test_the_tracking_page_says_where_a_hubs_parcels_are(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1)
    before = page(hub, delivery_id)

    shelved(hanna, delivery_id)
    after = page(hub, delivery_id)

    assert "On the way to Lumen: your parcel." in before
    assert "At Lumen: your parcel. One of its own drivers brings them." in after
    assert "Arrived at Lumen" in after


def test_the_tracking_page_says_that_parcels_are_at_the_station(station: Mall, stan: Clerk):
    station.offers({})
    (delivery_id,) = [row.id for row in station.deliveries_of(station.forms_runs()[0])]
    sorted_in(stan, delivery_id)

    assert "At Lumen: your 2 parcels. A driver is being found." in page(station, delivery_id)


@pytest.mark.both_engines
def test_the_custody_page_names_the_hand_before_the_hubs(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=2, carrier_ref="UPS1")
    before = page(hub, delivery_id, "/custody")

    hanna.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))
    hanna.post(f"parcels/{delivery_id}/2/take-in", text="UPS1")
    after = page(hub, delivery_id, "/custody")

    assert "On the way to Lumen" in before
    assert "Parcel 1 of 2: From the carrier to Lumen" in after
    assert "Lumen scanned the parcel's label. The carrier has signed nothing." in after
    assert "The label was scanned E1" in after
    assert "Lumen typed the carrier's code. Nothing else shows it." in after
    assert "By word only E0" in after


def brought(hub: Mall, hanna: Clerk, driver: Driver) -> str:
    """Let a driver bring two parcels, one without a label; return their delivery."""
    delivery_id = hub.places(parcel_count=2, carrier_ref="UPS1")
    visit_id = opened(driver, hanna)
    path = f"parcels/{delivery_id}"
    texts = {1: label(hub, delivery_id), 2: "UPS1"}
    for number, text in texts.items():
        answer = hanna.post(f"{path}/{number}/take-in", text=text, visit_id=visit_id)
        assert answer.status_code == 200, answer.get_json()
    return delivery_id


@pytest.mark.both_engines
def test_the_custody_page_names_a_carrier_whose_phone_was_scanned(
    hub: Mall, hanna: Clerk, henry: Driver
):
    said = page(hub, brought(hub, hanna, henry), "/custody")

    assert "Parcel 1 of 2: From Henry to Lumen" in said
    assert "Lumen scanned the carrier's phone and the parcel's label." in said
    assert "Phone and label were scanned E2" in said
    assert "Lumen scanned the carrier's phone and typed the carrier's code." in said
    assert "By word only E0" in said
    assert "Hall" not in said


@pytest.mark.both_engines
def test_the_carriers_name_is_gone_with_the_visit(hub: Mall, hanna: Clerk, henry: Driver):
    delivery_id = brought(hub, hanna, henry)
    with hub.writing() as current:
        (found,) = visits.visits_of_driver(henry.person_id, limit=2)
        found.visit.opened_at -= timedelta(days=91)
        current.flush()
        visits.erase_old(now=clock.now())

    said = page(hub, delivery_id, "/custody")

    assert "Parcel 1 of 2: From the carrier to Lumen" in said
    assert "Lumen scanned the carrier's phone and the parcel's label." in said
    assert "Henry" not in said


def test_the_dispatcher_reads_who_brought_it(hub: Mall, hanna: Clerk, henry: Driver):
    delivery_id = brought(hub, hanna, henry)
    desmond = office.signed_in(hub, "Desmond", "dispatcher").client

    said = desmond.get(f"/console/deliveries/{delivery_id}").text

    assert "Taken in from Henry Hall: phone and label scanned" in said
    assert "Taken in from Henry Hall: phone scanned, code typed" in said
