"""Orders from a spreadsheet: columns, bad cells, partial acceptance, the same file twice."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from app import clock
from app.deliveries import ordering, overview, uploads
from app.domain.act import Act
from app.domain.errors import DomainError
from app.jobs.handlers import HANDLERS
from app.jobs.worker import run_due
from app.sites import queries as site_queries
from app.sites import service as sites
from tests import factories, merchants
from tests.factories import Mall
from tests.merchants import Merchant
from tests.places import MALL, STORE
from tests.tables import xlsx

pytestmark = pytest.mark.both_engines

HEAD = ["order", "name", "phone", "street", "city", "zip", "lat", "lon", "parcels", "total"]


@pytest.fixture
def mia(mall: Mall) -> Merchant:
    """Mia uploads for Lumen's merchant."""
    return merchants.signed_in(mall, mall.store)


def line(ref: str, **changes: str) -> list[str]:
    cells = {
        "order": ref,
        "name": "Cleo Cruz",
        "phone": "+1 480 555 0101",
        "street": "123 N Dobson Rd",
        "city": "Chandler",
        "zip": "85224",
        "lat": "33.318",
        "lon": "-111.885",
        "parcels": "2",
        "total": "",
    }
    return list((cells | changes).values())


def table(*lines: list[str], head: list[str] = HEAD) -> bytes:
    return "\n".join(",".join(cells) for cells in [head, *lines]).encode()


def orders(mall: Mall, mia: Merchant, upload_id: str) -> None:
    assert mia.post(f"uploads/{upload_id}/order").status_code == 303
    with mall.app.app_context(), clock.frozen(clock.now() + timedelta(seconds=1)):
        run_due(HANDLERS, limit=1_000)


def placed(mall: Mall) -> list[str]:
    with mall.reading():
        merchant_id = mall.store.merchant_id
        rows = overview.deliveries_of_merchant(merchant_id, before=None, limit=500)
        return sorted(row.merchant_ref or "" for row in rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_good_rows_become_deliveries(mall: Mall, mia: Merchant, kind: str):
    lines = [line("a-1", total="249.90"), line("a-2")]
    content = table(*lines) if kind == "csv" else xlsx([HEAD, *lines])
    upload_id = merchants.uploaded(mia, content, f"orders.{kind}")

    assert "2 rows can be ordered" in mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1", "a-2"]
    assert "2 deliveries ordered" in mia.get(f"uploads/{upload_id}").text


def test_same_file_twice_adds_nothing(mall: Mall, mia: Merchant):
    content = table(line("a-1"), line("a-2"))
    orders(mall, mia, merchants.uploaded(mia, content))
    again = merchants.uploaded(mia, content)

    assert "2 of them were ordered before" in mia.get(f"uploads/{again}").text
    orders(mall, mia, again)

    assert placed(mall) == ["a-1", "a-2"]
    assert "2 were ordered before" in mia.get(f"uploads/{again}").text


def test_number_that_another_request_took_meanwhile_leaves_nothing_behind(mall: Mall):
    act = Act.of_system(clock.now())
    new = factories.new_delivery(merchant_ref="a-1")
    with mall.writing() as current:
        store = site_queries.store(mall.store.store_id)
        assert store is not None
        ordering.place_new_order(new, store=store, act=act)
        with pytest.raises(DomainError) as refused, current.begin_nested():
            ordering.place_new_order(new, store=store, act=act)

    assert refused.value.code == "merchant_ref_taken"
    assert placed(mall) == ["a-1"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"phone": "call me"}, "phone number"),
        ({"parcels": "21"}, "1 to 20"),
        ({"parcels": "2.5"}, "1 to 20"),
        ({"lat": "north"}, "degrees"),
        ({"total": "a lot"}, "amount"),
        ({"name": ""}, "missing"),
        ({"zip": "1"}, "2 to 12"),
        ({"street": "x" * 201}, "At most 200"),
    ],
)
def test_bad_cell_is_marked_with_its_reason(
    mall: Mall, mia: Merchant, changes: dict[str, str], said: str
):
    upload_id = merchants.uploaded(mia, table(line("a-1"), line("a-2", **changes)))

    page = mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert "Row 3" in page
    assert page.count("field-error") == 1
    assert said in page
    assert placed(mall) == ["a-1"]


