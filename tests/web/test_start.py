import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.demo.people import SHARED_PASSWORD
from app.web.start.present import network_of
from tests import databases, seeded
from tests.factories import Mall


@pytest.fixture
def demo(seeded_instance: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """A visitor of a seeded demo."""
    with seeded.copy_of(seeded_instance, tmp_path) as application:
        yield application.test_client()


def value_of(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_start_page_says_what_it_is_to_people_and_search_engines(client: FlaskClient):
    response = client.get("/")

    assert response.status_code == 200
    assert "<title>Mallrun: same-day delivery from the shops of a mall</title>" in response.text
    assert '<meta name="description"' in response.text
    assert "noindex" not in response.text
    assert "X-Robots-Tag" not in response.headers
    assert response.text.count("<h1") == 1


def test_start_page_leads_every_audience_to_its_door(client: FlaskClient):
    page = client.get("/").text

    assert "/driver/" in page
    assert "/desk/" in page
    assert "/console/" in page


@pytest.mark.parametrize(
    ("url", "codes"), [("http://127.0.0.1:8765", 0), ("https://mall.example", 2)]
)
def test_codes_are_shown_where_a_phone_can_follow_them(
    engine_url: str, tmp_path: Path, url: str, codes: int
):
    settings = databases.settings_for(engine_url, tmp_path, PUBLIC_URL=url)

    with create_app(settings).test_client() as client:
        assert client.get("/").text.count("<svg") == codes


def test_start_page_speaks_spanish_when_asked_and_remembers_it(client: FlaskClient):
    client.get("/?lang=es")

    assert '<html lang="es-US">' in client.get("/").text


def test_one_tap_signs_in_as_each_of_the_demos_people(demo: FlaskClient):
    fields = r'.*?name="login" value="([^"]+)".*?name="password" value="([^"]+)"'
    forms = re.findall(f'action="(/\\w+/login)"{fields}', demo.get("/").text, re.DOTALL)

    homes = [
        demo.post(address, data={"login": login, "password": password}).location
        for address, login, password in forms
    ]

    # The driver at the mall, the hub's own, manager, dispatcher and merchant.
    assert homes == ["/driver/", "/driver/", "/console/", "/console/", "/merchant/"]
    assert all(demo.get(home, follow_redirects=True).status_code == 200 for home in set(homes))


@pytest.mark.usefixtures("mall")
def test_no_login_is_shown_where_the_demo_was_not_seeded(client: FlaskClient):
    page = client.get("/").text

    assert SHARED_PASSWORD not in page
    assert "simulated" not in page


@pytest.mark.parametrize("address", ["/demo/tablet", "/demo/drive"])
def test_the_demos_doors_exist_in_a_demo_only(client: FlaskClient, mall: Mall, address: str):
    form = {"desk_id": mall.store.desk_id, "site_id": mall.site_id}

    assert client.post(address, data=form).status_code == 404


def test_no_certificate_is_offered_without_a_local_authority(client: FlaskClient):
    assert client.get("/ca.crt").status_code == 404


def test_the_local_authority_can_be_downloaded(engine_url: str, tmp_path: Path):
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    given = {"TLS_CA": str(tmp_path / "ca.pem"), "PUBLIC_URL": "https://192.0.2.7:8765"}
    settings = databases.settings_for(engine_url, tmp_path, **given)

    with create_app(settings).test_client() as client:
        page, response = client.get("/").text, client.get("/ca.crt", buffered=True)

    assert "Let a phone trust this computer" in page
    assert 'href="https://192.0.2.7:8765/ca.crt"' in page
    assert page.count("<svg") == 3
    assert response.mimetype == "application/x-x509-ca-cert"
    assert response.text.startswith("-----BEGIN CERTIFICATE")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8765", "this_computer"),
        ("http://localhost:8765", "this_computer"),
        ("http://192.0.2.7:8765", "insecure"),
        ("https://mall.example", "public"),
    ],
)
def test_the_page_knows_what_a_phone_will_meet(tmp_path: Path, url: str, expected: str):
    settings = Settings.from_env({"MALL_INSTANCE_DIR": str(tmp_path), "MALL_PUBLIC_URL": url})

    assert network_of(settings) == expected


