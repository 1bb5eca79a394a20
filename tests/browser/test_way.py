"""The way to a door: the driver's own map app comes first, and the address can be taken along."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import open_run
from tests.browser.inspection import Inspection
from tests.promises.serving import Server

#: What was copied: a browser without a person in front of it has no clipboard to look into. And the
#: map app is not on this machine.
WATCHED = """
window.copied = [];
if (navigator.clipboard) navigator.clipboard.writeText = async (text) => { copied.push(text); };
addEventListener("click", (event) => {
  if (event.target.closest("[data-navigation]")) event.preventDefault();
});
"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    scene = a_scene(app)
    scene.collects()
    return scene


def test_chosen_map_app_comes_first_and_the_address_is_copied(
    stage: Scene, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    phone_context.add_init_script(WATCHED)
    page = open_run(phone_context, server.url, stage.driver)
    first = page.locator("[data-navigation]").first
    page.get_by_role("button", name="Show the way").click()
    expect(first).to_have_attribute("data-navigation", "geo")

    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="Address copied")).to_be_visible()
    (address,) = page.evaluate("copied")
    (door,) = stage.driver.stops("dropoff")
    assert address.startswith(door["delivery"]["street"])
    assert door["delivery"]["unit"] not in address
    inspection.look(page, "navigation to a door")

    page.get_by_role("link", name="Waze").click()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Show the way").click()
    expect(first).to_have_attribute("data-navigation", "waze")
    inspection.end()
