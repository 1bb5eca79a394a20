"""Promise: never green and lost (R2). The browser is killed at random points around a scan.

A whole Chromium dies by SIGKILL, comes up again with what it has written on the phone, and goes on.
"""

import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import BrowserContext, BrowserType, Error, Page, expect

from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.conftest import AT_ENTRANCE, PATIENCE_MS
from tests.browser.flights import Flight, a_flight, take_off, wait_until
from tests.browser.hands import IS_KEPT, PHONE, sign_in
from tests.personas import Driver
from tests.promises.serving import Server

pytestmark = [pytest.mark.promise, pytest.mark.slow]

PARCELS: Final = 2
#: A scan takes about this long from the tap to green, the camera's start included.
AROUND_SCAN_MS: Final = 900
#: A drawn sequence: a red run can be repeated.
SEED: Final = 2_011
SAYS_GREEN: Final = """new MutationObserver(() => {
  if (document.querySelector("[data-result=collected]")) console.debug("green");
}).observe(document, { childList: true, subtree: true });"""


@pytest.fixture
def kills(is_full: bool) -> int:  # noqa: FBT001 - a fixture is not called by hand.
    return 100 if is_full else 5


class Phone:
    """A phone that can lose its power: a browser whose data outlives it.

    Args:
        launcher: Starts Chromium.
        profile: Where it writes.
        options: How it is started.
    """

    def __init__(self, launcher: BrowserType, profile: Path, options: dict[str, Any]) -> None:
        self._launcher = launcher
        self._profile = profile
        self._options = options

    @contextlib.contextmanager
    def on(self) -> Generator[BrowserContext]:
        """Switch it on; it may be dead at the end."""
        context = self._launcher.launch_persistent_context(self._profile, **self._options)
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(SAYS_GREEN)
        try:
            yield context
        finally:
            with contextlib.suppress(Error):
                context.close()

    def lose_power(self) -> None:
        """Kill every process of the browser at once."""
        mark = f"--user-data-dir={self._profile}".encode()
        pids = [
            int(entry.parent.name)
            for entry in Path("/proc").glob("[0-9]*/cmdline")
            if mark in self._read(entry)
        ]
        assert pids, "the browser was not running"
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @staticmethod
    def _read(entry: Path) -> bytes:
        try:
            return entry.read_bytes()
        except OSError:
            return b""


def show_release(camera: Camera, flight: Flight, driver: Driver) -> None:
    """Hold the store's tablet with a fresh code in front of the camera."""
    clerk = flight.scene.clerk
    code = clerk.sign(clerk.release(driver, {flight.row.handle: PARCELS}))
    camera.show(qrcode.make(code).get_image().convert("RGB"))


def kill_points(count: int) -> list[float | None]:
    """Return milliseconds from the tap to each kill; None is the moment in which green is shown."""
    chance = random.Random(SEED)  # noqa: S311 - a draw that can be repeated.
    return [None, 0, *(chance.uniform(0, AROUND_SCAN_MS) for _ in range(count - 2))]


def scan_until_killed(phone: Phone, page: Page, after_ms: float | None) -> bool:
    """Start to scan, cut the power, and tell whether the phone had said that it is kept."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.get_by_role("button", name="Scan the code on the tablet").click()
    if after_ms is None:
        wait_until(page, lambda: "green" in said)
    else:
        page.wait_for_timeout(after_ms)
    phone.lose_power()
    return "green" in said


@pytest.fixture
def launch_args(
    is_full: bool,  # noqa: FBT001 - a fixture is not called by hand.
    whole_launch_args: dict[str, Any],
    shell_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """The promise is published of the whole Chromium. The shell writes in the same way, sooner."""
    return whole_launch_args if is_full else shell_launch_args


@pytest.fixture
def make_phone(
    server: Server,
    browser_type: BrowserType,
    launch_args: dict[str, Any],
    tmp_path: Path,
) -> Callable[[int], Phone]:
    """Makes a phone of its own for each kill."""
    options = launch_args | {
        "base_url": server.url,
        "viewport": PHONE,
        "permissions": ["camera", "geolocation"],
        "geolocation": AT_ENTRANCE,
    }
    return lambda number: Phone(browser_type, tmp_path / str(number), options)


def test_what_was_green_is_still_there(
    app: Flask, server: Server, make_phone: Callable[[int], Phone], camera: Camera, kills: int
):
    counts: Counter[str] = Counter()
    for number, after_ms in enumerate(kill_points(kills)):
        flight = a_flight(app, proof="none")
        phone = make_phone(number)
        with phone.on() as context:
            page, driver = take_off(context, server.url, flight)
            page.get_by_role("button", name="I am at the counter").click()
            show_release(camera, flight, driver)
            was_green = scan_until_killed(phone, page, after_ms)

        with phone.on() as context:
            context.set_offline(True)
            sign_in(context, server.url, driver=driver.token)
            page = context.new_page()
            page.goto("/driver/")
            scan = page.get_by_role("button", name="Scan the code on the tablet")
            on_the_way = page.get_by_role("heading", name="Bring 2 parcels to Cleo")
            expect(scan.or_(on_the_way)).to_be_visible()
            is_kept = on_the_way.is_visible()
            counts.update(green=was_green, kept=is_kept, lost=was_green and not is_kept)
            if not is_kept:
                show_release(camera, flight, driver)
                scan.click()
                expect(page.get_by_role("heading", name="2 of 2 parcels")).to_be_visible()
            context.set_offline(False)
            wait_until(page, lambda: flight.count(EventType.HANDOFF_PICKED_UP) == 1)  # noqa: B023
            wait_until(page, lambda: flight.row.status == "enroute_to_dropoff")  # noqa: B023
        assert flight.count(EventType.HANDOFF_PICKED_UP) == 1

    print(f"{kills} kills: {dict(counts)}")  # noqa: T201 - the promise is a count.
    assert counts["lost"] == 0
    assert counts["green"] > 0


def test_photo_of_a_door_outlives_the_power(
    app: Flask, server: Server, make_phone: Callable[[int], Phone]
):
    scene = a_scene(app)
    scene.comes_to_door(proof="photo")
    phone = make_phone(0)
    with phone.on() as context:
        page = open_door(context, server, scene)
        assert page.evaluate(IS_KEPT)
        page.get_by_role("button", name="Take a photo").click()
        page.get_by_role("button", name="Take the photo").click()
        page.get_by_role("heading", name="Check the photo").wait_for()
        phone.lose_power()

    with phone.on() as context:
        context.set_offline(True)
        page = open_door(context, server, scene)
        page.get_by_role("link", name="Check the photo").click()
        expect(page.get_by_role("img", name="The photo you took")).to_be_visible()
        context.set_offline(False)
        page.get_by_role("button", name="Deliver with this photo").click()
        expect(page.get_by_role("heading", name="You earned")).to_be_visible()


def open_door(context: BrowserContext, server: Server, scene: Scene) -> Page:
    """Open the app of a driver who is at a door."""
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name="2 parcels").wait_for()
    return page
