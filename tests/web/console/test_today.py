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
    assert "/console/today" not in marta.get("").text
