"""Which facts of a delivery reach whom, and from when: every screen of theirs is read."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests import databases, office
from tests.factories import Mall
from tests.journeys import at_door, claimed, collected
from tests.personas import Clerk, Driver
from tests.places import ELM

pytestmark = pytest.mark.both_engines

STREET, UNIT, PHONE, LAST_NAME, NOTE = "123 N Dobson", "Apt 4", "555 0101", "Cruz", "Gate code"


@pytest.fixture(scope="module")
def shared_apps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """This file's own: a dispatcher's day shows every mall, and is read again after every step."""
    with databases.shared_apps(request.getfixturevalue, tmp_path_factory) as on_engine:
        yield on_engine


def drivers_view(driver: Driver) -> str:
    """Return all that a driver's app can read, as text."""
    paths = ("state", "earnings", "earnings.csv", "bring")
    return "".join(driver.client.get(f"/driver/api/{path}").text for path in paths)


def desks_view(clerk: Clerk) -> str:
    return clerk.client.get("/desk/api/state").text


class TestDriver:
    def test_offer_says_the_area_and_nothing_of_the_person(self, mall: Mall, dina: Driver):
        mall.offers()

        view = drivers_view(dina)

        assert "85224" in view
        hidden = (STREET, UNIT, PHONE, LAST_NAME, "Cleo", NOTE, "33.318", "A-1")
        assert not [fact for fact in hidden if fact in view]

    def test_claim_adds_street_and_first_name(self, dina: Driver):
        claimed(dina)

        view = drivers_view(dina)

        assert STREET in view
        assert "Cleo" in view
        assert not [fact for fact in (UNIT, PHONE, LAST_NAME, NOTE) if fact in view]

    def test_collection_adds_unit_and_instructions(self, dina: Driver, carl: Clerk):
        collected(dina, carl)

        view = drivers_view(dina)

        assert not [fact for fact in (STREET, UNIT, NOTE) if fact not in view]
        assert not [fact for fact in (PHONE, LAST_NAME) if fact in view]

    def test_release_takes_everything_back(self, dina: Driver):
        run_id = claimed(dina)

        dina.post(f"runs/{run_id}/release", reason="mistake", note="")

        assert not [fact for fact in (STREET, "Cleo") if fact in drivers_view(dina)]

    def test_finished_stop_of_a_run_keeps_no_address(self, dina: Driver, carl: Clerk):
        collected(dina, carl, {}, {"merchant_ref": "A-2", "lat": 33.33, "street": "9 Elm St"})
        first, second = dina.stops("dropoff")

        dina.deliver(first)

        view = drivers_view(dina)
        assert first["delivery"]["street"] not in view
        assert second["delivery"]["street"] in view

    def test_finished_run_keeps_no_person(self, dina: Driver, carl: Clerk):
        dina.deliver(at_door(dina, carl))

        view = drivers_view(dina)

        assert not [fact for fact in (STREET, UNIT, "Cleo", NOTE, "33.318") if fact in view]

    def test_delivery_that_was_not_handed_over_keeps_the_address_to_nobody(
        self, dina: Driver, carl: Clerk
    ):
        dina.fail(at_door(dina, carl))
        dina.give_back(dina.stops("return")[0])

        assert STREET not in drivers_view(dina)

    def test_others_claims_and_earnings_are_none_of_hers(
        self, mall: Mall, dina: Driver, dan: Driver, carl: Clerk
    ):
        run_id = claimed(dan)
        delivery_id = mall.deliveries_of(run_id)[0].id
        dan.collect(carl.shows(dan, run_id))

        view = drivers_view(dina)

        assert not [fact for fact in (run_id, delivery_id, dan.person_id, "Dan") if fact in view]


