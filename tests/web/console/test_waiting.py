"""What waits for a dispatcher: on top of the day, counted in the navigation, at a fixed cost."""

import os

import pytest
from flask import Flask

from app import clock
from app.handoffs import incidents
from app.handoffs.asking import ask_unconfirmed
from app.handoffs.incidents import Found
from app.sites.models import Site
from tests import factories
from tests.conflicts import both_prove_it
from tests.devices import phone_of, released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.many_places import change
from tests.office import Office
from tests.personas import Clerk, Driver
from tests.promises.statements import counting


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall alone in its database: what waits is counted over all of them."""
    return factories.a_mall(app)


def test_incident_stands_on_top_and_is_counted(
    dina: Driver, dan: Driver, carl: Clerk, desmond: Office
):
    row = both_prove_it(dina, dan, carl)

    page = desmond.get("today").text

    assert "1 incident waits for you" in page
    assert "Ask both drivers to look, then say who has the parcels." in page
    assert "Dan Dow, Dina Diaz" in page
    assert page.index("Two drivers have proof of the same parcels") < page.index("Runs</caption>")
    assert page.count(f'href="/console/deliveries/{row.id}"') == 2
    assert "1 waits" in desmond.get("stores").text


def test_incident_of_a_test_mall_breaks_nothing(
    mall: Mall, dina: Driver, dan: Driver, carl: Clerk, desmond: Office
):
    row = both_prove_it(dina, dan, carl)
    change(mall.app, Site, id=mall.site_id, to={"is_test": True})

    assert f"/console/deliveries/{row.id}" in desmond.get("today").text


def test_manager_is_not_told_how_many_wait(dina: Driver, dan: Driver, carl: Clerk, marta: Office):
    row = both_prove_it(dina, dan, carl)

    assert "1 waits" not in marta.get("stores").text
    page = marta.get(f"deliveries/{row.id}").text
    assert "A dispatcher looks at it." in page
    assert "Ask both drivers to look" not in page


def test_dispatcher_is_not_spoken_to_as_a_driver(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    (row,) = mall.deliveries_of(claimed(dina))
    tablet = tablet_of(carl)
    tablet.results(released(tablet, [os.urandom(8)], handles_of([row])))
    with mall.writing():
        ask_unconfirmed(row.id, now=clock.now())

    page = desmond.get("today").text

    assert "The store says the driver has parcels" in page
    assert "Lumen says that the driver took 2 parcels." in page
    assert dina.state()["incidents"][0]["title"] == "The store says you have parcels"


def test_day_costs_the_same_however_much_waits(mall: Mall, dina: Driver, desmond: Office):
    def add(number: int) -> None:
        delivery_id = mall.places(merchant_ref=f"N-{number}")
        found = Found("needs_review", "check", [dina.person_id], is_waiting=True)
        with mall.writing():
            incidents.open_incident(delivery_id, found, now=clock.now())

    def cost() -> int:
        with counting(mall.app) as statements:
            assert desmond.get("today").status_code == 200
        return len(statements)

    add(0)
    first = cost()
    for number in range(1, 13):
        add(number)

    assert cost() == first


def test_delivery_costs_the_same_however_much_was_said(
    mall: Mall, dina: Driver, carl: Clerk, desmond: Office
):
    (row,) = mall.deliveries_of(claimed(dina))
    phone, tablet = phone_of(dina), tablet_of(carl)

    def say() -> None:
        tablet.results(released(tablet, [os.urandom(8)], handles_of([row])))
        phone.results(phone.state("correction", handles_of([row]), refers_to=REFERRED))

    def cost() -> int:
        with counting(mall.app) as statements:
            assert desmond.get(f"deliveries/{row.id}").status_code == 200
        return len(statements)

    say()
    first = cost()
    for _ in range(6):
        say()

    assert cost() == first


REFERRED = "0193a000-0000-7000-8000-000000000000"
