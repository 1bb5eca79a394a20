"""Rules C1 to C6 and C8: what is true when devices and people contradict each other."""

import pytest

from app import clock
from app.handoffs import incidents
from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall
from tests.personas import Clerk, Driver
from tests.scenes import (
    claimed_parcels,
    customer_code_of,
    driver_in_charge,
    label_evidence,
    mark_lost,
    open_kinds,
    pass_on,
)

pytestmark = pytest.mark.both_engines


def told(driver: Driver) -> list[str]:
    """Return what a driver's app shows as not fitting."""
    return [each["kind"] for each in driver.state()["incidents"]]


def test_c1_custody_beats_assignment(mall: Mall, dina: Driver, dan: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), parcels)
    pass_on(run_id, dina, dan)

    (result,) = phone.results()

    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert mall.delivery(row.id).status == "enroute_to_dropoff"
    assert mall.holders(row.id) == {("driver", dina.person_id)}
    assert driver_in_charge(mall, row.id) == dina.person_id
    assert open_kinds(mall, row.id) == {"custody_beats_assignment": False}


def test_c1_tells_the_second_driver_and_ends_his_run(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    run_id, parcels = claimed_parcels(dina)
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), parcels)
    pass_on(run_id, dina, dan)

    phone.results()

    assert (dan.state()["run"], mall.run(run_id).status) == (None, "finished")
    assert told(dan) == told(dina) == ["custody_beats_assignment"]
    assert [stop["kind"] for stop in dina.state()["run"]["stops"]] == ["dropoff"]
    assert mall.run(dina.state()["run"]["id"]).epoch == mall.run(run_id).epoch + 1


@pytest.mark.parametrize("evidence", ["assertion", "label"])
def test_c2_word_alone_leaves_the_assignment(mall: Mall, dina: Driver, dan: Driver, evidence: str):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    items = label_evidence(mall, row) if evidence == "label" else [{"kind": "assertion"}]
    beside = {"geo": "33.301000,-111.898000,12"}
    phone.state("handoff.picked_up", parcels, evidence=items, beside=beside)
    pass_on(run_id, dina, dan)

    (result,) = phone.results()

    assert (result["outcome"], result["code"]) == ("recorded", "run_reassigned")
    assert mall.delivery(row.id).status == "enroute_to_pickup"
    assert driver_in_charge(mall, row.id) == dan.person_id
    assert mall.holders(row.id) == {("store", mall.store.store_id)}
    assert open_kinds(mall, row.id) == {"assignment_stays": True}


@pytest.mark.parametrize("first_to_arrive", ["dina", "dan"])
def test_c3_two_proofs_hold_the_delivery(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk, first_to_arrive: str
):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phones = {"dina": phone_of(dina), "dan": phone_of(dan)}
    picked_up(phones["dina"], carl.shows(dina, run_id), parcels)
    pass_on(run_id, dina, dan)
    picked_up(phones["dan"], carl.shows(dan, run_id), parcels)

    for name in sorted(phones, key=lambda name: name != first_to_arrive):
        phones[name].results()

    kept = mall.delivery(row.id)
    assert (kept.status, kept.is_held) == ("enroute_to_dropoff", True)
    assert driver_in_charge(mall, row.id) == dina.person_id
    assert open_kinds(mall, row.id) == {"double_custody": True}
    assert "double_custody" in told(dina)
    assert "double_custody" in told(dan)
    assert mall.events(row.id).count("handoff.picked_up") == 2


def test_c4_collected_although_cancelled_goes_back(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), parcels)
    carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    (result,) = phone.results()

    assert result["outcome"] == "applied"
    assert mall.delivery(row.id).status == "enroute_to_return"
    assert mall.holders(row.id) == {("driver", dina.person_id)}
    assert [stop["store"]["id"] for stop in dina.stops("return")] == [mall.store.store_id]
    assert open_kinds(mall, row.id) == {"collected_after_cancel": False}


