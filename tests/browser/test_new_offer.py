"""A run that comes while a driver waits is said, sounds, and is felt in the hand."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.promises.serving import Server
from tests.web.bodies import placing

#: Keeps what the phone's motor was asked for.
WATCHED_MOTOR = "window.buzzed = []; navigator.vibrate = (pattern) => window.buzzed.push(pattern);"


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    return a_scene(app)


def test_new_run_is_told_to_who_waits(
    stage: Scene, phone_context: BrowserContext, opens: OpensBrowser, server: Server
):
    sign_in(phone_context, server.url, driver=stage.driver.token)
    page = phone_context.new_page()
    page.add_init_script(WATCHED_MOTOR)
    page.goto("/driver/")
    page.get_by_text("right now.").click()
    said = page.locator(".toasts[role=status]")

    desk = opens()
    sign_in(desk, server.url, **stage.clerk.cookies)
    send(desk, "/desk/api/deliveries", **placing())

    expect(said).to_contain_text("New run: Chandler Fashion Center, $")
    page.wait_for_function("window.buzzed.length === 1")
    # It lies over what somebody may want to tap.
    said.locator(".toast").click()
    expect(said).to_be_empty()
    page.reload()
    expect(page.get_by_role("button", name="Claim this run")).to_be_visible()
    expect(said).to_be_empty()
