"""What a dispatcher decides, and what comes of it."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import clock
from app.domain.custody import FindingKind
from app.handoffs import incidents
from app.handoffs.asking import ask_unconfirmed
from app.handoffs.incidents import Found
from tests.conflicts import both_prove_it, one_only_says_it
from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

WHY = "Dan read the label out on the phone"


def open_kinds(mall: Mall, delivery_id: str) -> list[str]:
    with mall.reading():
        return [row.kind for row in incidents.open_incidents([delivery_id])]


def the_incident(mall: Mall, delivery_id: str) -> SimpleNamespace:
    with mall.reading():
        (row,) = incidents.incidents_of(delivery_id)
        return SimpleNamespace(id=row.id, decision=row.decision, decided_by=row.decided_by)


def decide(office: Office, row: SimpleNamespace, verb: str, **form: str):
    """Answer the one incident of a delivery."""
    incident = the_incident(row.mall, row.id)
    return office.post(f"deliveries/{row.id}/incidents/{incident.id}/{verb}", **form)


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


class TestLookedAt:
    @pytest.fixture
    def forked(self, mall: Mall, dina: Driver) -> SimpleNamespace:
        (row,) = mall.deliveries_of(claimed(dina))
        found = Found("device_fork", "check", [dina.person_id], is_waiting=True)
        with mall.writing():
            incidents.open_incident(row.id, found, now=clock.now())
        return SimpleNamespace(id=row.id, mall=mall)

    def test_it_is_closed_with_a_note_and_opened_again(
        self, mall: Mall, forked: SimpleNamespace, desmond: Office
    ):
        answer = decide(desmond, forked, "close", reason="Restored from a backup")
        page = desmond.client.get(answer.location).text
        closed = open_kinds(mall, forked.id)
        decide(desmond, forked, "reopen")

        assert closed == []
        assert "Looked at and closed. (Desmond Day, office" in page
        assert "Restored from a backup" in page
        assert open_kinds(mall, forked.id) == ["device_fork"]
        assert mall.events(forked.id)[-2:] == ["incident.closed", "incident.reopened"]

    def test_closing_twice_is_refused(self, forked: SimpleNamespace, desmond: Office):
        decide(desmond, forked, "close", reason="Looked at")

        answer = decide(desmond, forked, "close", reason="Looked at")

        assert answer.status_code == 422
        assert decide(desmond, forked, "reopen").status_code == 303
        assert decide(desmond, forked, "reopen").status_code == 409

    def test_where_somebody_must_decide_looking_is_not_enough(
        self, mall: Mall, double: SimpleNamespace, desmond: Office
    ):
        assert decide(desmond, double, "close", reason="Looked at").status_code == 422
        assert mall.delivery(double.id).is_held

    def test_what_a_rule_found_stays_closed_for_the_same_drivers(
        self, mall: Mall, dina: Driver, carl: Clerk, desmond: Office
    ):
        (row,) = mall.deliveries_of(claimed(dina))
        phone, tablet = phone_of(dina), tablet_of(carl)
        phone.results(picked_up(phone, carl.shows(dina, row.run_id), handles_of([row])))
        tablet.results(released(tablet, [os.urandom(8)], {row.handle: 1}))
        where = SimpleNamespace(id=row.id, mall=mall)
        assert open_kinds(mall, row.id) == ["count_mismatch"]

        decide(desmond, where, "close", reason="One box in the other")
        tablet.results(released(tablet, [os.urandom(8)], {row.handle: 1}))

        assert open_kinds(mall, row.id) == []


class TestDoubtfulTimes:
    @pytest.fixture
    def doubt(self, mall: Mall, dina: Driver, carl: Clerk) -> SimpleNamespace:
        """Return a collection whose two clocks were twenty minutes apart."""
        (row,) = mall.deliveries_of(claimed(dina))
        phone, text = phone_of(dina), carl.shows(dina, row.run_id)
        sent = picked_up(phone, text, handles_of([row]), at=clock.now() + timedelta(minutes=20))
        with clock.frozen(clock.now() + timedelta(hours=1)):
            (result,) = phone.results(sent)
        assert result["code"] == "needs_review"
        return SimpleNamespace(id=row.id, mall=mall, statement=result["event_id"])

    def judge(self, office: Office, doubt: SimpleNamespace, **form: str):
        return office.post(f"deliveries/{doubt.id}/statements/{doubt.statement}", **form)

    def test_counted_it_moves_the_parcels_as_it_would_have(
        self, mall: Mall, doubt: SimpleNamespace, dina: Driver, desmond: Office
    ):
        answer = self.judge(desmond, doubt, counts="yes", reason=WHY)

        row = mall.delivery(doubt.id)
        assert answer.status_code == 303
        assert (row.status, row.verification) == ("enroute_to_dropoff", "E2")
        assert mall.holders(doubt.id) == {("driver", dina.person_id)}
        assert open_kinds(mall, doubt.id) == []
        page = desmond.client.get(answer.location).text
        assert "Collected by Dina Diaz" in page
        assert "let it count although its times are odd" in page

    def test_not_counted_it_stays_recorded_and_can_count_later(
        self, mall: Mall, doubt: SimpleNamespace, desmond: Office
    ):
        answer = self.judge(desmond, doubt, counts="no", reason=WHY)
        page = desmond.client.get(answer.location).text
        before = mall.delivery(doubt.id).status
        self.judge(desmond, doubt, counts="yes", reason="The clerk remembers her")

        assert "it does not count" in page
        assert before == "enroute_to_pickup"
        assert mall.delivery(doubt.id).status == "enroute_to_dropoff"

    def test_question_says_what_it_means(self, doubt: SimpleNamespace, desmond: Office):
        page = desmond.get(f"deliveries/{doubt.id}").text
        question = desmond.get(f"deliveries/{doubt.id}/statements/{doubt.statement}").text

        assert f"/console/deliveries/{doubt.id}/statements/{doubt.statement}" in page
        assert "Count it: the parcels move" in question
        assert "phone, step 1" in question

    @pytest.mark.parametrize("form", [{"counts": "yes"}, {"reason": WHY}, {"counts": "x"}])
    def test_half_an_answer_is_explained_in_place(
        self, mall: Mall, doubt: SimpleNamespace, desmond: Office, form: dict[str, str]
    ):
        answer = self.judge(desmond, doubt, **form)

        assert answer.status_code == 422
        assert "Does this step count?" in answer.text
        assert mall.delivery(doubt.id).status == "enroute_to_pickup"

    def test_what_counts_stays(self, doubt: SimpleNamespace, desmond: Office):
        self.judge(desmond, doubt, counts="yes", reason=WHY)

        assert self.judge(desmond, doubt, counts="no", reason=WHY).status_code == 422
        path = f"deliveries/{doubt.id}/statements/{doubt.statement}"
        assert desmond.get(path).status_code == 404

    def test_what_was_refused_for_another_reason_cannot_count(
        self, mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
    ):
        (row,) = mall.deliveries_of(claimed(dina))
        phone = phone_of(dina)
        (result,) = phone.results(picked_up(phone, carl.shows(dan, row.run_id), handles_of([row])))
        refused = SimpleNamespace(id=row.id, mall=mall, statement=result["event_id"])

        assert self.judge(desmond, refused, counts="yes", reason=WHY).status_code == 404


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
