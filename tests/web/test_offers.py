"""Offers on the driver's app: how they fit, asking and waiting for the answer, and the shift."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app import clock
from app.config import Settings
from app.jobs.handlers import HANDLERS
from app.jobs.worker import run_due
from tests import databases, factories, personas
from tests.factories import Mall
from tests.personas import Driver, code_of

WINDOW_S = 1
HERE = {"lat": 33.30, "lon": -111.89, "accuracy_m": 9.0}
FAR = {"lat": 33.36, "lon": -111.95, "accuracy_m": 9.0}


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return databases.settings_for(engine_url, tmp_path, OFFER_WINDOW_S=str(WINDOW_S))


@pytest.fixture
def mall(app: Flask) -> Iterator[Mall]:
    # A window that never ends by itself, so that a slow machine changes nothing.
    with clock.frozen(clock.now()):
        yield factories.a_mall(app)


@pytest.fixture
def dina(mall: Mall) -> Driver:
    return personas.a_driver(mall, "Dina Diaz")


@pytest.fixture
def dan(mall: Mall) -> Driver:
    return personas.a_driver(mall, "Dan Dow")


def answers_come(mall: Mall) -> None:
    """Let the window go by and the job answer."""
    with clock.frozen(clock.now() + timedelta(seconds=WINDOW_S)), mall.app.app_context():
        run_due(HANDLERS)


def test_offer_says_how_it_fits(mall: Mall, dina: Driver):
    mall.offers({"parcel_count": 3})
    dina.report(33.31, -111.89)

    (offer,) = dina.state()["offers"]

    assert offer["fit"] == {
        "away_m": 1100,
        "vehicle_class": "car",
        "capacity_l": 450,
        "litres": 75,
        "shift_until": None,
        "has_block": False,
        "misfits": [],
    }
    assert offer["ranked"]["is_asked"] is False


def test_run_for_later_says_by_when_to_be_there(mall: Mall, dina: Driver):
    opens = clock.now() + timedelta(hours=3)
    mall.offers({"window_from": opens, "window_until": opens + timedelta(hours=1)})

    (offer,) = dina.state()["offers"]

    begins_at = datetime.fromisoformat(offer["begins_at"])
    assert opens - timedelta(minutes=offer["minutes"]) < begins_at < opens - timedelta(minutes=5)


def test_state_stays_the_same_while_nothing_happens(mall: Mall, dina: Driver):
    mall.offers()
    before = dina.state()["rev"]

    with clock.frozen(clock.now() + timedelta(milliseconds=900)):
        assert dina.state()["rev"] == before


def test_asked_then_answered_and_the_other_told_why(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()

    first = dan.post(f"runs/{run_id}/ask", position=FAR).get_json()
    second = dina.post(f"runs/{run_id}/ask", position=HERE).get_json()
    answers_come(mall)

    assert first["state"]["offers"][0]["ranked"]["is_asked"] is True
    assert first["result"]["answer_at"] == second["result"]["answer_at"]
    assert dina.state()["run"]["id"] == run_id
    (told,) = dan.state()["answers"]
    assert (told["run_id"], told["reason"]) == (run_id, "nearer")
    assert dina.state()["answers"] == []


def test_two_claims_in_the_window_wait_and_the_better_fit_has_it(
    mall: Mall, dina: Driver, dan: Driver
):
    run_id = mall.offers()
    dan.report(FAR["lat"], FAR["lon"])
    dina.report(HERE["lat"], HERE["lon"])
    answers: dict[str, int] = {}

    def claim(driver: Driver) -> None:
        answers[driver.person_id] = driver.claim(run_id).status_code

    threads = [threading.Thread(target=claim, args=(driver,)) for driver in (dan, dina)]
    for thread in threads:
        thread.start()
    # Both have asked before the clock goes on.
    for thread in threads:
        thread.join(WINDOW_S / 2)
    with clock.frozen(clock.now() + timedelta(seconds=WINDOW_S)):
        for thread in threads:
            thread.join()

    assert answers == {dina.person_id: 200, dan.person_id: 409}
    assert mall.run(run_id).driver_id == dina.person_id


def test_bike_reads_that_it_is_too_small_and_may_change_to_a_van(mall: Mall, dina: Driver):
    run_id = mall.offers({"parcel_count": 4})
    dina.post("shift", shift_until=None, vehicle_class="bike")

    refused = dina.post(f"runs/{run_id}/ask", position=None)

    assert code_of(refused) == "offer_too_large"
    assert dina.state()["offers"][0]["fit"]["misfits"] == ["too_large"]
    dina.post("shift", shift_until=None, vehicle_class="van")
    assert dina.post(f"runs/{run_id}/ask", position=None).status_code == 200


def test_shift_is_chosen_with_going_on_duty_and_cannot_be_over(mall: Mall, dina: Driver):
    until = (clock.now() + timedelta(hours=3)).isoformat()
    over = (clock.now() - timedelta(minutes=1)).isoformat()
    duty = {"on_duty": True, "site_id": mall.site_id, "position": HERE}

    answer = dina.post("duty", **duty, shift_until=until, vehicle_class="suv").get_json()

    me = answer["state"]["me"]
    assert (me["vehicle_class"], me["shift_until"] is not None) == ("suv", True)
    assert code_of(dina.post("duty", **duty, shift_until=over)) == "shift_past"
    assert code_of(dina.post("shift", shift_until=over, vehicle_class="car")) == "shift_past"


def test_runs_that_fit_stand_first(mall: Mall, dina: Driver):
    large = mall.offers({"parcel_count": 1, "parcel_litres": 900})
    later = clock.now() + timedelta(hours=4)
    mall.places(window_from=later, window_until=later + timedelta(hours=1))
    small = next(each for each in mall.forms_runs() if each != large)

    assert [offer["id"] for offer in dina.state()["offers"]] == [small, large]


def test_all_places_come_only_to_who_chooses_one(mall: Mall, dina: Driver):
    other = factories.a_mall(mall.app)

    def places() -> set[str]:
        return {site["id"] for site in dina.state()["sites"]}

    assert places() == {mall.site_id}
    run_id = mall.offers()
    dina.claim(run_id)
    assert places() == {mall.site_id}
    dina.post(f"runs/{run_id}/release", epoch=1, reason="other")
    dina.post("duty", on_duty=False, site_id=None)
    assert places() == {mall.site_id, other.site_id}
