"""Who may ask the API at all: keys, scopes, networks, limits."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts import api_keys
from app.domain.api_key import Mode, Scope
from app.web import seen
from tests import merchants
from tests.factories import Mall
from tests.merchants import Program
from tests.personas import code_of


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer mp_live_aaaaaaaaaaaa_" + "a" * 32},
        {"Authorization": "Basic bXA6"},
        {"Authorization": "Bearer \u00e9".encode().decode("latin-1")},
    ],
)
def test_without_a_key_nothing_is_told(mall: Mall, header: dict[str, str]):
    answer = mall.app.test_client().get("/api/v1/stores", headers=header)

    assert answer.status_code == 401
    assert code_of(answer) == "api_key_wrong"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


def test_key_in_the_address_counts_for_nothing(mall: Mall, shop: Program):
    answer = mall.app.test_client().get(f"/api/v1/stores?key={shop.text}")

    assert answer.status_code == 401


def test_key_of_one_merchant_sees_its_own_stores_only(shop: Program, rival: Program):
    own = [store["id"] for store in shop.get("stores").get_json()["stores"]]

    assert own == [shop.store_id]
    assert rival.get(f"stores/{shop.store_id}").status_code == 404


def test_key_may_do_what_its_scopes_say(mall: Mall):
    reader = merchants.a_key(mall, mall.store, scopes=frozenset({Scope.DELIVERIES_READ}))

    refused = reader.get("stores")

    assert (refused.status_code, code_of(refused)) == (403, "scope_missing")
    assert "stores:read" in refused.get_json()["detail"]
    assert reader.get("deliveries").status_code == 200


def test_key_works_from_its_networks_only(mall: Mall):
    program = merchants.a_key(mall, mall.store, networks=("203.0.113.0/24",))

    here = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    elsewhere = {"environ_base": {"REMOTE_ADDR": "198.51.100.9"}}

    assert program.get("stores", **here).status_code == 200
    assert code_of(program.get("stores", **elsewhere)) == "api_key_elsewhere"


def test_both_keys_work_while_one_replaces_the_other(mall: Mall, shop: Program):
    merchant_id = mall.store.merchant_id
    with mall.writing():
        made = api_keys.rotate_key(
            shop.id, merchant_id=merchant_id, person_id="per_mia", now=clock.now()
        )
    successor = Program(shop.client, made.id, made.text, shop.store_id)

    assert [each.get("stores").status_code for each in (shop, successor)] == [200, 200]
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert [each.get("stores").status_code for each in (shop, successor)] == [401, 200]


def test_use_of_a_key_is_noted_in_a_batch(mall: Mall, shop: Program):
    shop.get("stores")

    with mall.reading():
        assert api_keys.own_key(shop.id, mall.store.merchant_id).used_at is None
        seen.flush()
    with mall.reading():
        used_at = api_keys.own_key(shop.id, mall.store.merchant_id).used_at
    assert used_at is not None


def test_answers_tell_what_is_left(shop: Program):
    headers = shop.get("stores").headers

    assert "w=60" in headers["RateLimit-Policy"]
    assert headers["RateLimit"].count(";r=") == 2
    assert int(headers["RateLimit-Remaining"]) < int(headers["RateLimit-Limit"])
    assert headers["X-Request-Id"].startswith("req_")


def test_test_key_sees_nothing_of_real_stores(mall: Mall, shop: Program, trial: Program):
    assert trial.store_id != shop.store_id
    assert trial.get(f"stores/{shop.store_id}").status_code == 404
    assert shop.get(f"stores/{trial.store_id}").status_code == 404
    with mall.reading():
        view = api_keys.key_by_text(trial.text, now=clock.now())
    assert view is not None
    assert view.mode is Mode.TEST
