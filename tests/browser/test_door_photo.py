"""The photo at the door, taken in the page: it outlives the page, and can do without a camera."""

from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests import personas
from tests.browser.camera import (
    FRAME_SIZE,
    HIDE,
    LAMP_AND_ZOOM,
    OPENED,
    SHOW,
    STATES,
    WATCHED_CAMERA,
    Camera,
)
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import written_by
from tests.browser.hands import IS_KEPT, PHONE, OpensBrowser, see_problem, sign_in
from tests.promises.serving import Server

SHUTTER = "Take the photo"
#: Asked of the picture that the customer sees: the middle of it, as red, green and blue.
MIDDLE = """async (image) => {
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const middle = drawing.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
  return [...middle.slice(0, 3)];
}"""
WITHOUT_CAMERA = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
#: A phone that has no room left, or forbids the page to write.
WITHOUT_ROOM = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (value, key) {
  if (this.name === "photos") throw new DOMException("", "QuotaExceededError");
  return put.call(this, value, key);
};
"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    # A phone of its own for each: the second one of a driver may keep nothing.
    names = ("delivers", "keyboard", "watched", "full", "refused", "missing", "leaves")
    scenes = {name: a_scene(app) for name in names}
    for scene in scenes.values():
        scene.comes_to_door(proof="photo", leave_at_door=True)
    return scenes


@pytest.fixture(autouse=True)
def green_door(camera: Camera) -> None:
    camera.show(Image.new("RGB", FRAME_SIZE, (0, 128, 0)))


def at_door(context: BrowserContext, server: Server, scene: Scene) -> Page:
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="Take a photo").wait_for()
    return page


def look_through(context: BrowserContext, server: Server, scene: Scene) -> Page:
    """Open the camera of a phone that has a lamp."""
    context.add_init_script(WATCHED_CAMERA + LAMP_AND_ZOOM)
    page = at_door(context, server, scene)
    page.get_by_role("button", name="Take a photo").click()
    page.locator("[data-scan=looking]").wait_for()
    return page


def see_photo(page: Page) -> None:
    photo = page.get_by_role("img", name="The photo you took")
    expect(photo).to_have_js_property("complete", value=True)
    red, green, blue = photo.evaluate(MIDDLE)
    assert green > 100 > max(red, blue)


def kept_photos(page: Page) -> int:
    return sum(line.startswith("photos: ") for line in written_by(page))


def choose_photo(page: Page, folder: Path) -> None:
    """Use the phone's own camera, which hands over a file."""
    picture = folder / "door.jpg"
    picture.write_bytes(personas.a_picture("green").getvalue())
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Use the phone’s own camera").click()
    chooser.value.set_files(picture)


def test_photo_outlives_the_page_without_signal_and_reaches_the_customer(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server, customer: Page
):
    scene = stage["delivers"]
    page = at_door(phone_context, server, scene)
    run_id = phone_context.request.get("/driver/api/state").json()["run"]["id"]
    customer.goto(scene.link(run_id))
    assert page.evaluate(IS_KEPT)
    phone_context.set_offline(True)
    page.get_by_role("button", name="Take a photo").click()
    page.get_by_role("button", name=SHUTTER).click()
    page.get_by_role("heading", name="Check the photo").wait_for()
    page.close()

    page = phone_context.new_page()
    page.goto("/driver/")
    expect(page.locator("[data-banner=still]")).to_contain_text("nothing is delivered yet")
    page.get_by_role("link", name="Check the photo").click()
    see_photo(page)
    page.reload()
    see_photo(page)
    phone_context.set_offline(False)
    page.get_by_role("button", name="Deliver with this photo").click()

    proof = customer.get_by_role("img", name="Photo of the parcels at the door")
    expect(proof).to_be_visible()
    expect(proof).to_have_js_property("naturalWidth", FRAME_SIZE[0])
    red, green, blue = proof.evaluate(MIDDLE)
    assert green > 100 > max(red, blue)
    expect(page.get_by_role("heading", name="You earned")).to_be_visible()
    assert kept_photos(page) == 0


