"""An address that nobody knows: guessed from its street, pasted, moved with keys, said in words."""

import io
import re

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.deliveries import queries as deliveries
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import enrol_tablet
from tests.browser.inspection import Inspection, press


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    scene = a_scene(app)
    scene.mall.knows("2045 W Chandler Blvd", lat=33.3060, lon=-111.8800)
    return scene


def door_of(scene: Scene, delivery_id: str) -> tuple[float, float]:
    """Return where a placed delivery goes."""
    with scene.mall.app.app_context():
        row = deliveries.delivery(delivery_id)
        assert row is not None
        return row.lat, row.lon


def code_in(picture: Locator) -> str:
    """Return what a customer's camera reads from the screen."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())).convert("L"))
    return found.text


def test_unknown_address_is_placed_with_the_keyboard(
    stage: Scene, tablet: Page, inspection: Inspection
):
    enrol_tablet(tablet, stage.enrolment_code)
    press(tablet, tablet.get_by_role("link", name="New delivery"))
    tablet.get_by_label("Recipient").fill("Cleo Núñez")
    tablet.get_by_label("Phone").fill("+1 480 555 0101")
    words = tablet.locator("#point-words")

    street = tablet.get_by_label("Street and number")
    street.press_sequentially("1445 West Chandler Boulevard")
    option = tablet.get_by_role("option", name="1445 W Chandler Blvd")
    expect(option).to_contain_text("Guessed between 1245 W Chandler Blvd and 2045 W Chandler Blvd.")
    inspection.look(tablet, "guessed address")
    street.press("ArrowDown")
    street.press("Enter")
    expect(words).to_contain_text("1.8 mi east of Lumen")
    expect(words).to_contain_text("0.2 mi west of 1245 W Chandler Blvd, the nearest address")

    place = tablet.get_by_label("Link or coordinates")
    place.fill("https://maps.app.goo.gl/abc")
    tablet.get_by_text("This short link hides the place").wait_for()
    place.fill("the blue house")
    place.press("Tab")
    tablet.get_by_text("There is no place in this text").wait_for()
    inspection.look(tablet, "no place in the text")
    place.fill("40.7128, -74.0060")
    expect(words).to_contain_text("This is too far: we deliver within 10 mi of the store.")
    place.fill("33.30601, -111.87001")
    expect(words).not_to_contain_text("Guessed")
    expect(words).not_to_contain_text("too far")

    picker = tablet.get_by_role("application")
    picker.press("+")
    picker.press("ArrowUp")
    picker.press("ArrowRight")
    inspection.look(tablet, "point moved with keys")
    tablet.get_by_role("button", name=re.compile("Place the delivery")).press("Enter")
    link = tablet.get_by_label("Tracking link for the customer").input_value()
    inspection.look(tablet, "placed")
    assert code_in(tablet.get_by_role("img", name="Code for the tracking page")) == link

    lat, lon = door_of(stage, tablet.url.rpartition("/")[2])
    assert 33.30601 < lat < 33.308
    assert -111.87001 < lon < -111.868
    inspection.end()
