"""The fake camera itself: a test that scans nothing would pass for the wrong reason."""

import io

import pytest
import qrcode
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.camera import Camera

ORIGIN = "https://camera.test"  # Never reached: the page below is all there is.
PAGE = """<!doctype html><style>body, video { margin: 0; width: 100vw; height: 100vh }</style>
<video autoplay muted playsinline></video><p>waiting</p><script>
const video = document.querySelector("video");
const say = (word) => { document.querySelector("p").textContent = word; };
video.onplaying = () => say("playing");
navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" } } })
  .then((stream) => { video.srcObject = stream; }, (error) => say(error.name));
</script>"""


def open_camera(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.goto(ORIGIN)


def code(text: str) -> Image.Image:
    return qrcode.make(text).get_image().convert("RGB")


@pytest.mark.parametrize("text", ["FIRST CODE", "SECOND CODE"])
def test_page_sees_the_code_that_was_shown_last(browser: Browser, camera: Camera, text: str):
    camera.show(code("AN OLDER CODE"))
    camera.show(code(text))

    with browser.new_context(permissions=["camera"]) as context:
        page = context.new_page()
        open_camera(page)
        page.get_by_text("playing").wait_for(state="attached")
        seen = page.locator("video").screenshot()

    assert [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(seen)))] == [text]


def test_camera_is_refused_without_permission(whole_browser: Browser):
    with whole_browser.new_context() as context:
        page = context.new_page()
        open_camera(page)

        page.get_by_text("NotAllowedError").wait_for(state="attached")
