"""One order typed by hand: price and window first, then one delivery."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from app import clock
from app.deliveries import overview
from app.sites import service as sites
from tests import merchants
from tests.factories import Mall
from tests.merchants import Merchant
from tests.places import STORE
from tests.promise.shopping import NOW, STREET

pytestmark = pytest.mark.both_engines

TYPED = {
    "merchant_ref": "L-1",
    "name": "Cleo Cruz",
    "phone": "+1 480 555 0101",
    "street": "123 N Dobson Rd",
    "city": "Chandler",
    "postal_code": "85224",
    "parcel_count": "2",
    "proof": "photo",
}


@pytest.fixture(autouse=True)
def at_the_mall():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    mall.knows(STREET)
    return merchants.signed_in(mall, mall.store)


def quote_of(page: TestResponse) -> str:
    found = re.search(r'name="quote" value="(quo_\w+)"', page.text)
    assert found is not None, page.text
    return found[1]


def placed(mall: Mall) -> list[tuple[str | None, int, int | None]]:
    with mall.reading():
        merchant_id = mall.store.merchant_id
        rows = overview.deliveries_of_merchant(merchant_id, before=None, limit=10)
        return [(row.merchant_ref, row.parcel_count, row.price_minor) for row in rows]


def test_price_and_window_are_shown_before_anything_is_ordered(mall: Mall, mia: Merchant):
    shown = mia.post("order", **TYPED)

    assert shown.status_code == 200
    assert "$8.99" in shown.text
    assert "Today 3:00–5:00 pm" in shown.text
    assert 'value="Cleo Cruz"' in shown.text
    assert placed(mall) == []


def test_page_that_is_sent_twice_is_one_order(mall: Mall, mia: Merchant):
    quote = quote_of(mia.post("order", **TYPED))

    first, second = (mia.post("order", **TYPED, quote=quote) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "Ordered." in mia.get((first.location or "").removeprefix("/merchant/")).text
    assert placed(mall) == [("L-1", 2, 899)]


@pytest.mark.parametrize("changed", [{"parcel_count": "3"}, {"lat": "33.36", "lon": "-111.885"}])
def test_other_order_than_shown_is_shown_anew(mall: Mall, mia: Merchant, changed: dict[str, str]):
    quote = quote_of(mia.post("order", **TYPED))

    anew = mia.post("order", **TYPED | changed, quote=quote)

    assert anew.status_code == 409
    assert "the window or the price is another one now" in anew.text
    assert placed(mall) == []
    done = mia.post("order", **TYPED | changed, quote=quote_of(anew))
    assert done.status_code == 303


def test_price_that_was_shown_long_ago_is_shown_anew(mall: Mall, mia: Merchant):
    quote = quote_of(mia.post("order", **TYPED))

    with clock.frozen(NOW + timedelta(minutes=16)):
        # Sign-ins end sooner than that without a request.
        late = merchants.signed_in(mall, mall.store, "Max Moss").post("order", **TYPED, quote=quote)

    assert late.status_code == 409
    assert quote_of(late) != quote
    assert placed(mall) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"phone": "call me"}, "Enter a phone number of 5 to 30 digits."),
        ({"name": ""}, "This is missing."),
        ({"street": "9 Nowhere Ln"}, "We do not know this address. Enter below where it is."),
        ({"lat": "40", "lon": "-111.8"}, "too far from the store"),
        ({"parcel_count": "99"}, "Enter a whole number from 1 to 20."),
    ],
)
def test_bad_field_is_marked_and_nothing_is_ordered(
    mall: Mall, mia: Merchant, changed: dict[str, str], said: str
):
    answer = mia.post("order", **TYPED | changed)

    assert answer.status_code == 422
    assert answer.text.count("field-error") == 1
    assert said in answer.text
    assert placed(mall) == []


def test_number_that_was_ordered_before_is_said(mall: Mall, mia: Merchant):
    mia.post("order", **TYPED, quote=quote_of(mia.post("order", **TYPED)))

    again = mia.post("order", **TYPED, quote=quote_of(mia.post("order", **TYPED)))

    assert again.status_code == 409
    assert "This number is a delivery already." in again.text
    assert len(placed(mall)) == 1


def test_store_must_be_one_of_ones_own(mall: Mall, mia: Merchant):
    foreign = mia.post("order", **TYPED, store=mall.other_store.store_id)
    quote = quote_of(mia.post("order", **TYPED))
    other = merchants.signed_in(mall, mall.other_store, "Olga Orr")
    stolen = other.post("order", **TYPED, quote=quote)

    assert "This is none of your stores." in foreign.text
    assert stolen.status_code == 404
    assert placed(mall) == []


def test_one_of_several_stores_is_chosen(mall: Mall, mia: Merchant):
    with mall.writing():
        sites.add_store(STORE, site_id=mall.site_id, merchant_id=mall.store.merchant_id)

    unchosen = mia.post("order", **TYPED)
    chosen = mia.post("order", **TYPED, store=mall.store.store_id)

    assert unchosen.status_code == 422
    assert f'value="{mall.store.store_id}" selected' in chosen.text


def test_order_is_printed_and_cancelled_on_its_page(mia: Merchant):
    done = mia.post("order", **TYPED, quote=quote_of(mia.post("order", **TYPED)))
    path = (done.location or "").removeprefix("/merchant/").partition("?")[0]

    labels = mia.get(f"{path}/labels.pdf")
    unsaid = mia.post(f"{path}/cancel", cause="", note="")
    cancelled = mia.post(f"{path}/cancel", cause="out_of_stock", note="Sold out")
    again = mia.post(f"{path}/cancel", cause="out_of_stock", note="Sold out")

    assert labels.data.startswith(b"%PDF")
    assert (unsaid.status_code, "Choose why." in unsaid.text) == (422, True)
    assert cancelled.status_code == 303
    assert ">Cancelled<" in mia.get(path).text
    assert "Cancelled: An article is not in stock" in mia.get(path).text
    assert again.status_code == 422
    assert "Cancel this delivery" not in mia.get(path).text


def test_anothers_delivery_is_neither_printed_nor_cancelled(mall: Mall, mia: Merchant):
    foreign = mall.places(store=mall.other_store)

    answers = [
        mia.get(f"deliveries/{foreign}/labels.pdf"),
        mia.post(f"deliveries/{foreign}/cancel", cause="other", note="Mine"),
    ]

    assert [each.status_code for each in answers] == [404, 404]
    assert mall.delivery(foreign).status == "created"
