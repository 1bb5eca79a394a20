"""The keyboard alone goes the way from the claim to the handover."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import enrol_tablet, sign_in
from tests.browser.inspection import Inspection, press, see_title
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    scene = a_scene(app)
    scene.mall.offers({})
    return scene


def test_keyboard_alone_claims_and_hands_over(
    stage: Scene,
    tablet: Page,
    phone: Page,
    phone_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    enrol_tablet(tablet, stage.enrolment_code)
    sign_in(phone_context, server.url, driver=stage.driver.token)
    phone.goto("/driver/")

    press(phone, phone.get_by_role("button", name="Claim this run"))
    press(phone, phone.get_by_role("button", name="I am at the counter"))
    press(tablet, tablet.get_by_role("link", name="Hand over"))
    inspection.look(tablet, "handover of what is not packed")
    press(tablet, tablet.get_by_role("button", name=re.compile("Mark packed")))
    tablet.get_by_label("Cleo").wait_for()
    inspection.look(tablet, "handover choice")
    press(tablet, tablet.get_by_role("button", name=re.compile("show the code")))
    tablet.locator("[data-release-qr]").wait_for()
    expect(tablet.locator(".toasts")).to_have_css("opacity", "0")
    inspection.look(tablet, "code")
    press(phone, phone.get_by_role("link", name="Type the short code"))
    # Who types looks at the field first, and so the field has been there for longer than a frame.
    expect(phone.get_by_label("Six characters below the code")).to_be_focused()
    phone.keyboard.type(tablet.locator("[data-short-code]").inner_text())
    phone.keyboard.press("Enter")

    see_title(phone, "Bring 2 parcels to Cleo")
    tablet.get_by_text("has 2 of 2 parcels").wait_for()
    inspection.look(tablet, "handover result")
    press(tablet, tablet.get_by_role("button", name="Done"))
    tablet.get_by_role("heading", name="Who is coming").wait_for()
    inspection.end()
