"""Carriers who drive with us: their phone is scanned at a hub, and parcels come in from them."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.accounts import people
from app.domain.events import EventType
from app.handoffs import visits
from tests.factories import Mall
from tests.inbound import at_another_desk, brings, label, opened, receipts
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines


def takes_in(clerk: Clerk, delivery_id: str, visit_id: str | None, text: str = "") -> Any:
    """Scan a delivery's first parcel in."""
    scanned = text or label(clerk.mall, delivery_id)
    return clerk.post(f"parcels/{delivery_id}/1/take-in", text=scanned, visit_id=visit_id)


def test_label_during_a_visit_is_cross_signed(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    text = brings(dora, hanna)
    visit_id = hanna.post("visits", text=text).get_json()["result"]["visit_id"]

    answer = takes_in(hanna, delivery_id, visit_id)

    assert answer.get_json()["result"] == {"level": "E2"}
    assert hub.holders(delivery_id) == {("store", hub.store.store_id)}
    assert hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN) == {
        "level": "E2",
        "evidence": "label",
        "parcel": 1,
        "parcels": 1,
        "desk_kid": hanna.kid,
        "visit": visit_id,
        "driver": dora.person_id,
        "phone_kid": dora.kid,
        "presence": text,
    }


def test_typed_code_during_a_visit_shows_no_parcel(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1, carrier_ref="UPS-1")

    answer = takes_in(hanna, delivery_id, opened(dora, hanna), "ups1")

    assert answer.get_json()["result"] == {"level": "E0"}
    assert hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)["driver"] == dora.person_id


def test_station_sorts_from_a_carrier(station: Mall, stan: Clerk, dora: Driver):
    delivery_id = station.places(parcel_count=1)
    station.forms_runs()
    visit_id = opened(dora, stan)

    answer = stan.post(
        f"parcels/{delivery_id}/1/sort", text=label(station, delivery_id), visit_id=visit_id
    )

    assert answer.status_code == 200, answer.get_json()
    assert station.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)["level"] == "E2"
    assert [each["parcel_count"] for each in receipts(dora)] == [1]


def test_parcel_without_the_carriers_phone_stays_one_sided(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    opened(dora, hanna)

    answer = takes_in(hanna, delivery_id, None)

    assert answer.get_json()["result"] == {"level": "E1"}
    assert "driver" not in hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)