@pytest.mark.slow
def test_demo_shows_logins_and_a_tracking_page_that_opens(demo: FlaskClient):
    page = demo.get("/").text

    assert "dina@mallrun.example" in page
    assert SHARED_PASSWORD in page
    assert "204816" in page
    link = re.search(r'href="http://[^/]+(/t/[^"]+)"', page)
    assert link is not None
    assert demo.get(link[1]).status_code == 200


@pytest.mark.slow
def test_demo_can_be_tried_at_another_mall(demo: FlaskClient):
    page = demo.get("/").text
    last = re.findall(r"mall=(sit_[a-z2-7]{26})", page)[-1]

    assert "daphne@mallrun.example" in demo.get(f"/?mall={last}").text


@pytest.mark.slow
def test_an_unknown_mall_or_run_shows_the_first_mall(demo: FlaskClient):
    page = demo.get("/?mall=sit_nowhere&run=run_nowhere").text

    assert "dina@mallrun.example" in page


@pytest.mark.slow
def test_opening_the_tablet_enrols_it_as_the_stores_counter(demo: FlaskClient):
    desk_id = value_of(demo.get("/").text, "desk_id")

    response = demo.post("/demo/tablet", data={"desk_id": desk_id})

    assert response.status_code == 303
    assert re.fullmatch(r"/desk/#code=[0-9A-HJKMNP-TV-Z]{10}", response.location)


@pytest.mark.slow
def test_a_real_tablet_gets_a_code_to_scan_and_to_type(demo: FlaskClient):
    desk_id = value_of(demo.get("/").text, "desk_id")

    page = demo.post("/demo/tablet", data={"desk_id": desk_id, "where": "other"}).text

    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page)
    assert "in another browser on this computer" in page


@pytest.mark.slow
def test_every_store_of_a_run_has_a_tablet_to_open(demo: FlaskClient):
    page = demo.get("/").text
    desk_ids = set(re.findall(r'name="desk_id" value="([^"]+)"', page))

    # Of the mall's six stores, the station and the hub.
    assert len(desk_ids) == 8
    assert "Cody, code 357914" in page
    assert "hester@mallrun.example" in page
    for desk_id in desk_ids:
        assert demo.post("/demo/tablet", data={"desk_id": desk_id}).status_code == 303


@pytest.mark.slow
def test_simulated_driver_takes_a_run_and_its_pages_are_linked(demo: FlaskClient):
    site_id = value_of(demo.get("/").text, "site_id")

    response = demo.post("/demo/drive", data={"site_id": site_id})
    page = demo.get(response.location).text

    assert response.status_code == 303
    assert "has taken a run" in page
    assert page.count("'s parcel from ") >= 2


@pytest.mark.slow
@pytest.mark.parametrize("form", [{}, {"desk_id": "dsk_x"}, {"site_id": "sit_x"}])
@pytest.mark.parametrize("address", ["/demo/tablet", "/demo/drive"])
def test_unknown_desks_and_malls_are_refused(demo: FlaskClient, address: str, form: dict):
    assert demo.post(address, data=form).status_code == 404


@pytest.mark.slow
def test_busy_drivers_are_explained(demo: FlaskClient):
    site_id = value_of(demo.get("/").text, "site_id")
    for _ in range(4):
        demo.post("/demo/drive", data={"site_id": site_id})

    response = demo.post("/demo/drive", data={"site_id": site_id}, headers={"Accept": "text/html"})

    assert response.status_code == 409
    assert "All simulated drivers are busy" in response.text
    # "Watch one of their runs": from there one comes to them.
    assert f'href="/?mall={site_id}#ride"' in response.text
