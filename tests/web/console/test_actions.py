"""What a dispatcher does with one delivery, each with a question and a reason."""

from datetime import timedelta

import pytest

from app import clock
from tests.devices import phone_of
from tests.factories import Mall, handles_of
from tests.journeys import at_door, claimed, collected
from tests.office import Office
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

WHY = "The van was broken into"


def act(office: Office, delivery_id: str, name: str, reason: str = WHY):
    return office.post(f"deliveries/{delivery_id}/{name}", reason=reason)


class TestLost:
    def test_run_goes_on_without_it_and_the_customer_reads_it(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = collected(dina, carl, {}, {"merchant_ref": "A-2"})
        lost, kept = mall.deliveries_of(run_id)

        answer = act(desmond, lost.id, "lost")

        assert answer.status_code == 303
        assert (
            "Marked as lost. You can take that back below."
            in desmond.client.get(answer.location).text
        )
        assert [stop["delivery"]["id"] for stop in dina.stops("dropoff")] == [kept.id]
        page = mall.app.test_client().get(mall.link(lost.id)).text
        assert "missing" in page

    def test_last_of_a_run_ends_it(self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office):
        run_id = collected(dina, carl)
        row = mall.only_delivery(run_id)

        act(desmond, row.id, "lost")

        assert mall.run(run_id).status == "finished"
        assert claimed(dina)

    def test_taken_back_it_is_on_the_way_again(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = collected(dina, carl, {}, {"merchant_ref": "A-2"})
        lost, _kept = mall.deliveries_of(run_id)
        act(desmond, lost.id, "lost")

        answer = act(desmond, lost.id, "found", "It was under the seat")

        assert answer.status_code == 303
        row = mall.delivery(lost.id)
        assert (row.status, row.run_id, row.ended_at) == ("enroute_to_dropoff", run_id, None)
        door = next(each for each in dina.stops("dropoff") if each["delivery"]["id"] == lost.id)
        assert dina.deliver(door).status_code == 200

    def test_taken_back_after_the_run_it_gets_a_run_of_its_own(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = collected(dina, carl)
        row = mall.only_delivery(run_id)
        act(desmond, row.id, "lost")

        act(desmond, row.id, "found")

        found = mall.delivery(row.id)
        assert found.run_id != run_id
        assert mall.run(found.run_id).driver_id == dina.person_id
        epoch = dina.state()["run"]["epoch"]
        assert dina.deliver(dina.stops("dropoff")[0], epoch=epoch).status_code == 200

    def test_customers_own_code_wins_over_the_mark(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = collected(dina, carl)
        row = mall.only_delivery(run_id)
        pin, phone = mall.pin(row.id), phone_of(dina)
        kept = phone.state(
            "handoff.delivered",
            handles_of([row]),
            assignment_epoch=1,
            evidence=[{"kind": "pin"}],
            beside={"pin": pin},
        )
        act(desmond, row.id, "lost")

        with clock.frozen(clock.now() + timedelta(minutes=5)):
            (result,) = phone.results(kept)

        assert result["outcome"] == "applied"
        assert mall.delivery(row.id).status == "delivered"
        page = desmond.get(f"deliveries/{row.id}").text
        assert "Rule C5" in page

    def test_what_the_store_has_is_not_lost(self, mall: Mall, dina: Driver, desmond: Office):
        (row,) = mall.deliveries_of(claimed(dina))

        answer = act(desmond, row.id, "lost")

        assert answer.status_code == 422
        assert "have not been collected" in answer.text
        assert "Mark as lost" not in desmond.get(f"deliveries/{row.id}").text

    @pytest.mark.parametrize("name", ["lost", "found"])
    def test_what_is_over_stays(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office, name: str
    ):
        stop = at_door(dina, carl)
        dina.deliver(stop)
        delivery_id = stop["delivery"]["id"]

        assert act(desmond, delivery_id, name).status_code == 422
        assert mall.delivery(delivery_id).status == "delivered"


class TestLinkAndPin:
    def test_old_link_stops_and_the_new_one_works(self, mall: Mall, desmond: Office):
        delivery_id = mall.places()
        old = mall.link(delivery_id)

        answer = act(desmond, delivery_id, "link", "Forwarded to a stranger")

        new = mall.link(delivery_id)
        client = mall.app.test_client()
        assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
        assert new.rpartition("/")[2] not in desmond.client.get(answer.location).text

    def test_new_pin_counts_and_the_customer_is_told(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        stop = at_door(dina, carl, proof="pin")
        delivery_id = stop["delivery"]["id"]
        old = mall.pin(delivery_id)

        act(desmond, delivery_id, "pin", "Said aloud in the street")

        new = mall.pin(delivery_id)
        assert dina.deliver(stop, "pin", pin=old).status_code == 403
        assert "Your PIN was changed" in mall.app.test_client().get(mall.link(delivery_id)).text
        assert dina.deliver(stop, "pin", pin=new).status_code == 200

    def test_replacing_the_pin_gives_no_tries_back(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        stop = at_door(dina, carl, proof="pin")
        delivery_id = stop["delivery"]["id"]
        wrong = "000000" if mall.pin(delivery_id) != "000000" else "000001"
        for _ in range(5):
            dina.deliver(stop, "pin", pin=wrong)

        act(desmond, delivery_id, "pin")

        assert mall.delivery(delivery_id).pin_tries == 5
        assert dina.deliver(stop, "pin", pin=mall.pin(delivery_id)).status_code == 423

    def test_ended_delivery_needs_no_pin(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        stop = at_door(dina, carl)
        dina.deliver(stop)

        assert act(desmond, stop["delivery"]["id"], "pin").status_code == 422
        assert mall.delivery(stop["delivery"]["id"]).pin_version == 0


class TestCustomer:
    def test_name_phone_and_address_are_shown_for_a_reason_and_on_record(
        self, mall: Mall, desmond: Office
    ):
        delivery_id = mall.places()
        before = desmond.get(f"deliveries/{delivery_id}").text
        question = desmond.get(f"deliveries/{delivery_id}/recipient").text

        shown = act(desmond, delivery_id, "recipient", "She does not open").text

        facts = ("Cleo Cruz", "123 N Dobson Rd", "Apt 4", "+1 480 555 0101")
        assert not [fact for fact in facts if fact in before or fact in question]
        assert not [fact for fact in facts if fact not in shown]
        page = desmond.get(f"deliveries/{delivery_id}").text
        assert "Customer&#39;s name, phone and address were looked at" in page
        assert "She does not open" in page

    def test_nothing_is_shown_without_a_reason(self, mall: Mall, desmond: Office):
        delivery_id = mall.places()

        answer = act(desmond, delivery_id, "recipient", "")

        assert answer.status_code == 422
        assert "555 0101" not in answer.text
        assert "recipient.shown" not in mall.events(delivery_id)


@pytest.mark.parametrize("name", ["lost", "found", "link", "pin", "recipient"])
def test_each_asks_first_and_wants_a_reason(mall: Mall, desmond: Office, name: str):
    delivery_id = mall.places()
    before = mall.delivery(delivery_id)

    question = desmond.get(f"deliveries/{delivery_id}/{name}")
    answer = act(desmond, delivery_id, name, " ")

    assert question.status_code == 200
    assert "Keep it as it is" in question.text
    assert answer.status_code == 422
    assert "Say why in a few words" in answer.text
    assert mall.delivery(delivery_id) == before


@pytest.mark.parametrize("name", ["lost", "found", "link", "pin", "recipient"])
def test_managers_do_none_of_it(mall: Mall, marta: Office, name: str):
    delivery_id = mall.places()

    assert marta.get(f"deliveries/{delivery_id}/{name}").status_code == 404
    assert act(marta, delivery_id, name).status_code == 404
    assert f"/{name}" not in marta.get(f"deliveries/{delivery_id}").text