class TestClerk:
    def test_board_says_first_name_and_area(self, mall: Mall, carl: Clerk):
        mall.places()

        view = desks_view(carl)

        assert "Cleo" in view
        hidden = (STREET, UNIT, PHONE, LAST_NAME, NOTE, "33.318")
        assert not [fact for fact in hidden if fact in view]

    def test_driver_is_a_first_name_after_the_claim(self, mall: Mall, dina: Driver, carl: Clerk):
        run_id = mall.offers()
        before = desks_view(carl)
        dina.claim(run_id)

        view = desks_view(carl)

        assert "Dina" not in before
        assert "Dina" in view
        assert "Diaz" not in view

    def test_new_link_is_in_its_answer_only_and_a_new_address_nowhere(
        self, mall: Mall, carl: Clerk, dina: Driver
    ):
        delivery_id = mall.places(is_by_hand=True)
        answer = carl.post(f"deliveries/{delivery_id}/link")
        changed = carl.post(f"deliveries/{delivery_id}/address", **ELM)
        mall.forms_runs()

        views = (desks_view(carl), drivers_view(dina), changed.text)

        secret = mall.link(delivery_id).removeprefix("/t/")
        assert answer.get_json()["result"]["tracking_url"].endswith(secret)
        assert not [view for view in views if secret in view]
        assert not [view for view in views if ELM["street"] in view]

    def test_drivers_position_is_not_on_the_board(self, dina: Driver, carl: Clerk):
        claimed(dina)
        dina.report(33.31123, -111.88321)

        assert "33.311" not in desks_view(carl)

    def test_other_stores_deliveries_are_not_there(
        self, mall: Mall, dina: Driver, carl: Clerk, mallory: Clerk
    ):
        mall.places(recipient_name="Xaver Xu")
        mall.places(mall.other_store)
        (run_id,) = mall.forms_runs()
        dina.claim(run_id)

        view = desks_view(mallory)

        assert "Xaver" not in view
        (own,) = {row.id for row in mall.deliveries_of(run_id)} - {
            entry["id"] for entry in carl.state()["to_pack"]
        }
        assert own in view

    def test_locked_desk_shows_counts_only(self, mall: Mall, carl: Clerk):
        mall.places()
        carl.post("lock")

        view = desks_view(carl)

        assert "Cleo" not in view
        assert json.loads(view)["counts"]["to_pack"] == 1


class TestSecrets:
    """PIN, code `C` and the tracking link belong to the customer."""

    @pytest.fixture
    def looks(self, mall: Mall, dina: Driver, carl: Clerk) -> Callable[[], str]:
        desmond = office.signed_in(mall, "Desmond", "dispatcher")
        marta = office.signed_in(mall, "Marta", "manager", mall.store.store_id)

        def look() -> str:
            pages = ("", "today", f"stores/{mall.store.store_id}")
            seen = [who.get(page).text for who in (desmond, marta) for page in pages]
            return "".join((drivers_view(dina), desks_view(carl), *seen))

        return look

    def test_no_screen_of_others_ever_has_them(
        self, mall: Mall, dina: Driver, carl: Clerk, looks: Callable[[], str]
    ):
        run_id = mall.offers({"proof": "pin"})
        row = mall.only_delivery(run_id)

        text = looks() + "".join(
            step().text + looks()
            for step in (
                lambda: dina.claim(run_id),
                lambda: dina.collect(carl.shows(dina, run_id)),
                lambda: dina.arrive(dina.stops("dropoff")[0]),
                lambda: dina.deliver(dina.stops("dropoff")[0], "pin", pin="000000"),
                lambda: dina.deliver(dina.stops("dropoff")[0], "pin", pin=mall.pin(row.id)),
            )
        )

        assert f'"{mall.pin(row.id)}"' not in text
        assert row.tracking_ref not in text
        assert mall.link(row.id).removeprefix("/t/")[12:] not in text
        assert PHONE not in text

    def test_pin_of_the_tracking_page_is_not_in_the_log(
        self, mall: Mall, dina: Driver, carl: Clerk, caplog: pytest.LogCaptureFixture
    ):
        stop = at_door(dina, carl, proof="pin")
        with caplog.at_level("DEBUG"):
            dina.deliver(stop, "pin", pin=mall.pin(stop["delivery"]["id"]))
            mall.app.test_client().get(f"{mall.link(stop['delivery']['id'])}/state")

        said: list[Any] = [record.getMessage() for record in caplog.records]
        assert mall.pin(stop["delivery"]["id"]) not in "".join(said)
