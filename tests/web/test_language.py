"""The reader's language: what the browser asks for, unless the reader chose."""

import html
import re

import pytest
from flask.testing import FlaskClient

from tests.factories import Mall
from tests.personas import Clerk


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "es-MX"),
        ("en-GB", "en-GB"),
        ("de-DE,de;q=0.9", "en-US"),
        ("es", "es-US"),
        ("", "en-US"),
        ("x-" + "y" * 300, "en-US"),
        ("*", "en-US"),
        ("es-ZZZZZZ", "es-US"),
    ],
)
def test_page_is_in_the_language_asked_for(client: FlaskClient, asked: str, lang: str):
    page = client.get("/driver/login", headers={"Accept-Language": asked})

    assert f'lang="{lang}"' in page.text


def test_chosen_language_is_kept(client: FlaskClient):
    client.get("/driver/login?lang=es")

    page = client.get("/driver/login", headers={"Accept-Language": "en-US"})

    assert 'lang="es-US"' in page.text


@pytest.mark.parametrize("lang", ["de", "..", "<script>", "es_ES"])
def test_unknown_language_is_not_kept(client: FlaskClient, lang: str):
    answer = client.get("/driver/login", query_string={"lang": lang})

    assert "Set-Cookie" not in answer.headers
    assert 'lang="en-US"' in answer.text


def test_refusals_speak_the_language_too(client: FlaskClient):
    english = client.get("/driver/api/state").get_json()
    spanish = client.get("/driver/api/state?lang=es").get_json()

    assert english["code"] == spanish["code"]
    assert english["title"] != spanish["title"]


@pytest.mark.parametrize("path", ["/", "/driver/login", "/console/login?next=/console/today"])
def test_page_offers_the_other_language_and_keeps_the_way(client: FlaskClient, path: str):
    (spanish,) = re.findall(r'href="([^"]+)" lang="es"', client.get(path).text)

    page = client.get(html.unescape(spanish)).text

    assert '<html lang="es-US">' in page
    assert path.partition("next=")[2] in page


def test_tracking_page_offers_the_other_language(mall: Mall):
    link, cleo = mall.link(mall.places()), mall.app.test_client()

    page = cleo.get(link).text

    assert f'href="{link}?lang=es" lang="es"' in page
    assert "Su entrega de Lumen" in cleo.get(f"{link}?lang=es").text


@pytest.mark.parametrize(
    ("asked", "area"),
    [
        ("en-US", "85224, 1 mi north"),
        ("es-US", "85224, 1 mi al norte"),
        ("en-CA", "85224, 2 km north"),
        ("es-MX", "85224, 2 km al norte"),
    ],
)
def test_areas_are_told_in_the_readers_measure(mall: Mall, carl: Clerk, asked: str, area: str):
    mall.places(postal_code="85224-1234")

    state = carl.client.get("/desk/api/state", headers={"Accept-Language": asked}).get_json()

    assert state["to_pack"][0]["area"] == area
