"""A manager's code is checked for whoever waits for the answer, before anything is stated."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.handoffs import incidents
from app.sites import queries as sites
from tests.devices import released, tablet_of
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.office import Office, signed_in
from tests.personas import Clerk, Driver, code_of

pytestmark = pytest.mark.both_engines

CODE, WRONG = "730164", "111111"


@pytest.fixture
def marta(mall: Mall) -> Office:
    office = signed_in(mall, "Marta Mann", "manager", mall.store.store_id)
    assert sets_code(office, mall).status_code == 303
    return office


def sets_code(office: Office, mall: Mall, code: str = CODE, limit: str = "200") -> Any:
    form = {"minimum_level": "E2", "limit": limit, "manager_code": code}
    return office.post(f"stores/{mall.store.store_id}/policy", **form)


def pickup_of(dina: Driver) -> str:
    return dina.stops("pickup")[0]["id"]


def ask(dina: Driver, code: str) -> TestResponse:
    return dina.post(f"stops/{pickup_of(dina)}/manager-code", code=code)


def wrong_tries(mall: Mall) -> int:
    with mall.reading():
        store = sites.store(mall.store.store_id)
        assert store is not None
        return store.manager_code_tries


@pytest.mark.usefixtures("marta")
class TestAtTheDesk:
    def test_right_code_is_told_to_be_right(self, carl: Clerk):
        assert carl.post("manager-code", code=CODE).status_code == 200

    def test_wrong_code_is_counted_and_says_how_many_are_left(self, mall: Mall, carl: Clerk):
        answer = carl.post("manager-code", code=WRONG)

        assert (answer.status_code, code_of(answer)) == (403, "manager_code_wrong")
        assert answer.get_json()["tries_left"] == 4
        assert wrong_tries(mall) == 1

    def test_right_code_clears_the_wrong_ones(self, mall: Mall, carl: Clerk):
        carl.post("manager-code", code=WRONG)

        carl.post("manager-code", code=CODE)

        assert wrong_tries(mall) == 0

    def test_fifth_wrong_code_locks_it_until_a_new_one_is_set(
        self, mall: Mall, carl: Clerk, marta: Office
    ):
        codes = [code_of(carl.post("manager-code", code=WRONG)) for _ in range(5)]
        assert codes == ["manager_code_wrong"] * 4 + ["manager_code_locked"]

        refused = carl.post("manager-code", code=CODE)
        sets_code(marta, mall, "482915")

        assert (refused.status_code, code_of(refused)) == (423, "manager_code_locked")
        assert carl.post("manager-code", code="482915").status_code == 200

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "१२३४५६"])
    def test_what_is_no_code_is_no_try(self, mall: Mall, carl: Clerk, code: str):
        assert carl.post("manager-code", code=code).status_code == 422
        assert wrong_tries(mall) == 0


class TestOnThePhone:
    def test_phone_and_tablet_share_the_five_tries(
        self, mall: Mall, dina: Driver, carl: Clerk, marta: Office
    ):
        claimed(dina, {"value_minor": 20_001})
        carl.post("manager-code", code=WRONG)

        answer = ask(dina, WRONG)

        assert (code_of(answer), answer.get_json()["tries_left"]) == ("manager_code_wrong", 3)
        assert ask(dina, CODE).status_code == 200
        assert wrong_tries(mall) == 0
        assert marta.get(f"stores/{mall.store.store_id}").status_code == 200

    @pytest.mark.usefixtures("marta")
    def test_driver_of_cheap_goods_has_nothing_to_guess_at(self, mall: Mall, dina: Driver):
        claimed(dina, {"value_minor": 20_000})

        answer = ask(dina, WRONG)

        assert (answer.status_code, code_of(answer)) == (409, "manager_code_unset")
        assert wrong_tries(mall) == 0


@pytest.mark.usefixtures("marta")
def test_code_told_on_the_tablet_counts_for_a_later_command(mall: Mall, dina: Driver, carl: Clerk):
    (row,) = mall.deliveries_of(claimed(dina, {"value_minor": 20_001}))
    tablet = tablet_of(carl)
    given = released(tablet, [bytes(8)], handles_of([row]), beside={"manager_code": CODE})
    tablet.results(given)

    dina.collect(carl.shows(dina, row.run_id))

    assert not mall.delivery(row.id).is_verification_pending
    with mall.reading():
        assert incidents.open_incidents([row.id]) == []


def test_store_without_a_code_says_so(carl: Clerk):
    answer = carl.post("manager-code", code=CODE)

    assert (answer.status_code, code_of(answer)) == (409, "manager_code_unset")


def test_desk_shows_what_a_delivery_is_worth(mall: Mall, carl: Clerk):
    mall.places(mall.store, value_minor=12_345)

    assert carl.state()["to_pack"][0]["value_minor"] == 12_345