def test_c4_word_alone_leaves_the_cancellation(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    phone.state("handoff.picked_up", parcels, evidence=[{"kind": "assertion"}])
    carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    (result,) = phone.results()

    assert (result["outcome"], result["code"]) == ("recorded", "delivery_cancelled")
    assert mall.delivery(row.id).status == "cancelled"
    assert open_kinds(mall, row.id) == {"collected_after_cancel": True}


@pytest.mark.parametrize("proof", ["customer_code", "pin"])
def test_c5_customers_proof_beats_the_mark_lost(mall: Mall, dina: Driver, carl: Clerk, proof: str):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    phone.results(picked_up(phone, carl.shows(dina, run_id), parcels))
    shown = {"text": customer_code_of(mall, row.id)} if proof == "customer_code" else {}
    beside = {"pin": mall.pin(row.id)} if proof == "pin" else {}
    delivered = phone.state(
        "handoff.delivered", parcels, evidence=[{"kind": proof, **shown}], beside=beside
    )
    mark_lost(mall, row.id)

    (result,) = phone.results(delivered)

    assert (result["outcome"], result["level"]) == ("applied", "E2")
    assert mall.delivery(row.id).status == "delivered"
    assert mall.holders(row.id) == {("customer", row.id)}
    assert "delivery.lost" in mall.events(row.id)
    assert open_kinds(mall, row.id) == {"lost_but_delivered": False}


def test_c5_word_alone_leaves_the_mark_lost(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    phone.results(picked_up(phone, carl.shows(dina, run_id), parcels))
    delivered = phone.state("handoff.delivered", parcels, evidence=[{"kind": "none"}])
    mark_lost(mall, row.id)

    (result,) = phone.results(delivered)

    assert (result["outcome"], result["code"]) == ("recorded", "delivery_closed")
    assert mall.delivery(row.id).status == "lost"
    assert open_kinds(mall, row.id) == {"lost_but_delivered": True}


def test_c6_second_of_two_deliveries_is_recorded(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phones = [phone_of(dina), phone_of(dan)]
    picked_up(phones[0], carl.shows(dina, run_id), parcels)
    pass_on(run_id, dina, dan)
    for phone in phones:
        phone.state("handoff.delivered", parcels, evidence=[{"kind": "none"}])

    first, second = (phone.results()[-1] for phone in phones)

    assert first["outcome"] == "applied"
    assert (second["outcome"], second["code"]) == ("recorded", "delivery_closed")
    assert mall.delivery(row.id).status == "delivered"
    assert open_kinds(mall, row.id)["double_delivery"] is True
    assert mall.events(row.id).count("handoff.delivered") == 2


def test_c8_counts_that_differ_are_shown_to_both(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina, {"parcel_count": 2})
    row = mall.only_delivery(run_id)
    phone, tablet = phone_of(dina), tablet_of(carl)
    picked_up(phone, carl.shows(dina, run_id), parcels)
    released(tablet, [], dict.fromkeys(parcels, 1))

    phone.results()
    tablet.results()

    assert mall.delivery(row.id).status == "enroute_to_dropoff"
    assert open_kinds(mall, row.id) == {"count_mismatch": False}
    assert told(dina) == ["count_mismatch"]
    assert [each["kind"] for each in carl.state()["incidents"]] == ["count_mismatch"]


def test_c8_driver_who_counts_fewer_than_the_code_says(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina, {"parcel_count": 2})
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), dict.fromkeys(parcels, 1))

    (result,) = phone.results()

    assert (result["outcome"], result["flags"]) == ("applied", ["count_mismatch"])
    assert open_kinds(mall, row.id) == {"count_mismatch": False}


def test_what_a_person_has_decided_is_not_asked_again(mall: Mall, dina: Driver, dan: Driver):
    run_id, parcels = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    pass_on(run_id, dina, dan)
    phone.results(phone.state("handoff.picked_up", parcels))
    with mall.writing():
        (found,) = incidents.open_incidents([row.id])
        incidents.close_incident(found, "with the store", by=dan.person_id, now=clock.now())

    phone.results(phone.state("handoff.failed", parcels, reason="refused"))

    assert open_kinds(mall, row.id) == {}


def test_c1_leaves_the_rest_of_the_second_drivers_run(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk
):
    mall.places(mall.other_store, merchant_ref="A-2")
    run_id, parcels = claimed_parcels(dina)
    kept = next(row for row in mall.deliveries_of(run_id) if row.merchant_ref == "A-2")
    del parcels[kept.handle]
    phone = phone_of(dina)
    picked_up(phone, carl.shows(dina, run_id), parcels)
    pass_on(run_id, dina, dan)

    phone.results()

    stops = dan.state()["run"]["stops"]
    assert [stop["kind"] for stop in stops] == ["pickup", "dropoff"]
    assert stops[0]["store"]["id"] == mall.other_store.store_id
    assert stops[1]["delivery"]["handle"] == kept.handle
