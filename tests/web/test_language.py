"""The reader's language: what the browser asks for, unless the reader chose."""

import pytest
from flask.testing import FlaskClient


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