def test_parcel_that_is_in_already_gets_no_better(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    takes_in(hanna, delivery_id, None)

    again = takes_in(hanna, delivery_id, opened(dora, hanna))

    assert again.get_json()["result"] == {"level": "E1"}
    assert hub.events(delivery_id).count("handoff.taken_in") == 1
    assert [each["parcel_count"] for each in receipts(dora)] == [0]


def test_driver_reads_a_receipt_with_counts_only(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=2)
    visit_id = opened(dora, hanna)
    before = receipts(dora)
    takes_in(hanna, delivery_id, visit_id)

    (receipt,) = receipts(dora)

    assert [each["parcel_count"] for each in before] == [0]
    assert set(receipt) == {"id", "counter", "opened_at", "ends_at", "is_open", "parcel_count"}
    assert receipt["counter"] | {"timezone": ""} == {
        "number": hub.store.number,
        "name": "Lumen",
        "timezone": "",
    }
    assert (receipt["id"], receipt["is_open"], receipt["parcel_count"]) == (visit_id, True, 1)


def test_nobody_reads_anothers_receipts(hanna: Clerk, dora: Driver, henry: Driver):
    opened(dora, hanna)

    assert receipts(henry) == []


def test_counters_are_those_of_hubs_and_stations(hub: Mall, mall: Mall, dora: Driver):
    found = dora.client.get("/driver/api/bring").get_json()["counters"]

    numbers = {each["number"] for each in found}
    assert hub.store.number in numbers
    assert mall.store.number not in numbers


def test_desk_shows_who_brings_parcels(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)
    takes_in(hanna, delivery_id, visit_id)

    visit = hanna.state()["visit"]

    assert (visit["id"], visit["parcel_count"]) == (visit_id, 1)
    assert visit["driver"]["first_name"] == "Dora"
    assert set(visit["driver"]) == {"person_id", "first_name", "photo_url", "vehicle"}


def test_the_face_is_shown_only_during_the_visit(hub: Mall, hanna: Clerk, dora: Driver):
    with hub.writing():
        key = hub.app.extensions["mallrun_blobs"].put(b"portrait")
        people.require_person(dora.person_id).photo_key = key
    address = f"/desk/api/drivers/{dora.person_id}/photo"
    before = hanna.client.get(address).status_code
    visit_id = opened(dora, hanna)
    during = hanna.client.get(address)
    data, status = during.get_data(), during.status_code
    hanna.post(f"visits/{visit_id}/end")

    assert (before, status, data) == (404, 200, b"portrait")
    assert hanna.client.get(address).status_code == 404


def test_next_carrier_ends_the_visit_before(hanna: Clerk, dora: Driver, henry: Driver):
    first = opened(dora, hanna)
    second = opened(henry, hanna)

    assert hanna.state()["visit"]["id"] == second
    assert [(each["id"], each["is_open"]) for each in receipts(dora)] == [(first, False)]


def test_ending_twice_is_as_once(hanna: Clerk, dora: Driver):
    visit_id = opened(dora, hanna)

    answers = [hanna.post(f"visits/{visit_id}/end").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert hanna.state()["visit"] is None


def test_parcel_after_the_end_belongs_to_nobody(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)
    hanna.post(f"visits/{visit_id}/end")

    answer = takes_in(hanna, delivery_id, visit_id)

    assert code_of(answer) == "visit_over"
    assert hub.holders(delivery_id) == {("carrier", "")}


def test_step_that_was_kept_without_signal_belongs_to_its_visit(
    hub: Mall, hanna: Clerk, dora: Driver
):
    delivery_id = hub.places(parcel_count=1)
    visit_id, scanned_at = opened(dora, hanna), clock.now()
    hanna.post(f"visits/{visit_id}/end")

    answer = hanna.post(
        f"parcels/{delivery_id}/1/take-in",
        text=label(hub, delivery_id),
        visit_id=visit_id,
        occurred_at=scanned_at.isoformat(),
    )

    assert answer.get_json()["result"] == {"level": "E2"}


@pytest.mark.parametrize("why", ["over", "unknown"])
def test_step_that_comes_late_and_names_no_visit_that_holds_is_one_sided(
    hub: Mall, hanna: Clerk, dora: Driver, why: str
):
    """Nobody can scan again: the parcel is on the shelf, and whose it was nobody has shown."""
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)
    hanna.post(f"visits/{visit_id}/end")

    answer = hanna.post(
        f"parcels/{delivery_id}/1/take-in",
        text=label(hub, delivery_id),
        visit_id=visit_id if why == "over" else "vis_of_a_tablet_that_was_replaced",
        occurred_at=(clock.now() - timedelta(minutes=5)).isoformat(),
    )

    assert answer.get_json()["result"] == {"level": "E1"}
    assert "driver" not in hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)


def test_late_end_of_a_visit_that_was_refused_ends_nothing(hanna: Clerk):
    late = (clock.now() - timedelta(minutes=5)).isoformat()

    assert hanna.post("visits/unknown/end", occurred_at=late).status_code == 200
    assert code_of(hanna.post("visits/unknown/end")) == "not_found"


def test_half_an_hour_ends_a_visit(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)
    with hub.writing():
        (found,) = visits.visits_of_driver(dora.person_id, limit=2)
        found.visit.opened_at -= timedelta(minutes=31)

    assert hanna.state()["visit"] is None
    assert not receipts(dora)[0]["is_open"]
    assert code_of(takes_in(hanna, delivery_id, visit_id)) == "visit_over"
    # It is over, so that another one can begin.
    assert opened(dora, hanna) != visit_id


def test_visit_of_another_desk_is_not_there(hub: Mall, hanna: Clerk, dora: Driver):
    other = at_another_desk(hub)
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)

    assert code_of(takes_in(other, delivery_id, visit_id)) == "visit_over"
    assert code_of(other.post(f"visits/{visit_id}/end")) == "not_found"
    assert hanna.state()["visit"]["id"] == visit_id


def test_old_visits_are_erased_and_the_log_stays(hub: Mall, hanna: Clerk, dora: Driver):
    delivery_id = hub.places(parcel_count=1)
    takes_in(hanna, delivery_id, opened(dora, hanna))
    now = clock.now()

    with hub.writing():
        visits.erase_old(now=now + timedelta(days=89))
    kept = len(receipts(dora))
    with hub.writing() as current:
        (found,) = visits.visits_of_driver(dora.person_id, limit=2)
        found.visit.opened_at -= timedelta(days=91)
        current.flush()
        visits.erase_old(now=now)

    assert kept == 1
    assert receipts(dora) == []
    assert hub.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)["driver"] == dora.person_id
