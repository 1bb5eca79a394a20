"""Clerks' codes and people's access, below the pages that use them."""

import pytest

from app import clock
from app.accounts import clerks, people, queries, sessions
from app.domain.errors import DomainError
from tests import factories
from tests.factories import Mall, quick_code_hash
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines


def refusal(mall: Mall, effect) -> str:
    with pytest.raises(DomainError) as refused, mall.writing():
        effect()
    return refused.value.code


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "12a456", "\N{ARABIC-INDIC DIGIT ONE}23456"]
)
def test_code_is_six_digits(mall: Mall, carl: Clerk, code: str):
    def change() -> None:
        clerks.change_code(carl.clerk_id, code, hash_code=quick_code_hash, now=clock.now())

    assert refusal(mall, lambda: factories.a_clerk(mall.store.store_id, "Cora", code)) == (
        "invalid_input"
    )
    assert refusal(mall, change) == "invalid_input"


def test_two_clerks_of_a_store_have_two_codes(mall: Mall, carl: Clerk):
    with mall.writing():
        cora, _number = factories.a_clerk(mall.store.store_id, "Cora", "314159")

    def change() -> None:
        clerks.change_code(cora, factories.CARLS_CODE, hash_code=quick_code_hash, now=clock.now())

    same = factories.CARLS_CODE
    add = lambda: factories.a_clerk(mall.store.store_id, "Cid", same)  # noqa: E731 - one use.
    assert refusal(mall, add) == "clerk_code_taken"
    assert refusal(mall, change) == "clerk_code_taken"
    assert carl.state()["clerk"]["first_name"] == "Carl"


def test_stores_do_not_share_codes(mall: Mall, carl: Clerk):
    with mall.writing():
        factories.a_clerk(mall.other_store.store_id, "Cora", factories.CARLS_CODE)

    with mall.reading():
        found = queries.clerk_by_code(
            mall.store.store_id, quick_code_hash(factories.CARLS_CODE, mall.store.store_id)
        )
        assert found is not None
        assert found.id == carl.clerk_id


def test_code_of_a_removed_clerk_is_free_again(mall: Mall, carl: Clerk):
    with mall.writing():
        clerks.remove_clerk(carl.clerk_id, now=clock.now())

    with mall.writing():
        factories.a_clerk(mall.store.store_id, "Cora", factories.CARLS_CODE)


def test_what_is_not_there_is_not_found(mall: Mall):
    now = clock.now()

    def sign_in() -> None:
        clerks.sign_in("dsk_x", "123456", hash_code=quick_code_hash, now=now)

    def change() -> None:
        clerks.change_code("clk_x", "123456", hash_code=quick_code_hash, now=now)

    effects = [
        sign_in,
        change,
        lambda: clerks.remove_clerk("clk_x", now=now),
        lambda: clerks.unlock_desk("dsk_x"),
        lambda: people.disable_person("per_x", now=now),
        lambda: people.require_driver("per_x"),
        lambda: people.require_person("per_x"),
    ]

    assert [refusal(mall, effect) for effect in effects] == ["not_found"] * len(effects)


def test_driver_who_is_not_approved_does_not_go_on_duty(mall: Mall):
    with mall.writing():
        person_id = factories.a_driver("New", is_approved=False)

    def go() -> None:
        people.set_duty(person_id, is_on_duty=True, site_id=mall.site_id, now=clock.now())

    assert refusal(mall, go) == "driver_not_approved"


def test_ending_sessions_needs_to_say_which(mall: Mall):
    with pytest.raises(ValueError, match="name which"), mall.writing():
        sessions.end_sessions(now=clock.now())


def test_one_time_link_sets_a_password_once(mall: Mall, dina: Driver):
    now = clock.now()
    with mall.writing():
        token = sessions.make_sign_in_link(dina.person_id, now=now)
    with mall.writing():
        sessions.use_link(token, password_hash="hash", now=now)

    with mall.reading():
        person = queries.person(dina.person_id)
        assert person is not None
        assert person.password_hash == "hash"
    assert dina.client.get("/driver/api/state").status_code == 401
    again = refusal(mall, lambda: sessions.use_link(token, password_hash="other", now=now))
    assert again == "not_found"


def test_driver_holds_no_more_runs_than_allowed(mall: Mall, dina: Driver):
    with mall.writing():
        taken = [people.take_run_slot(dina.person_id) is not None for _ in range(3)]
        people.give_back_run_slot(dina.person_id)
        people.give_back_run_slot(dina.person_id)

    with mall.writing():
        assert taken == [True, False, False]
        assert people.take_run_slot(dina.person_id)
