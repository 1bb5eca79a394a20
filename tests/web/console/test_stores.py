from datetime import timedelta

import pytest
from flask import Flask

from app import clock, keys
from app.accounts import queries as accounts
from app.sites import queries as sites
from tests import factories
from tests.factories import Mall
from tests.office import PASSWORD, Office, login_of, signed_in


@pytest.mark.parametrize(
    ("role", "scope"),
    [("manager", "store_id"), ("manager", "site"), ("dispatcher", ""), ("admin", "")],
)
def test_stores_in_scope_are_listed(app: Flask, role: str, scope: str):
    mall = factories.a_mall(app)
    scope_id = {"store_id": mall.store.store_id, "site": mall.site_id, "": ""}[scope]
    page = signed_in(mall, "Max Moe", role, scope_id).get("stores").text

    assert "Lumen" in page
    assert ("Orbit" in page) is (scope != "store_id")


def test_without_sign_in_the_form_is_shown(mall: Mall):
    response = mall.app.test_client().get("/console/", headers={"Accept": "text/html"})

    assert response.status_code == 302
    assert response.location.startswith("/console/login")


def test_signing_in_and_out_through_the_form(mall: Mall):
    with mall.writing():
        hashed = keys.hash_password(PASSWORD)
        person_id = factories.a_person("Ada Lee", ("admin", ""), password_hash=hashed)
    client, login = mall.app.test_client(), login_of(mall, person_id)

    opened = client.post("/console/login", data={"login": login, "password": PASSWORD})
    inside = client.get("/console/stores")
    client.post("/console/logout")

    assert opened.status_code == 303
    assert inside.status_code == 200
    assert client.get("/console/", headers={"Accept": "text/html"}).status_code == 302


def test_fifteen_idle_minutes_end_the_sign_in(marta: Office):
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert marta.get("").status_code == 302


def test_a_driver_is_no_manager(mall: Mall):
    driver = signed_in(mall, "Dee Dix", "driver")

    assert "Lumen" not in driver.get("").text
    assert driver.get(f"stores/{mall.store.store_id}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "stores/{store}/desks",
        "stores/{store}/clerks",
        "desks/{desk}/enrolment",
        "desks/{desk}/unlock",
        "desks/{desk}/retire",
        "desks/{desk}/remove",
        "clerks/{clerk}/code",
        "clerks/{clerk}/remove",
    ],
)
def test_other_peoples_stores_do_not_exist(mall: Mall, marta: Office, path: str):
    with mall.writing():
        clerk_id, _ = factories.a_clerk(mall.other_store.store_id, "Mallory")
    there = mall.other_store
    address = path.format(store=there.store_id, desk=there.desk_id, clerk=clerk_id)

    response = marta.post(address, desk_name="Mine", first_name="Mine", code="111111")

    assert response.status_code == 404
    with mall.reading():
        assert sites.desk(there.desk_id) is not None
        assert [row.first_name for row in accounts.clerks_of_store(there.store_id)] == ["Mallory"]


def test_other_peoples_store_page_does_not_exist(mall: Mall, marta: Office):
    assert marta.get(f"stores/{mall.other_store.store_id}").status_code == 404
