"""Runs that wait for more orders, at the console: the place's choice, and showing one now."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.domain.events import EventType
from app.jobs.handlers import HANDLERS
from app.sites import queries as sites
from app.sites import sandbox
from app.web.formats import iso
from tests.authorisation.matrix import site_fields
from tests.factories import Mall
from tests.office import Office
from tests.personas import Driver

#: Long enough for a run to wait for hours.
LATER: dict[str, Any] = {"window_until": clock.now() + timedelta(hours=6)}


def choose(desmond: Office, mall: Mall, showing: str) -> None:
    fields = site_fields() | {"point": "33.30, -111.89", "showing": showing}
    answer = desmond.post(f"sites/{mall.site_id}", **fields)
    assert answer.status_code == 303


def test_place_shows_runs_at_once_unless_it_is_told(mall: Mall, desmond: Office, dina: Driver):
    page = desmond.get(f"sites/{mall.site_id}").text
    run_id = mall.offers(LATER)

    assert '<option value="at_once" selected>' in page
    assert [each["id"] for each in dina.state()["offers"]] == [run_id]


@pytest.mark.both_engines
def test_place_that_waits_hides_runs_until_it_waits_no_more(
    mall: Mall, desmond: Office, dina: Driver
):
    choose(desmond, mall, "waits")
    run_id = mall.offers(LATER)
    assert '<option value="waits" selected>' in desmond.get(f"sites/{mall.site_id}").text
    assert dina.state()["offers"] == []

    choose(desmond, mall, "at_once")
    with mall.reading():
        HANDLERS["show_all_runs"](site_id=mall.site_id, now=clock.now())

    assert [each["id"] for each in dina.state()["offers"]] == [run_id]


def test_choice_that_is_none_is_explained_at_its_field(mall: Mall, desmond: Office):
    answer = desmond.post(f"sites/{mall.site_id}", **site_fields() | {"showing": "later"})

    assert answer.status_code == 422
    assert 'id="SiteForm-showing-error"' in answer.text


def test_run_page_says_when_drivers_see_it_and_shows_it_now(
    mall: Mall, desmond: Office, dina: Driver
):
    choose(desmond, mall, "waits")
    run_id = mall.offers(LATER)
    page = desmond.get(f"runs/{run_id}").text
    assert f'datetime="{iso(mall.run(run_id).shown_at)}"' in page
    assert "Run that waits" in page
    assert "Waits for more orders until" in desmond.day_at(mall)

    answers = [desmond.post(f"runs/{run_id}/show") for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 303]
    assert [each["id"] for each in dina.state()["offers"]] == [run_id]
    after = desmond.client.get(answers[0].location, headers={"Accept": "text/html"}).text
    assert "Drivers see this run now." in after
    assert "Show it to drivers now" not in after
    assert mall.count(run_id, EventType.RUN_OFFERED) == 1


def test_timeline_names_who_showed_it(mall: Mall, desmond: Office):
    choose(desmond, mall, "waits")
    run_id = mall.offers(LATER)
    desmond.post(f"runs/{run_id}/show")
    row = mall.only_delivery(run_id)

    page = desmond.get(f"deliveries/{row.id}").text

    assert "In a run that waits for more orders" in page
    assert "Run is on offer" in page


def test_run_that_somebody_has_cannot_be_shown(mall: Mall, desmond: Office, dina: Driver):
    run_id = mall.offers()
    assert dina.claim(run_id).status_code == 200

    answer = desmond.post(f"runs/{run_id}/show")

    assert answer.status_code == 422
    assert "Somebody has taken this run" in answer.text


def test_test_mall_of_a_merchant_never_waits(mall: Mall, desmond: Office):
    choose(desmond, mall, "waits")
    with mall.writing():
        store = sites.store(mall.store.store_id)
        assert store is not None
        twin_id = sandbox.prepare(store.merchant_id, now=clock.now())
        (twin,) = sites.stores_of_merchant(twin_id)
        site = sites.site(twin.site_id)
        assert site is not None
        assert not site.waits_for_orders
