"""A dispatcher takes runs back and gives them: whoever has parcels keeps them."""

import pytest

from app.domain.events import EventType
from tests.crossing import at_once
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed, collected
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines

WHY = "The phone is dead"


@pytest.fixture
def desmond(mall: Mall) -> Office:
    return signed_in(mall, "Desmond Day", "dispatcher")


def take_back(office: Office, run_id: str, reason: str = WHY):
    return office.post(f"runs/{run_id}/take-back", reason=reason)


def give(office: Office, run_id: str, driver: Driver, reason: str = "Nearest"):
    return office.post(f"runs/{run_id}/give", driver=driver.person_id, reason=reason)


class TestTakingBack:
    def test_before_the_first_collection_everything_is_on_offer(
        self, mall: Mall, dina: Driver, dan: Driver, desmond: Office
    ):
        run_id = claimed(dina)

        answer = take_back(desmond, run_id)

        assert answer.status_code == 303
        assert (mall.run(run_id).status, mall.run(run_id).driver_id) == ("offered", None)
        assert dina.state()["run"] is None
        assert dan.claim(run_id).status_code == 200
        assert mall.count(run_id, EventType.RUN_RELEASED) == 1

    def test_driver_may_claim_again_at_once(self, mall: Mall, dina: Driver, desmond: Office):
        run_id = mall.offers()
        for _ in range(3):
            assert dina.claim(run_id).status_code == 200
            take_back(desmond, run_id)

        assert dina.claim(run_id).status_code == 200

    def test_collected_parcels_stay_in_a_run_of_the_drivers_own(
        self, mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
    ):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2"})
        held, left = mall.deliveries_of(run_id)
        text = carl.sign(carl.release(dina, handles_of([held])))
        assert dina.collect(text).status_code == 200

        answer = take_back(desmond, run_id)

        assert answer.status_code == 303
        own = mall.run(run_id)
        assert (own.driver_id, own.status) == (dina.person_id, "delivering")
        assert [row.id for row in mall.deliveries_of(run_id)] == [held.id]
        offer = mall.delivery(left.id).run_id
        assert offer not in {run_id, None}
        assert mall.run(offer).status == "offered"
        assert dan.claim(offer).status_code == 200

    def test_driver_brings_what_stays_and_is_free_then(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = claimed(dina, {}, {"merchant_ref": "A-2", "tip_minor": 500})
        held, left = mall.deliveries_of(run_id)
        if held.tip_minor:
            held, left = left, held
        dina.collect(carl.sign(carl.release(dina, handles_of([held]))))
        take_back(desmond, run_id)

        (door,) = dina.stops("dropoff")
        assert dina.deliver(door).status_code == 200

        assert mall.run(run_id).status == "finished"
        assert dina.claim(mall.delivery(left.id).run_id).status_code == 200
        tips = [
            line["amount_minor"] for line in dina.state()["run"]["pay"] if line["kind"] == "tip"
        ]
        assert tips == [500]

    def test_with_two_stores_the_collected_one_is_done(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        mall.places()
        mall.places(mall.other_store)
        (run_id,) = mall.forms_runs()
        dina.claim(run_id)
        stop = next(each for each in dina.stops("pickup") if each["store"]["name"] == "Lumen")
        dina.collect(carl.shows(dina, run_id), stop=stop)

        take_back(desmond, run_id)

        assert dina.stops("pickup") == []
        assert len(dina.stops("dropoff")) == 1

    def test_nothing_to_take_once_everything_is_collected(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = collected(dina, carl)

        answer = take_back(desmond, run_id)

        assert answer.status_code == 422
        assert "collected everything" in answer.text
        assert "Take it back" not in desmond.get(f"runs/{run_id}").text
        assert mall.run(run_id).driver_id == dina.person_id

    def test_run_that_nobody_has_is_not_taken_back(self, mall: Mall, desmond: Office):
        run_id = mall.offers()

        assert desmond.get(f"runs/{run_id}/take-back").status_code == 409
        assert take_back(desmond, run_id).status_code == 422

    def test_scan_without_signal_brings_it_back_with_its_proof(
        self, mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
    ):
        run_id = claimed(dina)
        (row,) = mall.deliveries_of(run_id)
        phone = phone_of(dina)
        kept = picked_up(phone, carl.shows(dina, run_id), handles_of([row]))
        take_back(desmond, run_id)
        give(desmond, run_id, dan)

        (result,) = phone.results(kept)

        assert (result["outcome"], result["level"]) == ("applied", "E2")
        assert mall.holders(row.id) == {("driver", dina.person_id)}
        assert dan.state()["run"] is None

    def test_of_a_scan_and_a_taking_back_in_one_instant_one_counts(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = claimed(dina)
        (row,), text = mall.deliveries_of(run_id), carl.shows(dina, run_id)
        (stop,) = dina.stops("pickup")

        scan, taken = at_once(
            lambda: dina.collect(text, stop=stop), lambda: take_back(desmond, run_id)
        )

        is_hers = scan.status_code == 200
        assert taken.status_code == (422 if is_hers else 303)
        holder = ("driver", dina.person_id) if is_hers else ("store", mall.store.store_id)
        assert mall.holders(row.id) == {holder}
        assert mall.run(run_id).driver_id == (dina.person_id if is_hers else None)

    @pytest.mark.parametrize("reason", ["", "no"])
    def test_question_says_what_becomes_of_it_and_wants_a_reason(
        self, mall: Mall, dina: Driver, desmond: Office, reason: str
    ):
        run_id = claimed(dina)

        question = desmond.get(f"runs/{run_id}/take-back").text
        answer = take_back(desmond, run_id, reason)

        assert "1 delivery goes on offer again at once, and Dina Diaz is told." in question
        assert "Take this run back from Dina Diaz?" in question
        assert answer.status_code == 422
        assert "Say why in a few words" in answer.text
        assert mall.run(run_id).driver_id == dina.person_id


class TestGiving:
    def test_run_becomes_the_drivers_with_the_dispatchers_reason(
        self, mall: Mall, dina: Driver, desmond: Office
    ):
        run_id = mall.offers()
        assert dina.person_id in desmond.get(f"runs/{run_id}").text

        answer = give(desmond, run_id, dina)

        assert answer.status_code == 303
        assert dina.state()["run"]["id"] == run_id
        page = desmond.client.get(answer.location).text
        assert "Run of Dina Diaz" in page
        (row,) = mall.deliveries_of(run_id)
        assert row.status == "enroute_to_pickup"
        assert "Nearest" in desmond.get(f"deliveries/{row.id}").text

    def test_parcels_scanned_after_it_count(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        run_id = mall.offers()
        give(desmond, run_id, dina)
        (row,), phone = mall.deliveries_of(run_id), phone_of(dina)

        (result,) = phone.results(picked_up(phone, carl.shows(dina, run_id), handles_of([row])))

        assert (result["outcome"], result["level"]) == ("applied", "E2")

    def test_of_a_claim_and_an_assignment_one_wins(
        self, mall: Mall, dina: Driver, dan: Driver, desmond: Office
    ):
        run_id = mall.offers()

        claim, assignment = at_once(lambda: dina.claim(run_id), lambda: give(desmond, run_id, dan))

        has_dina_won = claim.status_code == 200
        assert assignment.status_code == (422 if has_dina_won else 303)
        assert code_of(claim) in ({None} if has_dina_won else {"already_claimed"})
        assert mall.count(run_id, EventType.RUN_CLAIMED) == 1
        winner, loser = (dina, dan) if has_dina_won else (dan, dina)
        assert mall.run(run_id).driver_id == winner.person_id
        assert (winner.state()["run"]["id"], loser.state()["run"]) == (run_id, None)
        other = claimed(loser)
        assert mall.run(other).driver_id == loser.person_id

    def test_driver_with_a_run_or_off_duty_is_not_free(
        self, mall: Mall, dina: Driver, dan: Driver, desmond: Office
    ):
        first, second = mall.offers_two()
        dina.claim(first)
        dan.post("duty", on_duty=False, site_id=None)

        page = desmond.get(f"runs/{second}").text
        answers = [give(desmond, second, driver) for driver in (dina, dan)]

        assert "Nobody on duty here is free" in page
        assert [answer.status_code for answer in answers] == [422, 422]
        assert "This driver is off duty" in answers[0].text
        assert mall.run(second).status == "offered"

    def test_run_that_is_taken_is_not_given(self, dina: Driver, dan: Driver, desmond: Office):
        run_id = claimed(dina)

        answer = give(desmond, run_id, dan)

        assert answer.status_code == 422
        assert "Somebody has taken this run a moment ago" in answer.text
        assert claimed(dan)

    @pytest.mark.parametrize("driver_id", ["", "per_x", "clk_" + "a" * 26])
    @pytest.mark.usefixtures("dina")
    def test_nobody_is_no_driver(self, mall: Mall, desmond: Office, driver_id: str):
        run_id = mall.offers()

        answer = desmond.post(f"runs/{run_id}/give", driver=driver_id, reason=WHY)

        assert answer.status_code == 422
        assert "Choose a driver." in answer.text


def test_page_tells_who_had_the_run_and_how_it_ended(
    mall: Mall, dina: Driver, dan: Driver, desmond: Office
):
    run_id = claimed(dina)
    take_back(desmond, run_id)
    give(desmond, run_id, dan)

    page = desmond.get(f"runs/{run_id}").text

    assert "Taken back by a dispatcher" in page
    assert page.index("Dina Diaz") < page.index("Dan Dow</td>")
    assert f'href="/console/today/{mall.site_id}"' in page
    assert f"/console/runs/{run_id}" in desmond.day_at(mall)


def test_run_of_a_mall_is_no_managers_business(mall: Mall, dina: Driver):
    run_id = claimed(dina)
    marta = signed_in(mall, "Marta", "manager", mall.store.store_id)

    assert marta.get(f"runs/{run_id}").status_code == 404
    assert take_back(marta, run_id).status_code == 404
    assert give(marta, run_id, dina).status_code == 404
    assert mall.run(run_id).driver_id == dina.person_id
