"""What a dispatcher decides, and what comes of it."""

import os
from types import SimpleNamespace

import pytest

from app import clock
from app.domain.findings import FindingKind
from app.handoffs.asking import ask_unconfirmed
from tests.conflicts import both_prove_it, one_only_says_it
from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver
from tests.web.console.decisions import WHY, decide, open_kinds, the_incident

pytestmark = pytest.mark.both_engines


@pytest.fixture
def double(mall: Mall, dina: Driver, dan: Driver, carl: Clerk) -> SimpleNamespace:
    """Dina and Dan both have proof of one delivery."""
    return SimpleNamespace(id=both_prove_it(dina, dan, carl).id, mall=mall)


@pytest.fixture
def weak(mall: Mall, dina: Driver, dan: Driver, carl: Clerk) -> SimpleNamespace:
    """Dan has the run; Dina says without a code that she took the parcels."""
    return SimpleNamespace(id=one_only_says_it(dina, dan, carl).id, mall=mall)


class TestWhoHasIt:
    @pytest.mark.parametrize("who", ["dina", "dan"])
    def test_delivery_goes_on_with_whoever_has_it(
        self,
        mall: Mall,
        double: SimpleNamespace,
        desmond: Office,
        request: pytest.FixtureRequest,
        who: str,
    ):
        driver: Driver = request.getfixturevalue(who)
        assert mall.delivery(double.id).is_held

        answer = decide(desmond, double, "rule", choice=f"has:{driver.person_id}", reason=WHY)

        row = mall.delivery(double.id)
        assert answer.status_code == 303
        assert (row.status, row.is_held) == ("enroute_to_dropoff", False)
        assert mall.run(row.run_id).driver_id == driver.person_id
        assert mall.holders(double.id) == {("driver", driver.person_id)}
        assert open_kinds(mall, double.id) == []
        assert driver.state()["run"]["id"] == row.run_id

    def test_driver_of_an_own_run_can_go_to_the_door(
        self, double: SimpleNamespace, dina: Driver, desmond: Office
    ):
        decide(desmond, double, "rule", choice=f"has:{dina.person_id}", reason=WHY)
        (door,), epoch = dina.stops("dropoff"), dina.state()["run"]["epoch"]

        assert dina.arrive(door).status_code == 200
        assert dina.deliver(door, epoch=epoch).status_code == 200

    def test_page_says_who_decided_and_why(
        self, double: SimpleNamespace, dan: Driver, desmond: Office
    ):
        asked = desmond.get(f"deliveries/{double.id}").text
        answer = decide(desmond, double, "rule", choice=f"has:{dan.person_id}", reason=WHY)
        page = desmond.client.get(answer.location).text

        assert "Dina Diaz has the parcels" in asked
        assert "Dan Dow has the parcels</button>" in asked
        assert "Decided. The delivery goes on" in page
        assert "Dan Dow has the parcels. (Desmond Day, office" in page
        assert WHY in page
        assert "Decide otherwise" in page

    def test_it_can_be_decided_otherwise_while_the_delivery_is_open(
        self, mall: Mall, double: SimpleNamespace, dina: Driver, dan: Driver, desmond: Office
    ):
        decide(desmond, double, "rule", choice=f"has:{dan.person_id}", reason=WHY)

        decide(desmond, double, "rule", choice=f"has:{dina.person_id}", reason="She was right")

        assert mall.holders(double.id) == {("driver", dina.person_id)}
        assert mall.events(double.id).count("custody.ruled") == 2
        assert dan.state()["run"] is None

    def test_later_statements_do_not_open_it_again(
        self, mall: Mall, double: SimpleNamespace, dina: Driver, dan: Driver, desmond: Office
    ):
        decide(desmond, double, "rule", choice=f"has:{dan.person_id}", reason=WHY)
        phone = phone_of(dina)
        phone.seq = 1
        row = mall.delivery(double.id)
        phone.results(
            phone.state("handoff.picked_up", handles_of([row]), evidence=[{"kind": "assertion"}])
        )

        assert FindingKind.DOUBLE_CUSTODY not in open_kinds(mall, double.id)
        assert mall.holders(double.id) == {("driver", dan.person_id)}

    def test_stranger_cannot_have_it(
        self, mall: Mall, double: SimpleNamespace, desmond: Office, carl: Clerk
    ):
        stranger = "per_" + "a" * 26

        answer = decide(desmond, double, "rule", choice=f"has:{stranger}", reason=WHY)

        assert answer.status_code == 422
        assert mall.delivery(double.id).is_held
        assert carl.clerk_id not in answer.text

    @pytest.mark.parametrize("choice", ["", "has:", "has:clk_a", "maybe:per_x", "has_not"])
    def test_nonsense_is_refused_in_place(
        self, mall: Mall, double: SimpleNamespace, desmond: Office, choice: str
    ):
        answer = decide(desmond, double, "rule", choice=choice, reason=WHY)

        assert answer.status_code == 422
        assert mall.delivery(double.id).is_held

    @pytest.mark.parametrize("reason", ["", "  ", "ok", "x" * 501])
    def test_no_decision_without_a_reason(
        self, mall: Mall, double: SimpleNamespace, dan: Driver, desmond: Office, reason: str
    ):
        answer = decide(desmond, double, "rule", choice=f"has:{dan.person_id}", reason=reason)

        assert answer.status_code == 422
        assert "Say why in a few words" in answer.text
        assert mall.delivery(double.id).is_held

    def test_proof_is_not_talked_away(
        self, mall: Mall, double: SimpleNamespace, dan: Driver, desmond: Office
    ):
        answer = decide(desmond, double, "rule", choice=f"has_not:{dan.person_id}", reason=WHY)

        assert answer.status_code == 422
        assert mall.delivery(double.id).is_held


