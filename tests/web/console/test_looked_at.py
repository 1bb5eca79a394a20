"""Incidents that a dispatcher looks at, and statements of doubtful times."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import clock
from app.handoffs import incidents
from app.handoffs.incidents import Found
from tests.conflicts import both_prove_it
from tests.devices import phone_of, picked_up, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office
from tests.personas import Clerk, Driver
from tests.web.console.decisions import WHY, decide, open_kinds

pytestmark = pytest.mark.both_engines


@pytest.fixture
def double(mall: Mall, dina: Driver, dan: Driver, carl: Clerk) -> SimpleNamespace:
    """Dina and Dan both have proof of one delivery."""
    return SimpleNamespace(id=both_prove_it(dina, dan, carl).id, mall=mall)


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

        assert 'href="#not-counted"' in page
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
