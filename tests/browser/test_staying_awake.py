"""While a driver waits for a run the screen stays on, if that is wanted or the phone charges."""

import re
from typing import Final

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, sign_in
from tests.browser.inspection import Inspection
from tests.promises.serving import Server

NARROW: Final = {"width": 320, "height": 640}
#: A phone that notes whether its screen is held on, and may forbid it.
SCREEN = """
window.held = 0;
if (navigator.wakeLock) navigator.wakeLock.request = async () => {
  if (window.isSaving) throw new DOMException("", "NotAllowedError");
  const sentinel = new EventTarget();
  sentinel.released = false;
  sentinel.release = async () => {
    if (!sentinel.released) window.held -= 1;
    sentinel.released = true;
  };
  window.held += 1;
  return sentinel;
};
"""
#: What a browser tells of the battery; `plug` changes it.
BATTERY = """
window.battery = Object.assign(new EventTarget(), { charging: %s });
navigator.getBattery = async () => battery;
window.plug = (charging) => {
  battery.charging = charging;
  battery.dispatchEvent(new Event("chargingchange"));
};
"""
CHARGING, ON_BATTERY = BATTERY % "true", BATTERY % "false"
SAYS_NOTHING = "navigator.getBattery = undefined;"
WITHOUT_IT = "Object.defineProperty(Navigator.prototype, 'wakeLock', { value: undefined });"


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    return a_scene(app)


def waiting(opens: OpensBrowser, server: Server, scene: Scene, *scripts: str) -> Page:
    """Open the app of a driver on duty without a run."""
    context = opens(viewport=NARROW)
    for script in scripts:
        context.add_init_script(script)
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_text("right now.").wait_for()
    return page


def the_switch(page: Page) -> Locator:
    return page.get_by_role("switch", name="Keep the screen on while waiting")


def see_held(page: Page, count: int) -> None:
    """Wait until the screen is held on so many times."""
    wait = """async (count) => {
      while (held !== count) await new Promise((go) => requestAnimationFrame(go));
    }"""
    page.evaluate(wait, count)


def test_screen_stays_on_as_the_driver_says_and_goes_dark_elsewhere(
    stage: Scene, opens: OpensBrowser, server: Server
):
    page = waiting(opens, server, stage, SCREEN, SAYS_NOTHING)
    expect(the_switch(page)).not_to_be_checked()
    assert page.evaluate("held") == 0

    the_switch(page).press("Space")
    see_held(page, 1)
    page.reload()
    expect(the_switch(page)).to_be_checked()
    see_held(page, 1)
    page.get_by_role("link", name=re.compile("Account")).click()
    see_held(page, 0)
    page.get_by_role("button", name="Back", exact=True).click()
    see_held(page, 1)
    the_switch(page).press("Space")

    see_held(page, 0)


def test_screen_stays_on_by_itself_only_while_the_phone_charges(
    stage: Scene, opens: OpensBrowser, server: Server
):
    page = waiting(opens, server, stage, SCREEN, ON_BATTERY)
    expect(page.get_by_text("it is on while the phone charges")).to_be_visible()
    expect(the_switch(page)).not_to_be_checked()
    page.evaluate("plug(true)")
    expect(the_switch(page)).to_be_checked()
    see_held(page, 1)

    the_switch(page).uncheck()
    see_held(page, 0)
    page.evaluate("plug(false); plug(true)")

    # What the driver says counts from then on.
    expect(the_switch(page)).not_to_be_checked()
    expect(page.get_by_text("it is on while the phone charges")).to_have_count(0)
    assert page.evaluate("held") == 0


def test_phone_that_does_not_allow_it_is_told_of(
    stage: Scene, opens: OpensBrowser, server: Server, inspection: Inspection
):
    page = waiting(opens, server, stage, SCREEN, "window.isSaving = true;", CHARGING)

    said = page.locator("[data-part=awake] [role=status]")
    expect(said).to_contain_text("The phone does not allow it now")
    inspection.look(page, "waiting")
    inspection.walk(page, "waiting")
    inspection.end()


def test_browser_without_it_shows_no_switch(stage: Scene, opens: OpensBrowser, server: Server):
    page = waiting(opens, server, stage, WITHOUT_IT)

    # Which stands below the place of the switch.
    page.get_by_text("Your shift:").wait_for()
    expect(page.locator("[data-part=awake]")).to_have_count(0)
