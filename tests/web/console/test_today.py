"""The day of one place, and what Today shows an operator who has just one with work."""

from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.deliveries import overview
from app.deliveries.models import Delivery
from app.sites.models import Site
from tests import factories
from tests.factories import Mall
from tests.many_places import add_places, add_work, change, name_of, office_of
from tests.office import Office, signed_in


def test_dispatcher_sees_runs_and_deliveries_in_words(mall: Mall, desmond: Office):
    mall.offers({})

    page = desmond.day_at(mall)

    assert "On offer" in page
    assert "To pack" in page
    assert "Cleo, Chandler" in page
    assert "1 delivery to bring · 1 run on offer" in page
    assert "123 N Dobson" not in page


def test_trouble_comes_first(mall: Mall):
    mall.places(window_until=clock.now() + timedelta(minutes=5), merchant_ref="late")
    mall.places(window_until=clock.now() + timedelta(minutes=20), merchant_ref="fine")

    with clock.frozen(clock.now() + timedelta(minutes=10)):
        page = signed_in(mall, "Desmond Day", "dispatcher").day_at(mall)

    assert ">1 delivery needs a look" in page
    assert page.count("Later than promised") == 1
    assert page.index("late</td>") < page.index("fine</td>")


def test_what_ended_today_stays_whenever_it_was_ordered(mall: Mall, desmond: Office):
    long_ago = clock.now() - timedelta(days=3)
    for ref, ended_at in (("today", clock.now()), ("before", long_ago)):
        delivery_id = mall.places(merchant_ref=ref)
        to = {"status": "delivered", "created_at": long_ago, "ended_at": ended_at}
        change(mall.app, Delivery, id=delivery_id, to=to)

    page = desmond.day_at(mall)

    assert "today</td>" in page
    assert "before</td>" not in page
    assert "Nothing to bring" in page


def test_a_day_that_is_too_much_for_a_page_says_so_and_counts_all(
    mall: Mall, desmond: Office, monkeypatch: pytest.MonkeyPatch
):
    mall.offers({}, {}, {})
    held = mall.places(merchant_ref="held", window_until=clock.now() + timedelta(hours=9))
    change(mall.app, Delivery, id=held, to={"is_held": True})
    whole = desmond.day_at(mall)
    monkeypatch.setattr(overview, "DELIVERIES_MAX", 2)

    page = desmond.day_at(mall)

    assert "too much for one page" not in whole
    assert "Of the runs the first 1 are listed, of the deliveries the first 2:" in page
    assert "4 deliveries to bring · 1 run on offer" in page
    assert "1 delivery needs a look" in page
    assert page.count("Cleo, Chandler") == 2


def test_the_day_is_the_dispatchers_only(mall: Mall, marta: Office):
    assert marta.get("today").status_code == 404
    assert marta.get(f"today/{mall.site_id}").status_code == 404
    assert "/console/today" not in marta.get("stores").text


def test_unknown_places_and_test_malls_have_no_day(app: Flask):
    (place,) = add_places(app, 1)
    desmond = office_of(app)
    change(app, Site, id=place.site_id, to={"is_test": True})

    assert desmond.get(f"today/{place.site_id}").status_code == 404
    assert desmond.get("today/sit_aaaaaaaaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_console_opens_where_the_work_is(marta: Office, desmond: Office):
    assert marta.get("").location == "/console/stores"
    assert desmond.get("").location == "/console/today"


@pytest.fixture
def only(app: Flask) -> Mall:
    """A mall alone in its database: the page is about all of them."""
    return factories.a_mall(app)


def test_an_operator_with_one_place_reads_its_day_at_once(only: Mall):
    desmond = signed_in(only, "Desmond Day", "dispatcher")

    empty = desmond.get("today").text
    only.offers({})
    page = desmond.get("today").text

    assert "Deliveries appear here as soon as a store enters one." in empty
    assert "Cleo, Chandler" in page
    assert "1 delivery to bring · 1 run on offer" in page
    assert "nothing to bring" not in page
    assert "Find a place" not in page


def test_the_one_place_with_work_is_shown_itself_and_the_others_folded(app: Flask):
    places = add_places(app, 3)
    add_work(app, places[1:2], is_late=True)

    page = office_of(app).get("today").text

    assert "Runs</caption>" in page
    assert page.count("Later than promised") == 1
    assert page.count("No driver for 2 hours, raised") == 1
    assert "2 places with nothing to bring" in page
    folded = page[page.index("<details") : page.index("</details>")]
    assert name_of(0) in folded
    assert name_of(1) not in folded


def test_nothing_needs_anybody_until_a_delivery_is_late(only: Mall):
    only.places(window_until=clock.now() + timedelta(minutes=5))
    before = signed_in(only, "Desmond Day", "dispatcher").get("today").text

    with clock.frozen(clock.now() + timedelta(minutes=10)):
        after = signed_in(only, "Dora Day", "dispatcher").get("today").text

    assert "Nothing needs you just now." in before
    assert "Nothing needs you just now." not in after
