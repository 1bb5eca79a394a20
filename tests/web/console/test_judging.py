"""A step whose times are in doubt: a dispatcher lets it count, or not."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import clock
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office
from tests.personas import Clerk, Driver
from tests.scenes import open_kinds

pytestmark = pytest.mark.both_engines

WHY = "Dan read the label out on the phone"


@pytest.fixture
def doubt(mall: Mall, dina: Driver, carl: Clerk) -> SimpleNamespace:
    """Return a collection whose two clocks were twenty minutes apart."""
    (row,) = mall.deliveries_of(claimed(dina))
    phone, text = phone_of(dina), carl.shows(dina, row.run_id)
    sent = picked_up(phone, text, handles_of([row]), at=clock.now() + timedelta(minutes=20))
    with clock.frozen(clock.now() + timedelta(hours=1)):
        (result,) = phone.results(sent)
    assert result["code"] == "needs_review"
    return SimpleNamespace(id=row.id, mall=mall, statement=result["event_id"])


def judge(office: Office, doubt: SimpleNamespace, **form: str):
    return office.post(f"deliveries/{doubt.id}/statements/{doubt.statement}", **form)


def test_counted_it_moves_the_parcels_as_it_would_have(
    mall: Mall, doubt: SimpleNamespace, dina: Driver, desmond: Office
):
    answer = judge(desmond, doubt, counts="yes", reason=WHY)

    row = mall.delivery(doubt.id)
    assert answer.status_code == 303
    assert (row.status, row.verification) == ("enroute_to_dropoff", "E2")
    assert mall.holders(doubt.id) == {("driver", dina.person_id)}
    assert open_kinds(mall, doubt.id) == {}
    page = desmond.client.get(answer.location).text
    assert "Collected by Dina Diaz" in page
    assert "let it count although its times are odd" in page


def test_not_counted_it_stays_recorded_and_can_count_later(
    mall: Mall, doubt: SimpleNamespace, desmond: Office
):
    answer = judge(desmond, doubt, counts="no", reason=WHY)
    page = desmond.client.get(answer.location).text
    before = mall.delivery(doubt.id).status
    judge(desmond, doubt, counts="yes", reason="The clerk remembers her")

    assert "it does not count" in page
    assert before == "enroute_to_pickup"
    assert mall.delivery(doubt.id).status == "enroute_to_dropoff"


def test_question_says_what_it_means(doubt: SimpleNamespace, desmond: Office):
    page = desmond.get(f"deliveries/{doubt.id}").text
    question = desmond.get(f"deliveries/{doubt.id}/statements/{doubt.statement}").text

    assert f"/console/deliveries/{doubt.id}/statements/{doubt.statement}" in page
    assert "Count it: the parcels move" in question
    assert "phone, step 1" in question


@pytest.mark.parametrize("form", [{"counts": "yes"}, {"reason": WHY}, {"counts": "x"}])
def test_half_an_answer_is_explained_in_place(
    mall: Mall, doubt: SimpleNamespace, desmond: Office, form: dict[str, str]
):
    answer = judge(desmond, doubt, **form)

    assert answer.status_code == 422
    assert "Does this step count?" in answer.text
    assert mall.delivery(doubt.id).status == "enroute_to_pickup"


def test_what_counts_stays(doubt: SimpleNamespace, desmond: Office):
    judge(desmond, doubt, counts="yes", reason=WHY)

    assert judge(desmond, doubt, counts="no", reason=WHY).status_code == 422
    path = f"deliveries/{doubt.id}/statements/{doubt.statement}"
    assert desmond.get(path).status_code == 404


def test_what_was_refused_for_another_reason_cannot_count(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
):
    (row,) = mall.deliveries_of(claimed(dina))
    phone = phone_of(dina)
    (result,) = phone.results(picked_up(phone, carl.shows(dan, row.run_id), handles_of([row])))
    refused = SimpleNamespace(id=row.id, mall=mall, statement=result["event_id"])

    assert judge(desmond, refused, counts="yes", reason=WHY).status_code == 404
