"""A dispatcher opens a block, a driver takes it on the phone, sees it, and gives it back."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app import clock
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection
from tests.office import signed_in
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Desk:
    scene: Scene
    token: str

    def opens_day(self) -> str:
        """Return a day some days ahead at the mall, as a field takes it."""
        today = clock.now().astimezone(ZoneInfo("America/Phoenix")).date()
        return (today + timedelta(days=3)).isoformat()


@pytest.fixture(scope="module")
def stage(app: Flask) -> Desk:
    scene = a_scene(app)
    desmond = signed_in(scene.mall, "Desmond Day", "dispatcher")
    return Desk(scene, desmond.token)


def test_block_is_opened_taken_and_given_back(
    stage: Desk,
    tablet_context: BrowserContext,
    phone_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, console=stage.token)
    sign_in(phone_context, server.url, driver=stage.scene.driver.token)
    tablet, phone = tablet_context.new_page(), phone_context.new_page()

    tablet.goto(f"/console/sites/{stage.scene.mall.site_id}")
    tablet.get_by_role("link", name="Blocks for drivers").click()
    tablet.get_by_text("No block yet.").wait_for()
    tablet.get_by_label("Day").fill(stage.opens_day())
    tablet.get_by_label("For how many drivers").fill("1")
    tablet.get_by_role("button", name="Open the block").click()
    tablet.get_by_text("The block is open. Drivers can take it now.").wait_for()

    phone.goto("/driver/#/blocks")
    expect(phone.get_by_text("At least $80.00, $20.00 an hour")).to_be_visible()
    inspection.look(phone, "blocks-open")
    phone.get_by_role("button", name="Take this block").click()
    expect(phone.locator("[data-blocks=mine] [data-block]")).to_have_count(1)
    inspection.look(phone, "blocks-mine")
    tablet.reload()
    expect(tablet.get_by_role("cell", name="Dina Diaz")).to_be_visible()
    inspection.look(tablet, "blocks-console")

    phone.get_by_role("button", name="Give it back").click()
    expect(phone.locator("[data-blocks=open] [data-block]")).to_have_count(1)
    expect(phone.get_by_text("None yet.")).to_be_visible()
    inspection.end()
