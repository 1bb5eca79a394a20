"""What cannot be ordered leaves as a table with its reasons, and comes back corrected."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.domain.order_columns import FIELDS, match_columns
from app.jobs.handlers import HANDLERS
from app.jobs.worker import run_due
from app.sites import service as sites
from app.web.merchant.upload_routes import HEADINGS
from tests import merchants
from tests.factories import Mall
from tests.merchants import Merchant
from tests.places import MALL, STORE

HEAD = ["order", "store", "name", "phone", "street", "city", "zip", "lat", "lon"]
DOOR = ["123 N Dobson Rd", "Chandler", "85224", "33.318", "-111.885"]


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    return merchants.signed_in(mall, mall.store)


def written(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def refused(mia: Merchant, upload_id: str) -> list[list[str]]:
    answer = mia.get(f"uploads/{upload_id}/refused.csv")
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_bad_rows_come_back_with_their_reasons(mia: Merchant):
    good = ["a-1", "", "Cleo Cruz", "+1 480 555 0101", *DOOR]
    bad = ["a-2", "", "=1+1", "call me", *DOOR]
    upload_id = merchants.uploaded(mia, written(HEAD, good, bad, ["a-3"]))

    head, second, third = refused(mia, upload_id)

    assert head == [*HEAD, "What is wrong"]
    assert second[:4] == ["a-2", "", "'=1+1", "call me"]
    assert second[-1] == "Phone: Enter a phone number of 5 to 30 digits."
    assert (len(third), third[0]) == (len(head), "a-3")
    assert "Recipient: This is missing." in third[-1]


def test_corrected_table_can_be_ordered(mia: Merchant):
    bad = ["a-1", "", "Cleo Cruz", "+1 480 555 0101", *DOOR[:3], "33.318", "east"]
    head, row = refused(mia, merchants.uploaded(mia, written(HEAD, bad)))
    assert row[3] == "'+1 480 555 0101"

    row[HEAD.index("lon")] = "-111.885"
    page = mia.get(f"uploads/{merchants.uploaded(mia, written(head, row))}").text

    assert "1 row can be ordered" in page
    assert "refused.csv" not in page


def test_table_without_needed_columns_has_no_bad_rows_yet(mia: Merchant):
    upload_id = merchants.uploaded(mia, written(["order"], ["a-1"]))

    assert refused(mia, upload_id) == [["order", "What is wrong"]]


def test_every_store_of_a_shared_name_is_said(mall: Mall, mia: Merchant):
    merchant_id = mall.store.merchant_id
    with mall.writing():
        for name in ("Fashion Show", "Tysons"):
            at = sites.add_site(replace(MALL, name=name)).id
            sites.add_store(replace(STORE, name="Lumen"), site_id=at, merchant_id=merchant_id)
    row = ["a-1", "Lumen", "Cleo Cruz", "+1 480 555 0101", *DOOR]

    page = mia.get(f"uploads/{merchants.uploaded(mia, written(HEAD, row))}").text

    for name in ("Chandler Fashion Center", "Fashion Show", "Tysons"):
        assert f"Lumen, {name}" in page


def test_nothing_is_offered_where_everything_was_ordered(mall: Mall, mia: Merchant):
    content = written(HEAD, ["a-1", "", "Cleo Cruz", "+1 480 555 0101", *DOOR])
    mia.post(f"uploads/{merchants.uploaded(mia, content)}/order")
    with mall.app.app_context(), clock.frozen(clock.now() + timedelta(seconds=1)):
        run_due(HANDLERS, limit=1_000)

    page = mia.get(f"uploads/{merchants.uploaded(mia, content)}").text

    assert "1 of them was ordered before" in page
    assert "/order" not in page


def test_empty_table_has_a_heading_for_everything(mia: Merchant):
    answer = mia.get("uploads/empty.csv")

    (head,) = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert match_columns(head) == {name: at for at, name in enumerate(FIELDS)}
    assert list(HEADINGS) == list(FIELDS)
