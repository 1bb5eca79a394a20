"""The desk on a phone, in the language with the longer words: nothing is squeezed or cut off."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import PHONE, OpensBrowser
from tests.factories import CARLS_CODE

#: Lines of a title, in CSS pixels; a squeezed one stands on ten.
TITLE_HEIGHT_MAX = 80
#: Buttons that are narrower than their words.
CUT_OFF = """[...document.querySelectorAll("button, a.button")].filter((button) =>
  button.checkVisibility() && button.scrollWidth > button.clientWidth + 1
).map((button) => button.textContent)"""
WIDTHS = (PHONE["width"], 320)


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    scene = a_scene(app)
    scene.mall.offers({})
    return scene


def see_whole(page: Page) -> None:
    """Hold a screen to its width on two phones: its title in full words, nothing beside it."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        box = page.locator("h1").bounding_box()
        assert box is not None
        assert box["height"] < TITLE_HEIGHT_MAX, f"{page.url} at {width}: {box}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert page.evaluate(CUT_OFF) == [], f"{page.url} at {width}"


def test_spanish_desk_fits_a_phone(stage: Scene, opens: OpensBrowser):
    page = opens(viewport=PHONE, locale="es-MX").new_page()
    page.goto(f"/desk/#code={stage.enrolment_code}")
    page.get_by_role("button", name="Registrar esta tableta").click()
    page.get_by_text("Escriba su código").wait_for()
    page.keyboard.type(CARLS_CODE)
    expect(page.get_by_role("heading", name="Quién viene")).to_be_visible()

    see_whole(page)
    page.get_by_role("link", name="Nueva entrega").click()
    page.get_by_role("button", name=re.compile("Crear la entrega")).click()
    page.get_by_text("campos necesitan su atención").wait_for()
    see_whole(page)