def test_photo_is_taken_and_taken_again_with_the_keyboard_alone(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    looking = look_through(phone_context, server, stage["keyboard"])
    expect(looking.get_by_role("status").filter(has_text="Show the parcels")).to_be_visible()
    expect(looking.get_by_role("button", name=SHUTTER)).to_be_focused()
    looking.keyboard.press("Enter")

    expect(looking.get_by_role("heading", name="Check the photo")).to_be_focused()
    see_photo(looking)
    assert kept_photos(looking) == 1
    looking.get_by_role("button", name="Take it again").press("Enter")

    expect(looking.get_by_role("button", name=SHUTTER)).to_be_focused()
    assert kept_photos(looking) == 0


def test_camera_is_on_only_while_it_is_looked_through(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    looking = look_through(phone_context, server, stage["watched"])
    light = looking.get_by_role("button", name="Light")
    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    assert looking.evaluate("asked") == [{"torch": True}]

    looking.evaluate(HIDE)
    assert looking.evaluate(STATES) == ["ended"]
    looking.evaluate(SHOW)
    looking.evaluate(OPENED, 2)
    # The lamp went out with the camera.
    expect(light).to_have_attribute("aria-pressed", "false")
    looking.get_by_role("button", name=SHUTTER).click()

    looking.get_by_role("button", name="Take it again").wait_for()
    assert looking.evaluate(STATES) == ["ended", "ended"]
    looking.get_by_role("button", name="Take it again").click()
    looking.evaluate(OPENED, 3)
    looking.get_by_role("button", name="Back").click()
    expect(looking.get_by_role("button", name="Take a photo")).to_be_visible()
    assert looking.evaluate(STATES) == ["ended", "ended", "ended"]


def test_photo_that_cannot_be_kept_can_still_be_used(
    phone_context: BrowserContext, stage: dict[str, Scene], server: Server
):
    phone_context.add_init_script(WITHOUT_ROOM)
    page = at_door(phone_context, server, stage["full"])
    page.get_by_role("button", name="Take a photo").click()
    page.get_by_role("button", name=SHUTTER).click()

    expect(page.get_by_role("alert")).to_contain_text("Use it now, before you leave this page.")
    see_photo(page)


def test_refused_camera_leads_to_the_phones_own_and_back(
    stage: dict[str, Scene], opens_whole: OpensBrowser, server: Server, tmp_path: Path
):
    context = opens_whole(viewport=PHONE)
    page = at_door(context, server, stage["refused"])
    page.get_by_role("button", name="Take a photo").click()
    see_problem(page, "camera_refused")
    expect(page.locator("[data-problem]")).to_contain_text("with the phone’s own camera")
    expect(page.locator("[data-problem]")).not_to_contain_text("short code")
    choose_photo(page, tmp_path)
    see_photo(page)
    page.reload()
    see_photo(page)
    page.get_by_role("button", name="Take it again").click()
    see_problem(page, "camera_refused")

    context.grant_permissions(["camera"])
    page.get_by_role("button", name="Try the camera again").click()

    expect(page.get_by_role("button", name=SHUTTER)).to_be_enabled()
    page.locator("[data-scan=looking]").wait_for()
    expect(page.locator("[data-problem]")).to_have_count(0)


def test_file_that_is_no_picture_is_said_where_there_is_no_camera(
    stage: dict[str, Scene], opens: OpensBrowser, server: Server, tmp_path: Path
):
    context = opens(viewport=PHONE)
    context.add_init_script(WITHOUT_CAMERA)
    page = at_door(context, server, stage["missing"])
    page.get_by_role("button", name="Take a photo").click()
    see_problem(page, "camera_missing")
    text = tmp_path / "door.txt"
    text.write_text("no picture")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Use the phone’s own camera").click()
    chooser.value.set_files(text)
    see_problem(page, "photo_unreadable")

    choose_photo(page, tmp_path)
    see_photo(page)
    page.get_by_role("button", name="Deliver with this photo").click()

    expect(page.get_by_role("heading", name="You earned")).to_be_visible()


def test_signing_out_wipes_a_photo_that_was_not_used(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    page = at_door(phone_context, server, stage["leaves"])
    page.get_by_role("button", name="Take a photo").click()
    page.get_by_role("button", name=SHUTTER).click()
    page.get_by_role("heading", name="Check the photo").wait_for()
    assert kept_photos(page) == 1

    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()

    assert kept_photos(page) == 0
