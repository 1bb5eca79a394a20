"""The console of an operator with many places: it stays where its reader is."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hands import PHONE, OpensBrowser, sign_in
from tests.browser.inspection import Inspection, see_title
from tests.many_places import add_places, add_work, name_of, office_of
from tests.promises.crowd import Place
from tests.promises.serving import Server

RENEWED_AFTER_MS = 15_000


@dataclass(frozen=True, slots=True)
class Stage:
    app: Flask
    places: list[Place]
    token: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    """Thirty malls, two of them in trouble."""
    places = add_places(app, 30)
    add_work(app, places[:2], is_late=True)
    return Stage(app, places, office_of(app).token)


def test_what_was_unfolded_stays_so_when_the_page_is_renewed(
    stage: Stage, tablet: Page, tablet_context: BrowserContext, server: Server
):
    sign_in(tablet_context, server.url, console=stage.token)
    tablet.clock.install()
    tablet.goto("/console/today")
    tablet.get_by_text("This page updates by itself.").wait_for()
    fold, folded = tablet.locator("summary"), tablet.locator("details")
    fold.click()
    tablet.get_by_role("link", name=name_of(20)).focus()
    tablet.get_by_label("Find a place by its name").evaluate("field => (field.value = 'Ty')")
    expect(folded).to_contain_text(name_of(2))

    add_work(stage.app, stage.places[2:3], is_late=True)
    tablet.clock.fast_forward(RENEWED_AFTER_MS)

    expect(folded).not_to_contain_text(name_of(2))
    expect(tablet.get_by_role("link", name=name_of(20))).to_be_focused()
    expect(tablet.get_by_label("Find a place by its name")).to_have_value("Ty")

    fold.focus()
    add_work(stage.app, stage.places[3:4], is_late=True)
    tablet.clock.fast_forward(RENEWED_AFTER_MS)

    expect(folded).not_to_contain_text(name_of(3))
    expect(fold).to_be_focused()
    expect(tablet.get_by_role("link", name=name_of(20))).to_be_visible()


def test_day_of_a_place_stays_true_while_it_is_open(
    stage: Stage, tablet: Page, tablet_context: BrowserContext, server: Server
):
    sign_in(tablet_context, server.url, console=stage.token)
    place = stage.places[10]
    tablet.clock.install()
    tablet.goto(f"/console/today/{place.site_id}")
    tablet.get_by_text("Deliveries appear here").wait_for()

    add_work(stage.app, [place])
    tablet.clock.fast_forward(RENEWED_AFTER_MS)

    expect(tablet.get_by_role("cell", name="Cleo, Chandler")).to_be_visible()
    expect(tablet.get_by_text("1 delivery to bring · 1 run on offer")).to_be_visible()


def test_a_place_is_found_by_keyboard_and_without_scripts(
    opens: OpensBrowser, server: Server, stage: Stage
):
    context = opens(java_script_enabled=False)
    sign_in(context, server.url, console=stage.token)
    page = context.new_page()
    page.goto("/console/today")

    field = page.get_by_label("Find a place by its name")
    field.press_sequentially("mall 02")
    field.press("Enter")

    expect(page.get_by_role("link", name=name_of(29))).to_be_visible()
    expect(page.get_by_role("link", name=name_of(12))).to_have_count(0)
    page.get_by_role("link", name=name_of(29)).press("Enter")
    expect(page.get_by_role("heading", name=name_of(29))).to_be_visible()
    page.get_by_role("link", name="Today at all places").press("Enter")
    expect(page.get_by_role("heading", name="What needs a look")).to_be_visible()


def test_pages_of_many_places_pass_the_inspection(
    stage: Stage,
    tablet: Page,
    tablet_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, console=stage.token)
    for screen, address, title in (
        ("today of many", "/console/today", "Today"),
        ("places found", "/console/today?name=mall 00", "Today"),
        ("day of a place", f"/console/today/{stage.places[0].site_id}", name_of(0)),
        ("places with their stores", "/console/stores", "Stores"),
    ):
        tablet.goto(address)
        see_title(tablet, title)
        inspection.look(tablet, screen)
        inspection.walk(tablet, screen)
    inspection.end()


def test_pages_of_many_places_fit_a_phone_in_spanish(
    opens: OpensBrowser, server: Server, stage: Stage
):
    context = opens(viewport=PHONE, locale="es-US")
    sign_in(context, server.url, console=stage.token)
    page = context.new_page()
    for address in ("today", "today?name=mall", f"today/{stage.places[0].site_id}", "stores"):
        page.goto(f"/console/{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address
