"""Opening places and stores from the console, and running a delivery from there."""

import math
import re
from datetime import timedelta

import pytest

from app import clock
from app.deliveries import placing
from app.domain.act import Act
from app.runs import forming
from app.runs import queries as runs
from app.runs.models import LearnedTime
from app.sites import queries as sites
from tests.authorisation.matrix import site_fields, store_fields
from tests.factories import Mall, new_delivery
from tests.office import Office

pytestmark = pytest.mark.both_engines


def opened_id(location: str) -> str:
    found = re.search(r"(sit|str)_[a-z2-7]{26}", location)
    assert found is not None, location
    return found[0]


def open_site(desmond: Office, **given: str) -> str:
    answer = desmond.post("sites", **site_fields() | given)
    assert answer.status_code == 303, answer.text
    return opened_id(answer.location)


def open_store(desmond: Office, site_id: str, **given: str) -> str:
    answer = desmond.post(f"sites/{site_id}/stores", **store_fields() | given)
    assert answer.status_code == 303, answer.text
    return opened_id(answer.location)


def test_new_place_is_listed_before_it_has_a_store(desmond: Office):
    site_id = open_site(desmond)

    page = desmond.get("stores").text

    assert f"/console/sites/{site_id}" in page
    assert "No store yet" in page


def test_delivery_of_a_shop_at_a_street_goes_on_offer(mall: Mall, desmond: Office):
    site_id = open_site(desmond, kind="street", site_name="Sweet Republic")
    store_id = open_store(desmond, site_id, store_name="Sweet Republic", floor="0")
    now = clock.now()
    with mall.writing():
        placing.place(
            new_delivery(lat=33.66, lon=-111.95, window_until=now + timedelta(hours=4)),
            store_id=store_id,
            act=Act.of_system(now),
        )
        forming.form_runs(site_id, now=now)

    with mall.reading():
        (run,) = runs.offered_runs(site_id, now=now, limit=9)
        stops = runs.stops_of_run(run.id)

    assert [stop.kind for stop in stops] == ["pickup", "dropoff"]
    assert stops[0].travel_s == 0


def test_left_out_points_are_where_the_place_is(mall: Mall, desmond: Office):
    site_id = open_site(desmond)
    store_id = open_store(desmond, site_id, counter="33.6770; -111.9690")
    with mall.reading():
        site, store = sites.site(site_id), sites.store(store_id)
        assert site is not None
        assert store is not None
        assert (site.parking_lat, site.entrance_lon) == (33.6766, -111.9697)
        assert (store.lat, store.lon) == (33.677, -111.969)


def test_merchant_of_a_known_name_is_not_added_twice(mall: Mall, desmond: Office):
    site_id = open_site(desmond)
    for name in ("Lumen", "Lumen Kids"):
        open_store(desmond, site_id, store_name=name, merchant="Lumen Group")

    with mall.reading():
        stores = sites.stores_of_site(site_id)
        assert len({store.merchant_id for store in stores}) == 1
        assert len({store.number for store in stores}) == 2


def test_change_of_a_place_leaves_kind_and_currency(mall: Mall, desmond: Office):
    site_id = open_site(desmond)

    answer = desmond.post(
        f"sites/{site_id}", **site_fields() | {"kind": "street", "entrance_note": "Ring twice"}
    )

    assert answer.status_code == 303
    assert "Ring twice" in desmond.get(f"sites/{site_id}").text
    with mall.reading():
        site = sites.site(site_id)
        assert site is not None
        assert (site.kind, site.currency) == ("mall", "USD")


def test_change_of_a_store_is_read_by_its_people(mall: Mall, desmond: Office):
    store_id = mall.store.store_id
    before = desmond.get(f"stores/{store_id}/place").text

    answer = desmond.post(f"stores/{store_id}/place", **store_fields() | {"unit": "B 17"})

    assert "33.30100, -111.89800" in before
    assert answer.status_code == 303
    assert "B 17" in desmond.get(f"stores/{store_id}").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("site_name", ""),
        ("site_name", "x" * 121),
        ("city", "Phoe\nnix"),
        ("timezone", "Arizona"),
        ("timezone", "../../etc/passwd"),
        ("point", "Phoenix"),
        ("point", "91, 0"),
        ("point", "33.6766"),
        ("parking", "33.6766, 181"),
        ("entrance_floor", "first"),
        ("kind", "airport"),
        ("roads", "seaside"),
        ("dispatcher_phone", "ask Desmond"),
        ("dispatcher_phone", "0101"),
        ("dispatcher_phone", "+1 480 555 0101; 0102"),
    ],
)
def test_what_cannot_be_a_place_is_explained_at_its_field(
    mall: Mall, desmond: Office, field: str, typed: str
):
    with mall.reading():
        before = len(sites.all_sites())

    answer = desmond.post("sites", **site_fields() | {field: typed})

    assert answer.status_code == 422
    assert f'id="SiteForm-{field}-error"' in answer.text
    assert "By the cinema" in answer.text
    with mall.reading():
        assert len(sites.all_sites()) == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [("store_name", " "), ("merchant", ""), ("floor", "100"), ("floor_name", ""), ("counter", "1")],
)
def test_what_cannot_be_a_store_is_explained_at_its_field(
    mall: Mall, desmond: Office, field: str, typed: str
):
    answer = desmond.post(f"sites/{mall.site_id}/stores", **store_fields() | {field: typed})

    assert answer.status_code == 422
    assert f'id="StoreForm-{field}-error"' in answer.text


def test_managers_see_no_way_to_places(marta: Office):
    page = marta.get("stores").text

    assert "Open a place" not in page
    assert "/console/sites/" not in page


def test_page_of_a_place_says_how_long_things_take_there(mall: Mall, desmond: Office):
    assert "Nothing yet. An hour after" in desmond.get(f"sites/{mall.site_id}").text
    with mall.writing() as current:
        for timed, ref, seen, log_sum in (
            ("counter", mall.store.store_id, 90, 90 * math.log(2)),
            ("door", "pin", 4, 0.0),
            ("drive", "evening", 90, 90 * math.log(1.5)),
            ("parking", "", 90, 0.0),
            ("walk", "", 90, 0.0),
        ):
            current.add(
                LearnedTime(
                    site_id=mall.site_id,
                    timed=timed,
                    ref=ref,
                    observed=seen,
                    weight=seen,
                    log_sum=log_sum,
                    log_sq_sum=log_sum**2 / seen,
                    seen_at=clock.now(),
                )
            )

    page = desmond.get(f"sites/{mall.site_id}").text

    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in page.split("<tr>")[2:]]
    said = [" ".join(row) for row in rows]
    assert any(
        re.match(r"At the counter of Lumen, one order 2 min 0 s 3 min \d+ s 90", row)
        for row in said
    )
    assert any(
        row.startswith("At a door, with the PIN 1 min 30 s not enough yet 4") for row in said
    )
    assert any(
        re.match(r"Driving, weekdays 16–19 as estimated 1\.[34]\d times that 90", row)
        for row in said
    )
