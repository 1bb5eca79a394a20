"""How answers travel: compressed where it pays, built files kept for ever, health in short."""

import gzip

import pytest
from flask.testing import FlaskClient

from tests.factories import Mall
from tests.personas import Driver, code_of

ZIPPED = {"Accept-Encoding": "gzip"}


def test_long_state_is_compressed_when_asked(mall: Mall, dina: Driver):
    mall.offers()
    plain = dina.client.get("/driver/api/state")
    zipped = dina.client.get("/driver/api/state", headers=ZIPPED)

    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] == plain.headers["ETag"]
    assert b'"offers"' in gzip.decompress(zipped.data)
    assert "Accept-Encoding" in zipped.headers["Vary"]


def test_letters_stand_in_json_as_they_are(client: FlaskClient):
    refused = client.get("/driver/api/state?lang=es")

    assert not (title := refused.get_json()["title"]).isascii()
    assert title in refused.text
    assert refused.mimetype == "application/problem+json"


def test_short_answer_is_not_worth_it(client: FlaskClient):
    assert "Content-Encoding" not in client.get("/healthz", headers=ZIPPED).headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_process_says_that_it_works(client: FlaskClient, path: str):
    assert client.get(path).get_json()["ok"] is True


def test_missing_file_is_a_problem(client: FlaskClient):
    assert code_of(client.get("/static/dist/nothing.js")) == "not_found"


def test_icons_are_kept_for_an_hour(client: FlaskClient):
    with client.get("/static/icons/favicon.svg") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("path", "scope"), [("/driver/sw.js", "/driver/"), ("/desk/sw.js", "/desk/")]
)
def test_service_worker_stays_in_its_scope_and_is_asked_anew(
    client: FlaskClient, path: str, scope: str
):
    with client.get(path) as answer:
        assert answer.headers["Service-Worker-Allowed"] == scope
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.mimetype == "text/javascript"
