"""Whom to call: a place's dispatcher has a number, and who works with the place reads it."""

import pytest

from app import clock
from app.sites import queries as sites
from app.sites import sandbox
from tests import factories, merchants, office, personas
from tests.authorisation.matrix import site_fields
from tests.factories import Mall
from tests.journeys import at_door, claimed, collected
from tests.office import Office
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

NUMBER = "+1 (480) 555-0160"
#: By which it is found in any text, however it is written there.
DIGITS = "555-0160"


@pytest.fixture
def desmond(mall: Mall) -> Office:
    return office.signed_in(mall, "Desmond Day", "dispatcher")


def types(desmond: Office, mall: Mall, number: str) -> int:
    """Type a number at the mall's page, where everything else stays; return the answer's status."""
    fields = site_fields() | {"point": "33.30, -111.89", "dispatcher_phone": number}
    return desmond.post(f"sites/{mall.site_id}", **fields).status_code


def kept(mall: Mall) -> str | None:
    with mall.reading():
        site = sites.site(mall.site_id)
        assert site is not None
        return site.dispatcher_phone


def test_number_stays_as_it_was_typed_until_it_is_emptied(mall: Mall, desmond: Office):
    assert types(desmond, mall, f"  {NUMBER} ") == 303
    assert kept(mall) == NUMBER
    assert f'value="{NUMBER}"' in desmond.get(f"sites/{mall.site_id}").text

    assert types(desmond, mall, " ") == 303
    assert kept(mall) is None


def test_no_number_is_explained_and_changes_nothing(mall: Mall, desmond: Office):
    types(desmond, mall, NUMBER)

    fields = site_fields() | {"point": "33.30, -111.89", "dispatcher_phone": "call Desmond"}
    answer = desmond.post(f"sites/{mall.site_id}", **fields)

    assert answer.status_code == 422
    assert "Enter a phone number, for example +1 480 555 0101, or nothing" in answer.text
    assert 'value="call Desmond"' in answer.text
    assert kept(mall) == NUMBER


def test_driver_has_the_number_of_duty_and_of_the_run(mall: Mall, dina: Driver, desmond: Office):
    assert dina.state()["dispatcher_phone"] is None

    types(desmond, mall, NUMBER)
    assert dina.state()["dispatcher_phone"] == NUMBER

    claimed(dina)
    assert dina.state()["dispatcher_phone"] == NUMBER


def test_driver_off_duty_who_drove_nowhere_has_no_number_of_several(
    mall: Mall, dina: Driver, desmond: Office
):
    factories.a_mall(mall.app)
    types(desmond, mall, NUMBER)
    assert dina.post("duty", on_duty=False, site_id=None).status_code == 200

    answer = dina.client.get("/driver/api/state").text

    assert DIGITS not in answer


def test_driver_off_duty_has_the_number_of_the_last_run(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    elsewhere = factories.a_mall(mall.app)
    types(desmond, elsewhere, "480 555 0161")
    types(desmond, mall, NUMBER)
    assert dina.deliver(at_door(dina, carl, proof="none")).status_code == 200
    assert dina.post("duty", on_duty=False, site_id=None).status_code == 200

    assert dina.state()["dispatcher_phone"] == NUMBER


def test_driver_who_may_work_at_one_place_has_its_number_off_duty(mall: Mall, desmond: Office):
    types(desmond, mall, "480 555 0161")
    hub = factories.a_mall(mall.app, kind="hub")
    with hub.writing():
        site = sites.site(hub.site_id)
        assert site is not None
        site.dispatcher_phone = NUMBER
    driver = personas.a_driver(hub, "Della Dow", is_hubs_own=True)
    assert driver.post("duty", on_duty=False, site_id=None).status_code == 200

    assert driver.state()["dispatcher_phone"] == NUMBER


def test_driver_at_another_place_has_the_number_of_that(mall: Mall, desmond: Office):
    elsewhere = factories.a_mall(mall.app)
    types(desmond, mall, NUMBER)
    types(desmond, elsewhere, "480 555 0161")

    driver = personas.a_driver(elsewhere, "Della Dow")

    assert driver.state()["dispatcher_phone"] == "480 555 0161"


def test_tablets_of_the_place_have_the_number(
    mall: Mall, carl: Clerk, mallory: Clerk, desmond: Office
):
    assert carl.state()["store"]["dispatcher_phone"] is None

    types(desmond, mall, NUMBER)

    assert [who.state()["store"]["dispatcher_phone"] for who in (carl, mallory)] == [NUMBER] * 2


def test_test_mall_has_no_dispatcher(mall: Mall, desmond: Office):
    types(desmond, mall, NUMBER)

    with mall.writing():
        (twin,) = sites.stores_of_merchant(sandbox.prepare(mall.store.merchant_id, now=clock.now()))
        site = sites.site(twin.site_id)
        assert site is not None
        assert site.dispatcher_phone is None


def test_customers_merchants_and_managers_do_not_read_it(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    types(desmond, mall, NUMBER)
    run_id = collected(dina, carl)
    row = mall.only_delivery(run_id)
    customer, link = mall.app.test_client(), mall.link(row.id)
    mia = merchants.signed_in(mall, mall.store)
    shop = merchants.a_key(mall, mall.store)
    marta = office.signed_in(mall, "Marta Mann", "manager", mall.store.store_id)

    answers = [
        customer.get(link),
        customer.get(f"{link}/state"),
        mia.get(""),
        mia.get(f"deliveries/{row.id}"),
        shop.get("stores"),
        shop.get(f"deliveries/{row.id}"),
        marta.get(f"stores/{mall.store.store_id}"),
        marta.get(f"deliveries/{row.id}"),
    ]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert not [answer for answer in answers if DIGITS in answer.text]
    assert marta.get(f"sites/{mall.site_id}").status_code == 404
