import pytest

from app import clock
from app.accounts import sessions
from tests import factories
from tests.factories import Mall
from tests.office import PASSWORD, login_of


def test_a_link_lets_a_person_choose_a_password_once(mall: Mall):
    with mall.writing():
        person_id = factories.a_person("Ada Lee", ("admin", ""))
        token = sessions.make_sign_in_link(person_id, now=clock.now())
    client = mall.app.test_client()

    assert "Welcome, Ada" in client.get(f"/console/welcome?token={token}").text
    saved = client.post("/console/welcome", data={"token": token, "password": PASSWORD})
    form = {"login": login_of(mall, person_id), "password": PASSWORD}
    login = client.post("/console/login", data=form)

    assert saved.location == "/console/login"
    assert login.status_code == 303
    again = client.get(f"/console/welcome?token={token}", headers={"Accept": "text/html"})
    assert again.status_code == 404
    assert "This link does not work" in again.text


def test_a_driver_is_led_to_the_drivers_sign_in(mall: Mall):
    with mall.writing():
        token = sessions.make_sign_in_link(factories.a_driver("Dee Dix"), now=clock.now())

    saved = mall.app.test_client().post(
        "/console/welcome", data={"token": token, "password": PASSWORD}
    )

    assert saved.location == "/driver/login"


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_poor_password_is_explained_in_place(mall: Mall, password: str):
    with mall.writing():
        token = sessions.make_sign_in_link(factories.a_person("Ada Lee"), now=clock.now())

    response = mall.app.test_client().post(
        "/console/welcome", data={"token": token, "password": password}
    )

    assert response.status_code == 422
    assert "at least 12" in response.text
    assert password == "" or f'value="{password}"' not in response.text


def test_unknown_links_are_refused(mall: Mall):
    client = mall.app.test_client()

    assert client.get("/console/welcome?token=nope").status_code == 404
    form = {"token": "nope", "password": PASSWORD}
    assert client.post("/console/welcome", data=form).status_code == 404