def test_number_that_stands_twice_counts_once(mall: Mall, mia: Merchant):
    upload_id = merchants.uploaded(mia, table(line("a-1"), line("a-1")))

    assert "row above" in mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1"]


def test_row_too_far_away_is_marked_and_left_out(mall: Mall, mia: Merchant):
    upload_id = merchants.uploaded(mia, table(line("a-1"), line("a-2", lat="40.0")))
    assert "too far from the store" in mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1"]
    assert "1 row left out" in mia.get(f"uploads/{upload_id}").text


def test_address_without_point_must_be_known(mall: Mall, mia: Merchant):
    mall.knows("77 W Ray Rd", postal_code="85225", lat=33.32, lon=-111.88)
    known = line("a-1", street="77 West Ray Road", zip="85225", lat="", lon="")
    upload_id = merchants.uploaded(mia, table(known, line("a-2", lat="", lon="")))
    assert "do not know this address" in mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1"]


def test_columns_are_chosen_by_hand(mall: Mall, mia: Merchant):
    head = ["Nr", *HEAD[1:]]
    upload_id = merchants.uploaded(mia, table(line("a-1"), head=head))
    assert "Choose a column for: Order number" in mia.get(f"uploads/{upload_id}").text
    assert mia.post(f"uploads/{upload_id}/order").status_code == 409

    fields = ("merchant_ref", "name", "phone", "street", "city", "postal_code", "lat", "lon")
    mia.post(f"uploads/{upload_id}/columns", **{name: at for at, name in enumerate(fields)})
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1"]
    assert mia.post(f"uploads/{upload_id}/columns", name="1").status_code == 409


def test_store_is_named_or_refused(mall: Mall, mia: Merchant):
    head = [*HEAD, "store"]
    lines = [[*line("a-1"), "Lumen"], [*line("a-2"), "Orbit"], [*line("a-3"), ""]]
    upload_id = merchants.uploaded(mia, table(*lines, head=head))

    assert "none of your stores" in mia.get(f"uploads/{upload_id}").text
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1", "a-3"]


def test_store_of_a_shared_name_is_named_with_its_place(mall: Mall, mia: Merchant):
    merchant_id = mall.store.merchant_id
    with mall.writing():
        other = sites.add_site(replace(MALL, name="Fashion Show")).id
        sites.add_store(replace(STORE, name="Lumen"), site_id=other, merchant_id=merchant_id)
    head, whole = [*HEAD, "store"], '"Lumen, Chandler Fashion Center"'
    lines = [[*line("a-1"), "Lumen"], [*line("a-2"), whole], [*line("a-3"), '"Lumen, Elsewhere"']]
    upload_id = merchants.uploaded(mia, table(*lines, head=head))

    page = mia.get(f"uploads/{upload_id}").text
    assert "Write it with the place: Lumen, " in page
    assert "none of your stores" in page
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-2"]
    assert "Lumen, Fashion Show</h2>" in mia.get("promise").text


def test_hostile_texts_stay_texts(mia: Merchant):
    bad = line("a-1", name="<img src=x onerror=alert(1)>", phone="=1+1")
    upload_id = merchants.uploaded(mia, table(bad), '"><script>.csv')

    page = mia.get(f"uploads/{upload_id}").text

    assert "<img" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no row below"),
        ("order\nZo\u00eb".encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04", "neither a CSV"),
        (b"order\n" + b"1\n" * 100_001, "100000 rows"),
    ],
)
def test_unreadable_file_is_refused_in_words(mia: Merchant, content: bytes, said: str):
    answer = mia.post("uploads", table=(BytesIO(content), "x.csv"))

    assert answer.status_code == 422
    assert said in answer.text


def test_asking_twice_orders_once(mall: Mall, mia: Merchant):
    upload_id = merchants.uploaded(mia, table(line("a-1")))
    mia.post(f"uploads/{upload_id}/order")
    orders(mall, mia, upload_id)

    assert placed(mall) == ["a-1"]


def test_tables_are_forgotten_after_a_day(mall: Mall, mia: Merchant):
    upload_id = merchants.uploaded(mia, table(line("a-1")))

    with mall.writing():
        blobs = mall.app.extensions["mallrun_blobs"]
        uploads.erase_old(blobs.delete, now=clock.now() + timedelta(hours=25))

    assert mia.get(f"uploads/{upload_id}").status_code == 404
