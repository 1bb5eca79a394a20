"""Screens that the app loads when they are opened, where the browser keeps nothing for it."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import PHONE, OpensBrowser, sign_in
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    return a_scene(app)


def test_screen_that_cannot_be_fetched_says_so_and_opens_later(
    stage: Scene, opens: OpensBrowser, server: Server
):
    context = opens(viewport=PHONE, service_workers="block")
    sign_in(context, server.url, driver=stage.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    account = page.get_by_role("link", name=re.compile("Account"))
    account.wait_for()
    context.set_offline(True)

    account.click()
    expect(page.get_by_role("heading", name="This page could not be loaded")).to_be_focused()
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
