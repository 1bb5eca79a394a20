"""Addresses that a clerk may mean, and what is known around a point."""

import pytest

from tests.factories import Mall
from tests.personas import Clerk, code_of

pytestmark = pytest.mark.both_engines

PLACES = "/desk/api/places"


def knows(mall: Mall, *streets: str, city: str = "Chandler", lat: float = 33.30) -> None:
    """Make streets known, each a hundredth of a degree east of the one before."""
    for number, street in enumerate(streets):
        mall.knows(street, city=city, lat=lat, lon=-111.90 + number / 100)


def test_places_are_found_as_they_are_typed(mall: Mall, carl: Clerk):
    knows(mall, "123 N Dobson Rd", "9 W Dóbson Ave", "7 Elm St")

    found = carl.client.get(f"{PLACES}?q=dob").get_json()

    assert sorted(place["street"] for place in found) == ["123 N Dobson Rd", "9 W Dóbson Ave"]
    assert carl.client.get(f"{PLACES}?q=%20%F0%9F%8E%81").get_json() == []


def test_places_are_found_by_words_written_out(mall: Mall, carl: Clerk):
    knows(mall, "123 N Dobson Rd", "9 West Ray Road")

    for typed in ("123 North Dobson Road", "9 w ray rd"):
        (found,) = carl.client.get(PLACES, query_string={"q": typed}).get_json()
        assert found["near"] == []


def test_number_between_two_known_ones_is_guessed_and_says_so(mall: Mall, carl: Clerk):
    knows(mall, "4000 E Ray Rd", "5000 E Ray Rd")

    (found,) = carl.client.get(PLACES, query_string={"q": "4250 East Ray"}).get_json()

    assert (found["street"], found["city"]) == ("4250 E Ray Rd", "Chandler")
    assert (found["lat"], found["lon"]) == pytest.approx((33.30, -111.8975))
    assert found["near"] == ["4000 E Ray Rd", "5000 E Ray Rd"]


def test_streets_of_one_name_in_two_cities_are_two_guesses(mall: Mall, carl: Clerk):
    knows(mall, "100 Main St", "900 Main St")
    knows(mall, "150 Main St", city="Mesa", lat=33.40)

    found = carl.client.get(PLACES, query_string={"q": "500 main st"}).get_json()

    guesses = {place["city"]: place["near"] for place in found}
    assert guesses == {"Chandler": ["100 Main St", "900 Main St"], "Mesa": ["150 Main St"]}


@pytest.mark.parametrize("typed", ["9000 E Ray Rd", "250 Oak St", "250 E", "Ray Rd West", "250"])
def test_nothing_is_guessed_without_a_known_neighbour(mall: Mall, carl: Clerk, typed: str):
    knows(mall, "4000 E Ray Rd")

    assert carl.client.get(PLACES, query_string={"q": typed}).get_json() == []


def test_known_places_around_a_point_come_nearest_first(mall: Mall, carl: Clerk):
    knows(mall, *(f"{number} Elm St" for number in range(100, 130)))

    found = carl.client.get(f"{PLACES}/around?lat=33.3&lon=-111.871").get_json()

    assert [place["street"] for place in found[:3]] == ["103 Elm St", "102 Elm St", "104 Elm St"]
    assert len(found) == 24


@pytest.mark.parametrize("query", ["", "lat=33", "lat=x&lon=1", "lat=nan&lon=1", "lat=91&lon=1"])
def test_around_nowhere_is_no_request(carl: Clerk, query: str):
    assert code_of(carl.client.get(f"{PLACES}/around?{query}")) == "bad_request"