class TestWordWithoutProof:
    def test_word_that_is_believed_brings_the_delivery_to_her(
        self, mall: Mall, weak: SimpleNamespace, dina: Driver, desmond: Office
    ):
        assert open_kinds(mall, weak.id) == ["assignment_stays"]

        decide(desmond, weak, "rule", choice=f"has:{dina.person_id}", reason=WHY)

        assert mall.holders(weak.id) == {("driver", dina.person_id)}
        row = mall.delivery(weak.id)
        assert row.is_verification_pending
        assert mall.run(row.run_id).driver_id == dina.person_id
        assert open_kinds(mall, weak.id) == []

    def test_word_that_is_not_believed_changes_nothing(
        self, mall: Mall, weak: SimpleNamespace, dina: Driver, dan: Driver, desmond: Office
    ):
        before = mall.delivery(weak.id)

        decide(desmond, weak, "rule", choice=f"has_not:{dina.person_id}", reason=WHY)

        after = mall.delivery(weak.id)
        assert (after.status, after.run_id) == (before.status, before.run_id)
        assert mall.run(after.run_id).driver_id == dan.person_id
        assert open_kinds(mall, weak.id) == []
        assert "Dina Diaz does not have them." in desmond.get(f"deliveries/{weak.id}").text

    def test_collection_after_a_doubt_still_counts(
        self,
        mall: Mall,
        weak: SimpleNamespace,
        dina: Driver,
        dan: Driver,
        carl: Clerk,
        desmond: Office,
    ):
        decide(desmond, weak, "rule", choice=f"has_not:{dina.person_id}", reason=WHY)
        row, phone = mall.delivery(weak.id), phone_of(dan)

        (result,) = phone.results(picked_up(phone, carl.shows(dan, row.run_id), handles_of([row])))

        assert (result["outcome"], result["level"]) == ("applied", "E2")
        assert open_kinds(mall, weak.id) == []


class TestStoreAlone:
    @pytest.fixture
    def asked(self, mall: Mall, dina: Driver, carl: Clerk) -> SimpleNamespace:
        (row,) = mall.deliveries_of(claimed(dina))
        tablet_of(carl).results(released(tablet_of(carl), [os.urandom(8)], handles_of([row])))
        with mall.writing():
            ask_unconfirmed(row.id, now=clock.now())
        return SimpleNamespace(id=row.id, mall=mall)

    def test_driver_has_them(
        self, mall: Mall, asked: SimpleNamespace, dina: Driver, desmond: Office
    ):
        decide(desmond, asked, "rule", choice=f"has:{dina.person_id}", reason=WHY)

        assert mall.holders(asked.id) == {("driver", dina.person_id)}
        assert dina.state()["incidents"] == []
        assert "Nobody has stated the collection yet" in desmond.get(f"deliveries/{asked.id}").text

    def test_driver_does_not_have_them(
        self, mall: Mall, asked: SimpleNamespace, dina: Driver, desmond: Office
    ):
        decide(desmond, asked, "rule", choice=f"has_not:{dina.person_id}", reason=WHY)

        assert mall.holders(asked.id) == {("store", mall.store.store_id)}
        assert open_kinds(mall, asked.id) == []


@pytest.mark.parametrize("verb", ["rule", "close", "reopen"])
def test_managers_decide_nothing(
    mall: Mall, double: SimpleNamespace, marta: Office, dan: Driver, verb: str
):
    answer = decide(marta, double, verb, choice=f"has:{dan.person_id}", reason=WHY)

    assert answer.status_code == 404
    assert mall.delivery(double.id).is_held
    assert "Dan has the parcels" not in marta.get(f"deliveries/{double.id}").text


def test_incident_of_another_delivery_is_not_there(
    mall: Mall, double: SimpleNamespace, desmond: Office
):
    incident = the_incident(mall, double.id)
    other = mall.places(merchant_ref="other")

    answer = desmond.post(f"deliveries/{other}/incidents/{incident.id}/close", reason=WHY)

    assert answer.status_code == 404


def test_what_was_decided_twice_at_once_is_decided_once(
    mall: Mall, double: SimpleNamespace, dan: Driver, desmond: Office
):
    other = signed_in(mall, "Olga Orr", "dispatcher")
    first = decide(desmond, double, "rule", choice=f"has:{dan.person_id}", reason=WHY)
    second = decide(other, double, "close", reason=WHY)

    assert (first.status_code, second.status_code) == (303, 422)
    assert "This was decided a moment ago" in second.text
