"""Parcels that carriers bring to a hub: taken in, shelved, ready, and brought by the hub's own."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.tokens import encode_label
from app.runs import queries as runs
from tests import personas
from tests.factories import Mall
from tests.inbound import label, shelved
from tests.personas import Clerk, Driver, code_of


@pytest.mark.both_engines
def test_a_label_brings_a_parcel_from_the_carrier_to_the_hub(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1)
    before = hub.holders(delivery_id)

    answer = hanna.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))

    assert answer.get_json()["result"] == {"level": "E1"}
    assert before == {("carrier", "")}
    assert hub.holders(delivery_id) == {("store", hub.store.store_id)}
    facts = hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)
    assert facts == {
        "level": "E1",
        "evidence": "label",
        "parcel": 1,
        "parcels": 1,
        "desk_kid": hanna.kid,
    }


def test_a_typed_carriers_code_counts_as_word_only(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1, carrier_ref="1Z 999-aa")

    answer = hanna.post(f"parcels/{delivery_id}/1/take-in", text="1z999AA")

    assert answer.get_json()["result"] == {"level": "E0"}


def test_scanning_in_twice_is_one_event(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1)
    for _again in range(2):
        hanna.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))

    assert hub.events(delivery_id).count("handoff.taken_in") == 1


def test_the_last_parcel_on_its_shelf_makes_a_delivery_ready(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=2)
    path = f"parcels/{delivery_id}/1"
    hanna.post(f"{path}/take-in", text=label(hub, delivery_id))
    hanna.post(f"{path}/shelve", place="A1")
    with_one = hub.delivery(delivery_id).status

    shelved(hanna, delivery_id)

    assert (with_one, hub.delivery(delivery_id).status) == ("created", "ready_for_pickup")
    assert hub.events(delivery_id)[-2:] == ["parcel.shelved", "delivery.packed"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UPS-404", "parcel_unknown"),
        ("MP1:ABC", "code_damaged"),
        ("other", "parcel_unknown"),
    ],
)
def test_another_code_takes_nothing_in(hub: Mall, hanna: Clerk, text: str, code: str):
    delivery_id = hub.places(parcel_count=1, carrier_ref="UPS-1")

    answer = hanna.post(f"parcels/{delivery_id}/1/take-in", text=text)

    assert code_of(answer) == code
    assert hub.holders(delivery_id) == {("carrier", "")}


def test_the_label_of_another_parcel_takes_nothing_in(hub: Mall, hanna: Clerk):
    delivery_id, other_id = hub.places(parcel_count=2), hub.places()
    for text in (label(hub, delivery_id, 2), label(hub, other_id)):
        answer = hanna.post(f"parcels/{delivery_id}/1/take-in", text=text)

        assert code_of(answer) == "other_delivery"


def test_a_label_that_we_did_not_print_takes_nothing_in(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1)
    row = hub.delivery(delivery_id)
    forged = encode_label(row.handle, 1, 1, lambda _content: bytes(32))

    answer = hanna.post(f"parcels/{delivery_id}/1/take-in", text=forged)

    assert code_of(answer) == "bad_signature"


def test_nothing_is_shelved_or_packed_before_it_is_in(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(parcel_count=1)

    assert code_of(hanna.post(f"parcels/{delivery_id}/1/shelve", place="A1")) == (
        "parcel_not_taken_in"
    )
    assert code_of(hanna.post(f"deliveries/{delivery_id}/pack")) == "parcels_not_in"


def test_another_counter_takes_nothing_in(hub: Mall):
    other = personas.a_clerk(hub, "Otto", hub.other_store)
    delivery_id = hub.places(parcel_count=1)

    answer = other.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))

    assert code_of(answer) == "not_found"


def test_a_mall_takes_nothing_in(mall: Mall, carl: Clerk):
    delivery_id = mall.places(parcel_count=1)

    answer = carl.post(f"parcels/{delivery_id}/1/take-in", text=label(mall, delivery_id))

    assert code_of(answer) == "no_carriers_here"


@pytest.mark.both_engines
def test_a_delivery_joins_a_run_once_it_is_on_the_shelf(hub: Mall, hanna: Clerk):
    delivery_id = hub.places()
    before = hub.forms_runs()
    shelved(hanna, delivery_id)

    (run_id,) = hub.forms_runs()

    assert before == []
    assert [row.id for row in hub.deliveries_of(run_id)] == [delivery_id]


def test_a_hubs_run_pays_by_the_parcel(hub: Mall, hanna: Clerk):
    shelved(hanna, hub.places(parcel_count=3))

    (run_id,) = hub.forms_runs()

    with hub.reading():
        lines = {line.kind: line.amount_minor for line in runs.pay_lines([run_id])[run_id]}
    assert lines == {"base": 0, "per_mile": 0, "per_stop": 0, "per_parcel": 750}
    assert hub.run(run_id).pay_rule == "hub-2026-12"


def test_a_hubs_offer_shows_the_lines_that_its_rule_has(hub: Mall, hanna: Clerk, henry: Driver):
    shelved(hanna, hub.places(parcel_count=3, tip_minor=200))
    hub.forms_runs()

    (offer,) = henry.state()["offers"]

    lines = [(line["kind"], line["facts"]) for line in offer["pay"]]
    assert lines == [("per_parcel", "3 parcels × $2.50"), ("tip", "All of it is yours")]


@pytest.mark.both_engines
def test_only_the_hubs_own_drivers_have_its_runs(
    hub: Mall, hanna: Clerk, henry: Driver, mall: Mall
):
    shelved(hanna, hub.places())
    (run_id,) = hub.forms_runs()
    stranger = personas.a_driver(mall, "Sam Stone")

    refused = stranger.claim(run_id)

    assert code_of(refused) == "hub_drivers_only"
    assert code_of(stranger.post("duty", on_duty=True, site_id=hub.site_id)) == "hub_drivers_only"
    assert hub.site_id not in {site["id"] for site in stranger.state()["sites"]}
    assert henry.claim(run_id).status_code == 200


def test_a_hubs_driver_works_nowhere_else(hub: Mall, henry: Driver, mall: Mall):
    assert code_of(henry.post("duty", on_duty=True, site_id=mall.site_id)) == "hub_drivers_only"
    assert [site["id"] for site in henry.state()["sites"]] == [hub.site_id]


def test_a_hub_reaches_ten_miles(hub: Mall):
    store_lat = 33.3005
    degree_m = 111_195.0
    near = hub.places(lat=store_lat + 16_000 / degree_m, lon=-111.8990)

    with pytest.raises(DomainError) as refused:
        hub.places(lat=store_lat + 16_200 / degree_m, lon=-111.8990)

    assert hub.delivery(near).status == "created"
    assert refused.value.code == "address_outside"


def test_the_whole_way_over_the_hub(hub: Mall, hanna: Clerk, henry: Driver):
    delivery_id = hub.places()
    shelved(hanna, delivery_id)
    (run_id,) = hub.forms_runs()
    assert henry.claim(run_id).status_code == 200
    assert henry.collect(hanna.shows(henry, run_id)).status_code == 200
    (door,) = henry.stops("dropoff")

    assert henry.deliver(door).status_code == 200

    assert hub.delivery(delivery_id).status == "delivered"
    assert hub.run(run_id).status == "finished"
    assert code_of(hanna.post(f"parcels/{delivery_id}/1/shelve", place="B2")) == "delivery_closed"


def test_what_left_with_a_driver_cannot_be_shelved(hub: Mall, hanna: Clerk, henry: Driver):
    delivery_id = hub.places()
    shelved(hanna, delivery_id)
    (run_id,) = hub.forms_runs()
    henry.claim(run_id)
    henry.collect(hanna.shows(henry, run_id))

    answer = hanna.post(f"parcels/{delivery_id}/1/shelve", place="B2")

    assert code_of(answer) == "parcel_with_driver"


def test_the_desk_sees_what_is_expected_and_what_is_here(hub: Mall, hanna: Clerk):
    delivery_id = hub.places(
        parcel_count=2, carrier_ref="UPS-1", window_until=clock.now() + timedelta(hours=5)
    )
    hanna.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))
    hanna.post(f"parcels/{delivery_id}/1/shelve", place="A1")

    state = hanna.state()

    seen = [(each["number"], each["is_in"], each["place"]) for each in state["parcels"]]
    assert seen == [(1, True, "A1"), (2, False, None)]
    assert state["store"]["site_kind"] == "hub"
    assert {each["carrier_ref"] for each in state["parcels"]} == {"UPS1"}
