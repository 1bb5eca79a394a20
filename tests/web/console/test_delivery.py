"""The page of one delivery: what is true of it, and what both sides say."""

import os
from datetime import timedelta

import pytest

from app import clock
from tests.devices import phone_of, picked_up, presence_of, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import at_door, claimed, collected
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver


def page_of(office: Office, delivery_id: str) -> str:
    answer = office.get(f"deliveries/{delivery_id}")
    assert answer.status_code == 200
    return answer.text


def test_day_leads_to_each_delivery(mall: Mall, desmond: Office):
    delivery_id = mall.places()

    assert f'href="/console/deliveries/{delivery_id}"' in desmond.day_at(mall)


def test_before_the_collection_the_store_has_everything(mall: Mall, desmond: Office):
    page = page_of(desmond, mall.places(merchant_ref="B-7"))

    assert "Lumen to Cleo, Chandler" in page
    assert "B-7" in page
    assert page.count(">Lumen</td>") == 2
    assert "Handoffs appear here" in page


def test_both_sides_stand_beside_each_other(mall: Mall, dina: Driver, carl: Clerk, desmond: Office):
    run_id, nonce = claimed(dina), os.urandom(8)
    row = mall.only_delivery(run_id)
    phone, tablet = phone_of(dina), tablet_of(carl)
    phone.results(picked_up(phone, carl.shows(dina, run_id, nonce=nonce), handles_of([row])))
    tablet.results(released(tablet, [nonce], handles_of([row])))

    page = page_of(desmond, row.id)

    assert "Collected by Dina Diaz" in page
    assert "E3 both sides prove it" in page
    for said in ("Carl, Lumen", "tablet Main, step 1", "Dina Diaz, driver", "phone, step 1"):
        assert said in page
    assert "2 parcels, scanned the tablet&#39;s code" in page
    assert "when the server heard of it; since when is not proved" in page
    assert page.count(">Dina Diaz</td>") == 2


def test_what_was_sent_late_says_when_and_how_odd_it_is(mall: Mall, dina: Driver, carl: Clerk):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    phone, text = phone_of(dina), carl.shows(dina, run_id)
    sent = picked_up(
        phone,
        text,
        handles_of([row]),
        at=clock.now() + timedelta(minutes=4),
        clock={"offset_ms": 0, "sync_age_s": 9, "jump": True},
    )
    with clock.frozen(clock.now() + timedelta(hours=2, minutes=14)):
        phone.results(sent)
        page = page_of(signed_in(mall, "Desmond Day", "dispatcher"), row.id)

    assert "2 h 10 min later" in page
    assert "clocks were more than two minutes apart" in page
    assert "clock was moved by hand" in page


def test_store_alone_has_proved_nothing(mall: Mall, dina: Driver, carl: Clerk, desmond: Office):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    tablet = tablet_of(carl)
    tablet.results(released(tablet, [os.urandom(8)], handles_of([row])))

    page = page_of(desmond, row.id)

    assert "Given by the store, taken by nobody so far" in page
    assert "nothing is proved yet" in page
    assert "Nothing so far." in page


def test_counts_that_differ_are_shown_beside_the_rule(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    run_id, nonce = claimed(dina), os.urandom(8)
    row = mall.only_delivery(run_id)
    phone, tablet = phone_of(dina), tablet_of(carl)
    phone.results(picked_up(phone, carl.shows(dina, run_id, nonce=nonce), handles_of([row])))
    tablet.results(released(tablet, [nonce], {row.handle: 1}))

    page = page_of(desmond, row.id)

    assert "The numbers of parcels differ: 1, 2" in page
    assert "Rule C8" in page
    assert "Parcel counts differ" in page


def test_unsigned_command_is_called_so(mall: Mall, dina: Driver, carl: Clerk, desmond: Office):
    run_id = collected(dina, carl)
    row = mall.only_delivery(run_id)

    page = page_of(desmond, row.id)

    assert "not signed" in page
    assert "E2 one side proves the other" in page


def test_refused_statement_is_listed_with_its_reason(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    phone.results(picked_up(phone, carl.shows(dan, run_id), handles_of([row])))

    page = page_of(desmond, row.id)

    assert "Recorded, not counted" in page
    assert "Code is for another driver." in page
    assert "not_addressee" in page


def test_step_that_waits_for_an_earlier_one_is_listed(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    phone.seq = 1
    phone.results(picked_up(phone, carl.shows(dina, run_id), handles_of([row])))

    page = page_of(desmond, row.id)

    assert "Waits for an earlier step of this device, until" in page
    assert "phone, step 2" in page


def test_timeline_names_everybody_and_shows_chain_heads(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    run_id = collected(dina, carl)
    row = mall.only_delivery(run_id)

    page = page_of(desmond, row.id)

    assert "Placed by the store" in page
    assert "Left the mall" in page
    assert page.count('<code translate="no">') == len(mall.events(row.id))


def test_presence_scanned_by_the_store_puts_the_driver_in_charge(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    tablet = tablet_of(carl)
    text = presence_of(dina, mall.store.number, [row.handle])
    tablet.results(
        tablet.state(
            "handoff.released", handles_of([row]), evidence=[{"kind": "presence", "text": text}]
        )
    )

    page = page_of(desmond, row.id)

    assert "Collected by Dina Diaz" in page
    assert "scanned the driver&#39;s phone" in page


class TestManager:
    def test_reads_own_stores_deliveries_with_first_names_only(
        self, mall: Mall, dina: Driver, carl: Clerk, marta: Office
    ):
        run_id = collected(dina, carl)
        row = mall.only_delivery(run_id)

        page = page_of(marta, row.id)

        assert "Collected by Dina" in page
        hidden = ("Diaz", "Cruz", "123 N Dobson", "555 0101", "Apt 4", "Gate code")
        assert not [fact for fact in hidden if fact in page]

    def test_list_of_the_store_leads_to_its_own_deliveries(self, mall: Mall, marta: Office):
        own, other = mall.places(), mall.places(mall.other_store)

        page = marta.get(f"stores/{mall.store.store_id}/deliveries").text

        assert f"/console/deliveries/{own}" in page
        assert other not in page
        assert f"/console/stores/{mall.store.store_id}/deliveries" in page_of(marta, own)

    @pytest.mark.parametrize("path", ["deliveries/{other}", "stores/{store}/deliveries"])
    def test_other_stores_deliveries_do_not_exist(self, mall: Mall, marta: Office, path: str):
        other = mall.places(mall.other_store)
        address = path.format(other=other, store=mall.other_store.store_id)

        assert marta.get(address).status_code == 404


def test_parcels_that_came_before_their_window_are_said_to_have(
    dina: Driver, carl: Clerk, desmond: Office
):
    opens = clock.now() + timedelta(minutes=40)
    stop = at_door(dina, carl, window_from=opens)
    with clock.frozen(opens - timedelta(minutes=12)):
        assert dina.deliver(stop).status_code == 200

    assert "Delivered 12 minutes before its window" in page_of(desmond, stop["delivery"]["id"])
