"""The driver's app on the narrowest phones, in the language with the longer words: no sideways."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, sign_in
from tests.promises.serving import Server

#: CSS pixels: the narrowest phone, and one of 390 zoomed to twice the size.
WIDTHS = (320, 195)
HEIGHT = 844

#: What stands out of the window to the right, except what only screen readers have.
BEYOND = """() => [...document.querySelectorAll("#app *")].filter((part) => {
  const { right, width } = part.getBoundingClientRect();
  return width > 2 && right > document.documentElement.clientWidth + 1;
}).map((part) => part.outerHTML.slice(0, 120))"""


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    looking: Scene
    driving: Scene


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    looking, driving = a_scene(app), a_scene(app)
    looking.mall.offers({}, {"proof": "photo"})
    driving.claims()
    return Stage(looking, driving)


def spanish_phone(opens: OpensBrowser, server: Server, scene: Scene) -> Page:
    context = opens(viewport={"width": WIDTHS[0], "height": HEIGHT}, locale="es-MX")
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    return page


def see_nothing_beside(page: Page, title: str) -> None:
    """Hold a screen to the window's width, on every phone."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert page.evaluate(BEYOND) == [], f"{title} at {width}"


def test_looking_for_a_run_fits(stage: Stage, opens: OpensBrowser, server: Server):
    page = spanish_phone(opens, server, stage.looking)

    see_nothing_beside(page, "Recorridos disponibles")
    page.goto("/driver/#/account")
    see_nothing_beside(page, "Dina Diaz")
    page.locator("[data-action=off-duty]").click()
    see_nothing_beside(page, "¿Dónde conduce hoy?")


def test_driving_a_run_fits(stage: Stage, opens: OpensBrowser, server: Server):
    page = spanish_phone(opens, server, stage.driving)

    see_nothing_beside(page, "Recoja 2 paquetes")
    page.locator("[data-action=release]").click()
    see_nothing_beside(page, "¿Por qué devuelve")
    page.locator("[data-action=back]").click()
    page.locator("[data-action=arrive]").click()
    page.locator("[data-action=code]").click()
    see_nothing_beside(page, "código corto")
