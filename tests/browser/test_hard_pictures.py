"""The scanner reads pictures that a hurried person takes; the full measure is `make bench`."""

from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Page

from app.sites.qr_codes import qr_image
from tests.domain.mp1 import MP1
from tests.hard_pictures import FRAME, Picture, hard_pictures
from tests.reading import Desk, reading_desk

#: An easy, a middling and the hardest picture of each kind. 22 are read; one may be lost to a
#: browser that scales pictures a little differently.
COUNT = 24
FLOOR = 21


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with reading_desk(tmp_path_factory.mktemp("reading")) as opened:
        yield opened


def on_one_frame(*texts: str) -> Image.Image:
    """Return a frame with several codes side by side."""
    frame = Image.new("RGB", FRAME, "white")
    width = FRAME[0] // len(texts)
    for at, text in enumerate(texts):
        code = qr_image(text, box=5)
        frame.paste(code, (at * width + (width - code.width) // 2, (FRAME[1] - code.height) // 2))
    return frame


def test_hard_pictures_are_read_as_well_as_before(desk: Desk, page: Page):
    pictures = desk.lay_out(hard_pictures(COUNT))
    desk.open(page)

    readings = desk.read(page, "mallrun", pictures)

    unread = [reading.picture.name for reading in readings if not reading.is_read]
    assert COUNT - len(unread) >= FLOOR, f"not read: {', '.join(unread)}"


def test_every_code_in_the_picture_is_found(desk: Desk, page: Page):
    ours = MP1["tokens"]["R1"]["qr"]
    frame = on_one_frame("https://example.com/menu", ours, "4006381333931")
    pictures = desk.lay_out([Picture("several", ours, frame)])
    desk.open(page)

    (reading,) = desk.read(page, "mallrun", pictures)

    assert reading.is_read


def test_picture_without_code_gives_no_text(desk: Desk, page: Page):
    noise = next(iter(hard_pictures(1))).frame.resize((40, 22)).resize(FRAME)
    desk.lay_out([Picture("none", "", noise)])
    desk.open(page)

    found = page.evaluate("readPicture('mallrun', '/none.png')")

    assert found["texts"] == []
