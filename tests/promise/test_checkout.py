"""The hosted checkout: where it is switched on, one order for one page, and as it was shown."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.deliveries import overview
from app.promise import service
from tests.factories import Mall
from tests.merchants import signed_in
from tests.promise.shopping import NOW, STREET, afternoon, can_deliver, takes_orders

HTML = {"Accept": "text/html"}
TYPED = {
    "person_name": "Cleo Cruz",
    "phone": "+1 480 555 0101",
    "street": STREET,
    "apartment": "Apt 4",
    "city": "Chandler",
    "instructions": "Gate code 1221",
}


@pytest.fixture
def shop(mall: Mall) -> Mall:
    can_deliver(mall)
    takes_orders(mall, mall.store)
    return mall


def opened(shopper: FlaskClient, shop: Mall, **query: str) -> TestResponse:
    given = {"store": shop.store.store_id, "postal_code": "85224"} | query
    return shopper.get("/promise/checkout", query_string=given, headers=HTML)


def hidden(page: TestResponse) -> dict[str, str]:
    """Return what the page sends along."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def sent(shopper: FlaskClient, fields: dict[str, str], **changed: str) -> TestResponse:
    return shopper.post("/promise/checkout", data=fields | TYPED | changed, headers=HTML)


@pytest.mark.parametrize(("postal_code", "title"), [("99999", "Not today"), ("85224", "Get it")])
def test_page_takes_another_postal_code(shop: Mall, postal_code: str, title: str):
    with afternoon(shop) as shopper:
        page = opened(shopper, shop, postal_code=postal_code, ref="cart-7")
        (form,) = re.findall(r'<form[^>]*method="get".*?</form>', page.text, re.S)
        again = opened(shopper, shop, ref=re.findall(r'name="ref" value="([^"]*)"', form)[0])

    assert title in page.text
    assert f'name="postal_code" value="{postal_code}"' in form
    assert "Get it today" in again.text
    assert hidden(again)["ref"] == "cart-7"


def link_in(page: TestResponse) -> str:
    found = re.search(r'href="(/t/[^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def ordered(shop: Mall) -> list[Any]:
    merchant_id = shop.store.merchant_id
    with shop.reading():
        return list(overview.deliveries_of_merchant(merchant_id, before=None, limit=10))


@pytest.mark.both_engines
def test_customer_orders_what_the_page_shows(shop: Mall):
    with afternoon(shop) as shopper:
        page = opened(shopper, shop, ref="order-7")
        assert "3:00–5:00 pm" in page.text
        assert "$7.99" in page.text
        done = sent(shopper, hidden(page))
        assert "3:00–5:00 pm" in done.text
        tracking = shopper.get(link_in(done), headers=HTML)

    assert "3:00–5:00 pm" in tracking.text
    (row,) = ordered(shop)
    assert row.merchant_ref.startswith("order-7-")
    assert (row.price_minor, row.postal_code, row.status) == (799, "85224", "created")
    # A quarter of an hour before the promised end: that is what the drivers have to spare.
    assert (row.window_until - NOW).total_seconds() == 135 * 60


def test_customer_is_told_the_promise_and_the_store_what_is_at_risk(shop: Mall):
    with afternoon(shop) as shopper:
        link = link_in(sent(shopper, hidden(opened(shopper, shop))))
    said: list[tuple[str, list[str]]] = []
    for minutes in (134, 136, 149, 151):
        with afternoon(shop, minutes) as shopper:
            told = shopper.get(f"{link}/state").get_json()["headline"]
            day = signed_in(shop, shop.store).get("").text
        said.append((told, re.findall(r'"console-trouble">([^<]+)<', day)))

    promised, at_risk = "Today 3:00–5:00 pm", "Behind its plan, not yet later than promised"
    late = "Later than promised"
    assert said == [(promised, []), (promised, [at_risk]), (promised, [at_risk]), (late, [late])]


@pytest.mark.both_engines
def test_page_that_is_sent_twice_is_one_order(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop))
        links = [link_in(sent(shopper, fields)) for _ in range(2)]
        other = link_in(sent(shopper, hidden(opened(shopper, shop))))

    assert links[0] == links[1] != other
    assert len(ordered(shop)) == 2


@pytest.mark.both_engines
def test_page_that_is_sent_many_times_at_once_is_one_order(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop))
        together = threading.Barrier(6)

        def send(_number: int) -> TestResponse:
            client = shop.app.test_client()
            together.wait()
            return sent(client, fields)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(send, range(6)))

    assert {each.status_code for each in answers} == {200}
    assert len({link_in(each) for each in answers}) == 1
    assert len(ordered(shop)) == 1


def test_window_that_has_moved_is_shown_before_anything_is_ordered(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop))
    with afternoon(shop, minutes=30) as shopper:
        refused = sent(shopper, fields)
        assert refused.status_code == 422
        assert "the window or the price is another one now" in refused.text
        assert "3:30–5:30 pm" in refused.text
        assert 'value="Cleo Cruz"' in refused.text
        assert ordered(shop) == []
        assert link_in(sent(shopper, hidden(refused)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"street": "9 Nowhere Ln"}, "We do not know this street and number."),
        ({"phone": "call me"}, "Enter a phone number"),
        ({"person_name": ""}, "Enter a name"),
        ({"price": "1"}, "the window or the price is another one now"),
        ({"shown_until": "99999999999"}, None),
    ],
)
def test_refusal_stands_on_the_page_and_orders_nothing(
    shop: Mall, changed: dict[str, str], said: str | None
):
    with afternoon(shop) as shopper:
        refused = sent(shopper, hidden(opened(shopper, shop)), **changed)

    assert refused.status_code == 422
    assert said is None or said in refused.text
    assert ordered(shop) == []


def test_evening_says_why_not(shop: Mall):
    with afternoon(shop, minutes=7 * 60) as shopper:
        page = opened(shopper, shop)

    assert page.status_code == 200
    assert "It is too late for delivery today." in page.text
    assert "<form" not in page.text


def test_page_that_lay_open_into_the_evening_orders_nothing(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop))
    with afternoon(shop, minutes=7 * 60) as shopper:
        page = sent(shopper, fields)

    assert page.status_code == 422
    assert "It is too late for delivery today." in page.text
    assert ordered(shop) == []


def test_other_origin_cannot_send_the_form(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop)) | TYPED
        foreign = {"Sec-Fetch-Site": "cross-site"}
        refused = shopper.post("/promise/checkout", data=fields, headers=foreign)

    assert refused.status_code == 403
    assert ordered(shop) == []


def test_switched_off_there_is_no_page(shop: Mall):
    with afternoon(shop) as shopper:
        fields = hidden(opened(shopper, shop))
        with shop.writing():
            service.switch_checkout(shop.store.store_id, is_on=False, now=NOW)
        answers = [opened(shopper, shop), sent(shopper, fields)]

    assert [each.status_code for each in answers] == [404, 404]
    assert ordered(shop) == []
