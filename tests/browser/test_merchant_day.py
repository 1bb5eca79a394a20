"""The merchant's open day hears of what happens, and says whose it is."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.accounts import people
from tests import factories
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.promises.serving import Server
from tests.web.bodies import placing

#: Well before the page asks by itself.
HEARD_WITHIN_MS = 10_000


@dataclass(frozen=True, slots=True)
class Day:
    scene: Scene
    token: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Day:
    scene = a_scene(app)
    mall = scene.mall
    with mall.writing():
        ids = [each.merchant_id for each in (mall.store, mall.other_store)]
        person_id = factories.a_person("Mia Moreno", ("merchant", ids[0]))
        people.grant_role(person_id, "merchant", ids[1])
        token = factories.a_session("merchant", person_id=person_id).token
    return Day(scene, token)


def test_open_day_hears_of_an_order_and_switches(
    stage: Day, tablet: Page, tablet_context: BrowserContext, opens: OpensBrowser, server: Server
):
    sign_in(tablet_context, server.url, merchant=stage.token)
    desk = opens()
    sign_in(desk, server.url, **stage.scene.clerk.cookies)
    tablet.goto("/merchant/")
    tablet.locator("[data-connected=true]").wait_for()

    send(desk, "/desk/api/deliveries", **placing() | {"merchant_ref": "L-900"})

    expect(tablet.get_by_text("L-900")).to_be_visible(timeout=HEARD_WITHIN_MS)
    tablet.get_by_role("combobox", name="Merchant").select_option(label="Orbit Inc.")
    tablet.get_by_role("button", name="Switch").click()
    tablet.get_by_text("Deliveries appear here").wait_for()
    expect(tablet.get_by_text("L-900")).to_have_count(0)


def test_menu_of_a_phone_is_one_line_and_opens_by_keyboard(
    stage: Day, phone: Page, phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, merchant=stage.token)
    phone.goto("/merchant/")
    head = phone.locator(".console-head").bounding_box()
    assert head is not None
    assert head["height"] < 80
    expect(phone.get_by_role("link", name="Webhooks")).to_have_count(0)

    phone.locator("summary", has_text="Menu").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()
    phone.get_by_role("link", name="Webhooks").press("Enter")

    expect(phone.get_by_role("heading", name="Webhooks")).to_be_visible()
