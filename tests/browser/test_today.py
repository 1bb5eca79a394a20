"""The dispatcher's day stays true while it is open, and says when it can not."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.office import signed_in
from tests.promises.serving import Server
from tests.web.bodies import placing

RENEWED_AFTER_MS = 15_000


@dataclass(frozen=True, slots=True)
class Day:
    scene: Scene
    console_token: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Day:
    scene = a_scene(app)
    return Day(scene, signed_in(scene.mall, "Desmond Day", "dispatcher").token)


def test_open_day_shows_what_comes_in(
    stage: Day, tablet: Page, tablet_context: BrowserContext, opens: OpensBrowser, server: Server
):
    sign_in(tablet_context, server.url, console=stage.console_token)
    desk = opens()
    sign_in(desk, server.url, **stage.scene.clerk.cookies)
    tablet.clock.install()
    tablet.goto("/console/today")
    tablet.get_by_text("This page updates by itself.").wait_for()
    tablet.get_by_text("Deliveries appear here").wait_for()

    send(desk, "/desk/api/deliveries", **placing())
    tablet.clock.fast_forward(RENEWED_AFTER_MS)
    expect(tablet.get_by_role("cell", name="Cleo, Chandler")).to_be_visible()

    tablet_context.set_offline(True)
    tablet.clock.fast_forward(RENEWED_AFTER_MS)
    tablet.get_by_text("No connection. This is how it was at").wait_for()
    expect(tablet.get_by_role("cell", name="Cleo, Chandler")).to_be_visible()

    tablet_context.set_offline(False)
    tablet.clock.fast_forward(RENEWED_AFTER_MS)
    tablet.get_by_text("This page updates by itself.").wait_for()
