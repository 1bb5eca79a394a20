"""Stock by API and by table, and which stores bring products today."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.domain.api_key import Scope
from app.promise import queries
from tests import merchants
from tests.factories import Mall
from tests.promise.shopping import NOW, afternoon, can_deliver


def products(shopper: FlaskClient, mall: Mall, *skus: str, **query: str) -> list[dict[str, Any]]:
    given = {"store": mall.store.store_id, "postal_code": "85224", "sku": list(skus)} | query
    answer = shopper.get("/promise/products", query_string=given)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["products"]


def tells(mall: Mall, **quantities: int) -> None:
    items = [{"sku": sku, "quantity": quantity} for sku, quantity in quantities.items()]
    program = merchants.a_key(mall, mall.store)
    path = f"stores/{program.store_id}/stock"
    answer = program.ask("PUT", path, json={"items": items})
    assert answer.status_code == 200, answer.text
    assert answer.get_json() == {"store_id": program.store_id, "told": len(items)}


@pytest.mark.both_engines
def test_products_in_stock_come_today(mall: Mall):
    can_deliver(mall)
    tells(mall, lamp=3, rug=1, vase=0)
    tells(mall, rug=0, chair=2)

    with afternoon(mall) as shopper:
        found = products(shopper, mall, "rug", "lamp", "vase", "chair", "lamp")

    assert [(each["sku"], each["today"]) for each in found] == [
        ("rug", False),
        ("lamp", True),
        ("vase", False),
        ("chair", True),
    ]
    (store,) = found[1]["stores"]
    assert (store["store"], store["name"], store["quantity"]) == (mall.store.store_id, "Lumen", 3)
    assert store["window"]["text"] == "3:00–5:00 pm"


def test_nothing_comes_today_without_a_driver(mall: Mall):
    tells(mall, lamp=3)

    with afternoon(mall) as shopper:
        assert products(shopper, mall, "lamp") == [{"sku": "lamp", "today": False, "stores": []}]


def test_list_is_kept_by_caches_and_readable_everywhere(mall: Mall):
    with afternoon(mall) as shopper:
        given = {"store": mall.store.store_id, "postal_code": "85224", "sku": "a"}
        answer = shopper.get("/promise/products", query_string=given)

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=30, s-maxage=30"
    assert "Set-Cookie" not in answer.headers


def test_key_needs_its_scope_and_its_own_store(mall: Mall):
    body = {"items": [{"sku": "lamp", "quantity": 1}]}
    reader = merchants.a_key(mall, mall.store, scopes=frozenset({Scope.STORES_READ}))
    rival = merchants.a_key(mall, mall.other_store)
    path = f"stores/{mall.store.store_id}/stock"

    assert reader.ask("PUT", path, json=body).get_json()["code"] == "scope_missing"
    assert rival.ask("PUT", path, json=body).get_json()["code"] == "not_found"


def test_merchant_uploads_stock(mall: Mall):
    can_deliver(mall)
    mia = merchants.signed_in(mall, mall.store)
    table = (BytesIO(b"sku;quantity\nlamp;2\n"), "stock.csv")

    done = mia.post(f"promise/{mall.store.store_id}/stock", table=table)

    assert (done.status_code, done.location) == (303, "/merchant/promise?done=stock")
    with afternoon(mall) as shopper:
        assert products(shopper, mall, "lamp")[0]["stores"][0]["quantity"] == 2


def test_wrong_row_changes_nothing_and_is_named(mall: Mall):
    can_deliver(mall)
    mia = merchants.signed_in(mall, mall.store)
    table = (BytesIO(b"sku,quantity\nlamp,2\nrug,many\n"), "stock.csv")

    refused = mia.post(f"promise/{mall.store.store_id}/stock", table=table)

    assert refused.status_code == 422
    assert "Row 3 has no product number" in refused.text
    with afternoon(mall) as shopper:
        assert not products(shopper, mall, "lamp")[0]["today"]


@pytest.mark.both_engines
def test_merchant_switches_ordering_on_and_off(mall: Mall):
    mia, store_id = merchants.signed_in(mall, mall.store), mall.store.store_id

    def is_on() -> bool:
        with mall.reading():
            return store_id in queries.with_checkout([store_id])

    assert "Let customers order" in mia.get("promise").text
    for _ in range(2):
        assert mia.post(f"promise/{store_id}", checkout="on").status_code == 303
    assert is_on()
    assert "Switch ordering off" in mia.get("promise?done=on").text
    mia.post(f"promise/{store_id}", checkout="off")
    assert not is_on()


def test_soonest_store_stands_first(mall: Mall):
    """Both stores are one merchant's; the other one opens later."""
    can_deliver(mall)
    with mall.writing():
        other = queries.sites.store(mall.other_store.store_id)
        mine = queries.sites.store(mall.store.store_id)
        assert other is not None
        assert mine is not None
        other.merchant_id = mine.merchant_id
        for row in (other, mine):
            queries.stock.tell(row.id, {"lamp": 1}, now=clock.now())
        week = {NOW.weekday(): queries.store_hours.Opening(17 * 60, 21 * 60)}
        queries.store_hours.set_hours(mine.id, week)

    with afternoon(mall) as shopper:
        (lamp,) = products(shopper, mall, "lamp")

    assert [each["name"] for each in lamp["stores"]] == ["Orbit", "Lumen"]
