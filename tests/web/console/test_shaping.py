"""Why orders are together, and putting runs together by hand, at the console."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import office
from tests.factories import Mall
from tests.office import Office
from tests.personas import Driver


@pytest.fixture
def desmond(mall: Mall) -> Office:
    return office.signed_in(mall, "Desmond Day", "dispatcher")


def test_run_page_says_why_with_figures(mall: Mall, desmond: Office):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})

    page = desmond.get(f"runs/{run_id}").text

    assert "Why these orders are together" in page
    assert "same counter as 1 other" in page
    assert len(re.findall(r"\+\d+ min, \+\d+\.\d mi, \+\$\d+\.\d\d", page)) == 2
    assert "nobody late" in page


def test_delivery_page_says_it_of_its_order(mall: Mall, desmond: Office):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})
    row, _other = mall.deliveries_of(run_id)

    page = desmond.get(f"deliveries/{row.id}").text

    assert "same counter as 1 other" in page
    assert f"/console/runs/{run_id}#shape" in page


def test_only_order_has_no_reason_but_itself(mall: Mall, desmond: Office):
    page = desmond.get(f"runs/{mall.offers()}").text

    assert "It is the only order of this run." in page
    assert "/split" not in page


def test_cost_is_shown_before_a_split_and_the_way_back_after_it(mall: Mall, desmond: Office):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})
    row, _other = mall.deliveries_of(run_id)
    path = f"runs/{run_id}/split"

    choose = desmond.get(path).text
    question = desmond.get(f"{path}?delivery={row.id}").text
    done = desmond.post(f"{path}?delivery={row.id}", reason="Too tight")

    assert row.id in choose
    assert re.search(r"It costs \+\d+ min, \+\d+\.\d mi, \+\$\d+\.\d\d", question)
    assert done.status_code == 303
    after = desmond.client.get(done.location, headers={"Accept": "text/html"}).text
    assert "Split. Both runs are pinned." in after
    assert f"/console/runs/{run_id}/merge?other=" in after


def test_merge_offers_the_other_runs_and_its_undo(mall: Mall, desmond: Office):
    first, second = mall.offers_two()

    choose = desmond.get(f"runs/{first}/merge").text
    done = desmond.post(f"runs/{first}/merge?other={second}", reason="One driver today")

    assert second in choose
    (moved,) = parse_qs(urlsplit(done.location).query)["delivery"]
    after = desmond.client.get(done.location, headers={"Accept": "text/html"}).text
    assert f"/console/runs/{first}/split?delivery={moved}" in after
    assert mall.delivery(moved).run_id == first


def test_pinned_run_says_so_and_can_be_unpinned(mall: Mall, desmond: Office):
    run_id = mall.offers()

    assert desmond.post(f"runs/{run_id}/pin", reason="Fragile").status_code == 303
    page = desmond.get(f"runs/{run_id}").text
    assert "This run is pinned" in page
    assert desmond.post(f"runs/{run_id}/unpin", reason="Fine now").status_code == 303
    assert mall.run(run_id).pinned_at is None


def test_reason_is_asked_and_a_claim_in_between_is_explained(
    mall: Mall, desmond: Office, dina: Driver
):
    run_id = mall.offers({}, {"merchant_ref": "A-2"})
    row, _other = mall.deliveries_of(run_id)
    path = f"runs/{run_id}/split?delivery={row.id}"

    unreasoned = desmond.post(path, reason="")
    assert dina.claim(run_id).status_code == 200
    late = desmond.post(path, reason="Too tight")

    assert unreasoned.status_code == 422
    assert "Say why in a few words" in unreasoned.text
    assert late.status_code == 422
    assert "Somebody has taken this run" in late.text
    assert len(mall.deliveries_of(run_id)) == 2


def test_no_other_run_says_so(mall: Mall, desmond: Office):
    page = desmond.get(f"runs/{mall.offers()}/merge").text

    assert "There is no other run on offer here." in page
