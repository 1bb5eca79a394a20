"""Today over many places: what needs a look, worst first, and how much goes on where."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.deliveries.models import Delivery
from app.runs.models import Run
from app.sites.models import Site
from app.web.console.overview import LOOKS_MAX
from tests.many_places import add_places, add_work, change, name_of, office_of
from tests.promises.crowd import Place


@pytest.fixture
def places(app: Flask) -> list[Place]:
    """Three malls without work."""
    return add_places(app, 3)


def line_of(page: str, place: Place) -> str:
    """Return the line of a place among all places."""
    start = page.index('id="places"')
    line = page[page.index(f'href="/console/today/{place.site_id}"', start) :]
    return line[: line.index("</li>")]


def titles_of(page: str) -> list[str]:
    """Return what is wrong, in the order of the list."""
    return re.findall(r'console-trouble">([^<]+)<', page)


def test_each_place_says_how_much_goes_on(app: Flask, places: list[Place]):
    add_work(app, places[:1], doors=2)
    add_work(app, places[1:2], doors=3, is_late=True)

    page = office_of(app).get("today").text

    assert "2 deliveries to bring · 1 run on offer" in line_of(page, places[0])
    assert "look" not in line_of(page, places[0])
    assert "3 deliveries need a look" in line_of(page, places[1])
    assert "1 run that nobody takes" in line_of(page, places[1])
    assert "1 place with nothing to bring" in page
    assert name_of(2) in page[page.index("<details") :]


def test_places_in_trouble_stand_before_the_others(app: Flask, places: list[Place]):
    add_work(app, places[:2])
    add_work(app, places[2:], is_late=True)

    page = office_of(app).get("today").text

    listed = page[page.index("console-places") :]
    assert listed.index(name_of(2)) < listed.index(name_of(0)) < listed.index(name_of(1))


def test_the_worst_stands_first_whosever_place_it_is(app: Flask, places: list[Place]):
    now = clock.now()
    runs = [add_work(app, [place])[0] for place in (*places, *places)]
    over = {"window_from": now - timedelta(hours=3), "window_until": now - timedelta(minutes=1)}
    promised = {"promised_until": now + timedelta(hours=1)}
    for run_id, to in zip(
        runs,
        (
            {"is_verification_pending": True},
            over | promised,
            over,
            {"status": "returned", "ended_at": now},
            {"is_held": True},
            {},
        ),
        strict=True,
    ):
        change(app, Delivery, run_id=run_id, to=to or {"parcel_count": 1})
    change(app, Run, id=runs[5], to={"raises": 1, "offered_at": now - timedelta(hours=1)})

    page = office_of(app).get("today").text

    assert titles_of(page) == [
        "Held: two drivers have proof",
        "Ask the store what happens next",
        "Later than promised",
        "No driver for 1 hour, raised",
        "Behind its plan, not yet later than promised",
        "Less proof than the store wants",
    ]
    assert f'href="/console/runs/{runs[5]}"' in page
    assert "Cleo, Chandler" in page
    assert "Nothing needs you just now." not in page


def test_what_ended_badly_is_forgotten_at_the_places_midnight(app: Flask, places: list[Place]):
    # Noon in Arizona is nine in the morning in Kiritimati: ten hours ago was yesterday there.
    noon = clock.now().replace(hour=19, minute=0)
    change(app, Site, id=places[1].site_id, to={"timezone": "Pacific/Kiritimati"})
    with clock.frozen(noon):
        runs = add_work(app, places)
        for run_id in runs[:2]:
            to = {"status": "lost", "ended_at": noon - timedelta(hours=10)}
            change(app, Delivery, run_id=run_id, to=to)

        page = office_of(app).get("today").text

    assert titles_of(page) == ["Ask the store what happens next"]
    assert "1 delivery needs a look" in line_of(page, places[0])
    assert "look" not in line_of(page, places[1])


def test_nobody_is_told_of_test_malls(app: Flask, places: list[Place]):
    add_work(app, places, is_late=True)
    change(app, Site, id=places[0].site_id, to={"is_test": True})

    page = office_of(app).get("today").text

    assert name_of(0) not in page
    assert len(titles_of(page)) == 4


def test_the_list_says_how_many_it_leaves_out(app: Flask, places: list[Place]):
    add_work(app, places[:2], doors=LOOKS_MAX // 2, is_late=True)
    add_work(app, places[2:], doors=3, is_late=True)

    page = office_of(app).get("today").text

    assert len(titles_of(page)) == LOOKS_MAX
    more = re.search(r"And (\d+) more at (\d) places", page)
    assert more is not None
    # All have been late for as long: three deliveries too many, and the run of each place.
    assert (int(more[1]), int(more[2])) == (6, 3)


def test_with_few_places_there_is_nothing_to_search(app: Flask, places: list[Place]):
    add_work(app, places)

    assert "Find a place" not in office_of(app).get("today").text


class TestFinding:
    @pytest.fixture
    def many(self, app: Flask) -> list[Place]:
        """Twenty-one malls, one of them with work that is late."""
        found = add_places(app, 21)
        add_work(app, found[:2], is_late=True)
        return found

    def test_places_are_found_by_a_part_of_their_names(self, app: Flask, many: list[Place]):
        desmond = office_of(app)

        page = desmond.get("today?name=mAlL 00").text

        assert 'value="mAlL 00"' in page
        assert line_of(page, many[3]).count("Nothing to bring") == 1
        assert "2 deliveries" not in page
        assert name_of(12) not in page
        assert not titles_of(page)
        assert "Find a place" in desmond.get("today").text

    def test_the_only_place_found_shows_its_day(self, app: Flask, many: list[Place]):
        page = office_of(app).get("today?name=020").text

        assert f'href="/console/today/{many[20].site_id}"' in page
        assert "Deliveries appear here as soon as a store enters one." in page
        assert 'id="places"' not in page

    def test_what_is_found_nowhere_is_said(self, app: Flask, many: list[Place]):
        page = office_of(app).get("today?name=<Tysons>").text

        assert len(many) == 21
        assert "No place has “&lt;Tysons&gt;” in its name." in page
        assert "Nothing needs you" not in page
