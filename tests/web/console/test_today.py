from datetime import timedelta

from app import clock
from tests.factories import Mall
from tests.office import Office, signed_in


def test_dispatcher_sees_runs_and_deliveries_in_words(mall: Mall, desmond: Office):
    mall.offers({})

    page = desmond.day_at(mall)

    assert "On offer" in page
    assert "To pack" in page
    assert "Cleo, Chandler" in page
    assert "123 N Dobson" not in page


def test_trouble_comes_first(mall: Mall):
    mall.places(window_until=clock.now() + timedelta(minutes=5), merchant_ref="late")
    mall.places(window_until=clock.now() + timedelta(minutes=20), merchant_ref="fine")

    with clock.frozen(clock.now() + timedelta(minutes=10)):
        page = signed_in(mall, "Desmond Day", "dispatcher").day_at(mall)

    assert ">1 delivery needs a look" in page
    assert page.count("Later than promised") == 1
    assert page.index("late</td>") < page.index("fine</td>")


def test_the_day_is_the_dispatchers_only(marta: Office):
    assert marta.get("today").status_code == 404
    assert "/console/today" not in marta.get("stores").text


def test_console_opens_where_the_work_is(marta: Office, desmond: Office):
    assert marta.get("").location == "/console/stores"
    assert desmond.get("").location == "/console/today"


def test_places_stand_first_with_how_much_goes_on(mall: Mall):
    mall.offers({})
    mall.places(window_until=clock.now() + timedelta(minutes=5))

    with clock.frozen(clock.now() + timedelta(minutes=10)):
        page = signed_in(mall, "Desmond Day", "dispatcher").get("today").text
    line = page[page.index(f'href="#{mall.site_id}"') :]
    line = line[: line.index("</li>")]

    assert "2 deliveries to bring · 1 run on offer" in line
    assert "1 delivery needs a look" in line


def test_nothing_is_said_to_be_calm_while_a_delivery_is_late(mall: Mall):
    mall.places(window_until=clock.now() + timedelta(minutes=5))

    with clock.frozen(clock.now() + timedelta(minutes=10)):
        page = signed_in(mall, "Desmond Day", "dispatcher").get("today").text

    assert "Nothing needs you just now." not in page
