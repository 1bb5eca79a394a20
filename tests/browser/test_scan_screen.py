"""The scanning screen itself: what it says while it waits, its switches, and that it comes back."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from app.sites.qr_codes import qr_image
from tests.browser.camera import (
    FRAME_SIZE,
    HIDE,
    LAMP_AND_ZOOM,
    OPENED,
    SHOW,
    SLOW,
    STATES,
    WATCHED_CAMERA,
    Camera,
)
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import enrolled_as
from tests.browser.hands import PHONE, OpensBrowser, see_problem, sign_in
from tests.promises.serving import Server

#: Waits for that many settings and takes them.
ASKED = """
async (count) => {
  while (asked.length < count) await new Promise((go) => requestAnimationFrame(go));
  return asked.splice(0);
}
"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    # Each phone is a phone of its own: the second one of a driver may not collect.
    return {name: at_counter(a_scene(app)) for name in ("looks", "collects")}


def at_counter(scene: Scene) -> Scene:
    scene.claims(proof="none")
    (stop,) = scene.driver.stops("pickup")
    assert scene.driver.arrive(stop).status_code == 200
    return scene


@pytest.fixture
def scene(stage: dict[str, Scene]) -> Scene:
    return stage["looks"]


@pytest.fixture(autouse=True)
def nothing_to_see(camera: Camera) -> None:
    camera.show(Image.new("RGB", FRAME_SIZE, "grey"))


@pytest.fixture
def phone_context(opens: OpensBrowser) -> BrowserContext:
    context = opens(viewport=PHONE, permissions=["camera"])
    context.add_init_script(WATCHED_CAMERA)
    return context


def open_scanner(context: BrowserContext, server: Server, scene: Scene) -> Page:
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="Scan the code on the tablet").click()
    return page


def test_waiting_for_the_camera_is_said(scene: Scene, opens: OpensBrowser, server: Server):
    context = opens(viewport=PHONE, permissions=["camera"])
    context.add_init_script(SLOW + WATCHED_CAMERA)
    page = open_scanner(context, server, scene)

    expect(page.get_by_text("Opening the camera.")).to_be_visible()
    expect(page.locator(".scan-frame")).to_have_count(0)
    page.evaluate("letOpen()")

    expect(page.locator("[data-scan=looking] .scan-frame")).to_be_visible()
    expect(page.get_by_text("2 parcels at Lumen.")).to_be_visible()
    expect(page.get_by_text("Opening the camera.")).to_have_count(0)


def test_who_aims_in_vain_is_told_what_helps(
    scene: Scene, phone_context: BrowserContext, server: Server
):
    page = open_scanner(phone_context, server, scene)

    said = page.locator("[data-scan=looking] [role=status]")
    expect(said).to_contain_text("2 parcels at Lumen.")
    expect(said).to_contain_text("Nothing was read yet.")


def test_lamp_and_zoom_are_worked_by_keyboard_and_survive_a_pause(
    scene: Scene, phone_context: BrowserContext, server: Server
):
    phone_context.add_init_script(LAMP_AND_ZOOM)
    page = open_scanner(phone_context, server, scene)
    lamp = page.get_by_role("button", name="Light")
    zoom = page.get_by_role("slider", name="Zoom")

    lamp.press("Enter")
    expect(lamp).to_have_attribute("aria-pressed", "true")
    zoom.press("ArrowRight")
    zoom.press("ArrowRight")
    expect(zoom).to_have_attribute("aria-valuetext", "2.0 times")
    assert page.evaluate(ASKED, 3) == [{"torch": True}, {"zoom": 1.5}, {"zoom": 2}]

    page.evaluate(HIDE)
    expect(page.locator("[data-scan]")).to_be_visible()
    assert page.evaluate(STATES) == ["ended"]
    page.evaluate(SHOW)

    # The lamp went out with the camera; the zoom is set again.
    expect(lamp).to_have_attribute("aria-pressed", "false")
    expect(zoom).to_have_value("2")
    assert page.evaluate(ASKED, 1) == [{"zoom": 2}]
    assert page.evaluate(STATES) == ["ended", "live"]


def test_camera_that_was_taken_away_is_opened_again(
    scene: Scene, phone_context: BrowserContext, server: Server
):
    page = open_scanner(phone_context, server, scene)
    expect(page.locator("[data-scan=looking]")).to_be_visible()

    # A track that the page stops itself tells nobody: this is what the browser tells.
    page.evaluate("cameras[0].dispatchEvent(new Event('ended'))")

    page.evaluate(OPENED, 2)
    expect(page.locator("[data-scan=looking] .scan-frame")).to_be_visible()
    assert page.evaluate(STATES) == ["ended", "live"]


def test_camera_may_be_allowed_after_it_was_refused(
    scene: Scene, opens_whole: OpensBrowser, server: Server
):
    context = opens_whole(viewport=PHONE)
    page = open_scanner(context, server, scene)
    see_problem(page, "camera_refused")
    expect(page.get_by_role("link", name="Type the short code")).to_be_in_viewport()

    context.grant_permissions(["camera"])
    page.get_by_role("button", name="Try the camera again").click()

    expect(page.locator("[data-scan=looking] .scan-frame")).to_be_visible()
    expect(page.locator("[data-problem]")).to_have_count(0)


def test_our_code_is_taken_from_among_others(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server, camera: Camera
):
    scene = stage["collects"]
    page = open_scanner(phone_context, server, scene)
    page.get_by_role("button", name="Back").click()
    state = phone_context.request.get("/driver/api/state").json()
    row = scene.mall.only_delivery(state["run"]["id"])
    driver = replace(scene.driver, kid=enrolled_as(phone_context))
    text = scene.clerk.sign(scene.clerk.release(driver, {row.handle: 2}))
    camera.show(beside("https://example.com/menu?table=4", text))

    page.get_by_role("button", name="Scan the code on the tablet").click()

    expect(page.get_by_role("heading", name=re.compile("2 of 2 parcels"))).to_be_visible()
    expect(page.get_by_text("Next: Cleo")).to_be_visible()


def beside(*texts: str) -> Image.Image:
    """Return a frame with codes side by side."""
    frame = Image.new("RGB", FRAME_SIZE, "white")
    for at, text in enumerate(texts):
        code = qr_image(text, box=7)
        frame.paste(code, (40 + at * FRAME_SIZE[0] // len(texts), 100))
    return frame
