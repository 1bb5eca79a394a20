"""The list of stores: whole for few places, the places themselves for many."""

import pytest
from flask import Flask

from app import clock
from app.accounts.clerks import WRONG_CODES_MAX
from app.persistence.transaction import transaction
from app.sites.models import Desk, Site
from tests import factories
from tests.many_places import add_places, change, name_of, office_of
from tests.promises.crowd import Place
from tests.promises.statements import counting


def lock(app: Flask, place: Place) -> None:
    change(app, Desk, id=place.desk_id, to={"wrong_codes": WRONG_CODES_MAX})


def line_of(page: str, place: Place) -> str:
    start = page.index(f'href="/console/sites/{place.site_id}"')
    return page[start : page.index("</li>", start)]


def test_few_places_are_listed_with_their_stores_locked_ones_first(app: Flask):
    places = add_places(app, 2)
    with app.app_context(), transaction():
        factories.a_counter(places[1].site_id, "Another")
    lock(app, places[1])

    page = office_of(app).get("stores").text

    assert page.index(name_of(0)) < page.index("Store 000") < page.index(name_of(1))
    assert page.index("Store 001") < page.index("Another")
    assert page.count("Desk is locked") == 1
    assert "Find a place" not in page


def test_a_manager_reads_the_stores_that_are_managed_and_no_place(app: Flask):
    places = add_places(app, 21)

    by_store = office_of(app, "manager", places[3].store_id).get("stores").text
    by_site = office_of(app, "manager", places[4].site_id).get("stores?name=Mall 007").text
    by_merchant = office_of(app, "manager", places[5].merchant_id).get("stores").text

    assert ("Store 003" in by_store, "Store 004" in by_store) == (True, False)
    assert ("Store 004" in by_site, "Store 005" in by_site) == (True, False)
    assert ("Store 005" in by_merchant, "Store 006" in by_merchant) == (True, False)
    assert "Find a place" not in by_site


class TestMany:
    @pytest.fixture
    def places(self, app: Flask) -> list[Place]:
        """Twenty-one malls; a desk is locked at one."""
        found = add_places(app, 21)
        lock(app, found[7])
        return found

    def test_places_are_listed_with_what_they_count(self, app: Flask, places: list[Place]):
        with app.app_context(), transaction():
            factories.a_counter(places[2].site_id, "Another")
        change(app, Desk, id=places[9].desk_id, to={"store_id": places[7].store_id})
        lock(app, places[9])

        page = office_of(app).get("stores").text

        assert ">2 stores" in line_of(page, places[2])
        assert ">1 store<" in line_of(page, places[3])
        assert "2 desks are locked" in line_of(page, places[7])
        assert page.index(name_of(7)) < page.index(name_of(0)) < page.index(name_of(20))
        assert "Store 000" not in page

    def test_a_desk_that_was_removed_counts_no_longer(self, app: Flask, places: list[Place]):
        change(app, Desk, id=places[7].desk_id, to={"removed_at": clock.now()})

        assert "locked" not in office_of(app).get("stores").text

    def test_those_found_are_listed_with_their_stores(self, app: Flask, places: list[Place]):
        desmond = office_of(app)

        page = desmond.get("stores?name=mall 01").text

        assert "Store 010" in page
        assert "Store 002" not in page
        assert f'href="/console/sites/{places[10].site_id}"' in page
        assert "No place has “x”" in desmond.get("stores?name=x").text

    def test_the_place_itself_says_which_desk_is_locked(self, app: Flask, places: list[Place]):
        page = office_of(app).get(f"sites/{places[7].site_id}").text

        assert "Store 007" in page
        assert "Desk is locked" in page

    def test_it_costs_the_same_with_more_places(self, app: Flask, places: list[Place]):
        desmond = office_of(app)

        def cost(path: str) -> int:
            with counting(app) as found:
                assert desmond.get(path).status_code == 200
            return len(found)

        few = [cost("stores"), cost("stores?name=mall 00"), cost("drivers")]
        add_places(app, 30, first=21)

        assert len(places) == 21
        assert [cost("stores"), cost("stores?name=mall 00"), cost("drivers")] == few

    def test_test_malls_are_not_among_them(self, app: Flask, places: list[Place]):
        change(app, Site, id=places[0].site_id, to={"is_test": True})
        change(app, Site, id=places[1].site_id, to={"name": "Tysons"})

        page = office_of(app).get("stores").text

        assert "Tysons" in page
        assert name_of(0) not in page
