"""Promise: the pages are small enough for a weak signal in a car park."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.promises import weights
from tests.promises.showcase import Showcase, add_showcase

pytestmark = pytest.mark.promise

KB = 1_000
#: The first round trip of a connection carries about so much.
TRACKING_FIRST_PAINT = 14 * KB
TRACKING_SCRIPTS = 30 * KB
DRIVER_START = 60 * KB
#: A shop's own network; the camera, codes and the map come when they are needed.
DESK_START = 76 * KB
#: What shops take into their own pages.
PROMISE_SCRIPT = 6 * KB


@pytest.fixture
def under_way(app: Flask) -> Showcase:
    return add_showcase(app)


def test_tracking_page_paints_from_14_kb(client: FlaskClient, under_way: Showcase):
    size = weights.first_paint(client, under_way.tracking_path)

    assert size <= TRACKING_FIRST_PAINT


def test_tracking_scripts_without_map_are_within_30_kb(client: FlaskClient):
    size = weights.scripts_without_map(client, "customer.js")

    assert size <= TRACKING_SCRIPTS


@pytest.mark.parametrize("screen", ["All stops, in order", "Claim this run"])
def test_driver_app_starts_from_60_kb(client: FlaskClient, under_way: Showcase, screen: str):
    page = weights.first_paint(client, "/driver/", under_way.cookies["driver"])
    scripts = weights.scripts_to_start(client, "driver.js", screen)

    assert page + scripts <= DRIVER_START


def test_desk_starts_from_76_kb(client: FlaskClient):
    page = weights.first_paint(client, "/desk/")
    scripts = weights.scripts_to_start(client, "clerk.js")

    assert page + scripts <= DESK_START


def test_driver_app_starts_without_decoder_and_map():
    entry = weights.manifest()["driver.js"]
    at_once = [entry["file"], *entry["imports"]]
    texts = [(weights.DIST / file).read_text() for file in at_once]

    assert not any(weights.is_map(text) or "zxing_reader" in text for text in texts)
    assert any(file.startswith("zxing_reader") for file in entry["precache"])


def test_promise_in_a_shop_is_one_script_within_6_kb(client: FlaskClient):
    response = client.get("/promise.js", headers={"Accept-Encoding": "gzip"})
    size = len(response.get_data())
    response.close()

    assert response.headers["Content-Encoding"] == "gzip"
    assert 0 < size <= PROMISE_SCRIPT
    assert weights.manifest()["promise.js"] == {"file": "promise.js"}
