"""Drivers and their phones at the console."""

from zoneinfo import ZoneInfo

import pytest

from app.accounts import queries as accounts
from app.sites.models import Site
from tests import factories, personas
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.many_places import change
from tests.office import Office
from tests.personas import Clerk, Driver
from tests.promises.statements import counting
from tests.web.console.decisions import open_kinds

pytestmark = pytest.mark.both_engines

WHY = "Stolen from the car"


def end_phone(office: Office, driver: Driver, reason: str = WHY):
    return office.post(f"drivers/{driver.person_id}/phone", reason=reason)


def test_list_says_who_is_on_duty_with_which_run_and_phone(
    mall: Mall, dina: Driver, dan: Driver, desmond: Office
):
    run_id = claimed(dina)

    page = desmond.get("drivers").text

    assert f'href="/console/runs/{run_id}"' in page
    assert f'href="/console/drivers/{dan.person_id}/phone"' in page
    assert "/console/drivers" in desmond.get("today").text
    assert mall.site_id not in page


def test_times_are_those_of_the_drivers_place(mall: Mall, dina: Driver, desmond: Office):
    change(mall.app, Site, id=mall.site_id, to={"timezone": "Pacific/Kiritimati"})
    with mall.reading():
        phone = accounts.active_phone(dina.person_id)
        assert phone is not None
        there = phone.created_at.astimezone(ZoneInfo("Pacific/Kiritimati"))

    page = desmond.get("drivers").text
    row = page[page.index("<tbody>") : page.index(f"/console/drivers/{dina.person_id}/phone")]

    assert f"since {there:%-I:%M}" in row[row.rindex("<tr>") :]


def test_list_costs_the_same_with_more_drivers(mall: Mall, dina: Driver, desmond: Office):
    with counting(mall.app) as first:
        desmond.get("drivers")
    claimed(dina)
    with counting(mall.app) as second:
        desmond.get("drivers")

    assert len(first) == len(second)


def test_ended_phone_is_signed_out_and_the_runs_deliveries_tell_of_it(
    mall: Mall, dina: Driver, desmond: Office
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)

    answer = end_phone(desmond, dina)

    assert answer.status_code == 303
    assert dina.client.get("/driver/api/state").status_code == 401
    with mall.reading():
        assert accounts.active_phone(dina.person_id) is None
    assert "phone.retired" in mall.events(row.id)
    page = desmond.get(f"deliveries/{row.id}").text
    assert WHY in page


def test_steps_left_on_it_arrive_and_wait_for_a_person(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    run_id = claimed(dina)
    row = mall.only_delivery(run_id)
    phone = phone_of(dina)
    kept = picked_up(phone, carl.shows(dina, run_id), handles_of([row]))
    end_phone(desmond, dina)
    _sign_in_again(mall, dina)

    (result,) = phone.results(kept)

    assert (result["outcome"], result["code"]) == ("recorded", "needs_review")
    assert open_kinds(mall, row.id) == ["needs_review"]
    page = desmond.get(f"deliveries/{row.id}").text
    assert "The device was retired before this arrived." in page
    desmond.post(f"deliveries/{row.id}/statements/{result['event_id']}", counts="yes", reason=WHY)
    assert mall.holders(row.id) == {("driver", dina.person_id)}


def _sign_in_again(mall: Mall, driver: Driver) -> None:
    with mall.writing():
        new = factories.a_session("driver", person_id=driver.person_id)
    personas.show_cookie(driver.client, "driver", new.token)


def test_it_asks_first_and_says_what_becomes_of_unsent_steps(dina: Driver, desmond: Office):
    question = desmond.get(f"drivers/{dina.person_id}/phone").text
    answer = end_phone(desmond, dina, "")

    assert "End the phone of Dina Diaz?" in question
    assert "Steps that are still on it can arrive later." in question
    assert answer.status_code == 422
    assert dina.client.get("/driver/api/state").status_code == 200


def test_phone_that_is_gone_is_not_ended_twice(dina: Driver, desmond: Office):
    end_phone(desmond, dina)

    answer = end_phone(desmond, dina)

    assert answer.status_code == 422
    assert "has no phone in use" in answer.text


def test_managers_see_no_drivers(dina: Driver, marta: Office):
    assert marta.get("drivers").status_code == 404
    assert end_phone(marta, dina).status_code == 404
    assert dina.client.get("/driver/api/state").status_code == 200
