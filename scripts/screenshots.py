"""Picture every screen of the running product: `make screenshots`.

A fresh demo is started in a temporary folder and driven by clicks, as three people would: a clerk
at a tablet, a driver with a phone, a customer with a link. Pictures in light and dark go to
`screenshots/`, those of the README to `docs/pictures/`.
"""

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts.pictures.cast import Cast
from scripts.pictures.story import play
from tests.browser.camera import Camera
from tests.servers import free_port

ROOT: Final = Path(__file__).resolve().parents[1]
ALBUM: Final = ROOT / "screenshots"
README_PICTURES: Final = ROOT / "docs" / "pictures"
README_BYTES_MAX: Final = 150_000
README_WIDTHS: Final = {"phone": 585, "tablet": 1024}
START_LIMIT_S: Final = 60.0
DEMO_ZONE: Final = ZoneInfo("America/Phoenix")
#: Shops are open, and the day has its best part before it.
SHOWN_AT: Final = time_of_day(10, 20)

PHONE: Final = {"width": 390, "height": 844}
TABLET: Final = {"width": 1024, "height": 768}
DESKTOP: Final = {"width": 1280, "height": 900}
#: Beside the first mall, so that it is the nearest one.
AT_THE_MALL: Final = {"latitude": 33.3008, "longitude": -111.8990, "accuracy": 10}


class Pictures:
    """Takes pictures, numbered in the order of the story."""

    def __init__(self) -> None:
        shutil.rmtree(ALBUM, ignore_errors=True)
        ALBUM.mkdir()
        self._number = 0

    def take(self, page: Page, name: str, *, is_long: bool = False, readme: str = "") -> None:
        """Picture a page in light and dark.

        Args:
            page: Whose screen.
            name: Part of the file's name.
            is_long: The whole page instead of what the screen shows.
            readme: `phone` or `tablet` to keep the light one for the README.
        """
        self._number += 1
        print(f"{self._number:02} {name}", flush=True)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(150)
            path = ALBUM / f"{self._number:02}-{name}-{scheme}.png"
            page.screenshot(path=path, full_page=is_long)
            if readme and scheme == "light":
                keep_for_readme(path, name, README_WIDTHS[readme])


def keep_for_readme(path: Path, name: str, width: int) -> None:
    """Make a picture small enough for the repository: screens have few colours."""
    picture = Image.open(path).convert("RGB")
    height = picture.height * width // picture.width
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    for colours in (192, 128, 64, 32):
        small = picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        made = io.BytesIO()
        small.save(made, "PNG", optimize=True)
        if len(made.getvalue()) <= README_BYTES_MAX:
            break
    (README_PICTURES / f"{name}.png").write_bytes(made.getvalue())


@contextlib.contextmanager
def running_demo(folder: Path) -> Generator[str]:
    """Serve a freshly seeded demo from a folder; the value is its address."""
    port = free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MALL_")},
        "MALL_INSTANCE_DIR": str(folder / "instance"),
        "MALL_LISTEN": f"127.0.0.1:{port}",
        # Everything comes from one address, faster than people are.
        "MALL_RATE_LIMIT_SCALE": "100",
    }
    command = ("-m", "tests.promises.later_server", str(_hours_until_shown()), "--demo")
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_open(address, server)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(START_LIMIT_S)
        sys.stderr.write((folder / "server.log").read_text())


def _hours_until_shown() -> float:
    """Return in how many hours it is the time of day that pictures show; less than 0 if it was.

    The apps go by the server's clock, so that it alone has to be put on.
    """
    now = datetime.now(DEMO_ZONE)
    shown = datetime.combine(now.date(), SHOWN_AT, DEMO_ZONE)
    return (shown - now) / timedelta(hours=1)


def _wait_until_open(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=2).close()  # noqa: S310 - Our own.
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def open_context(
    browser: Browser, address: str, size: dict[str, int], scale: int
) -> BrowserContext:
    """Open a device of its own: nobody shares cookies or storage."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": size["width"], "height": size["height"]},
        device_scale_factor=scale,
        locale="en-US",
        timezone_id="America/Phoenix",
        permissions=["camera", "geolocation"],
        geolocation={
            "latitude": AT_THE_MALL["latitude"],
            "longitude": AT_THE_MALL["longitude"],
            "accuracy": AT_THE_MALL["accuracy"],
        },
    )
    context.set_default_timeout(15_000)
    return context


def main() -> int:
    """Take all pictures; return the exit code."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is missing. Run: sudo apt-get install -y chromium", file=sys.stderr)
        return 1
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mallrun-pictures-") as name:
        folder = Path(name)
        camera = Camera(folder)
        with running_demo(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=camera.arguments)
            phone = open_context(browser, address, PHONE, 2)
            cast = Cast(
                address=address,
                visitor=open_context(browser, address, DESKTOP, 1).new_page(),
                office=open_context(browser, address, DESKTOP, 1).new_page(),
                tablet=open_context(browser, address, TABLET, 1).new_page(),
                phone_context=phone,
                phone=phone.new_page(),
                customer=open_context(browser, address, PHONE, 2).new_page(),
                camera=camera,
                take=Pictures().take,
            )
            try:
                play(cast)
            except Exception:
                for who in ("tablet", "phone", "customer", "office"):
                    getattr(cast, who).screenshot(path=ALBUM / f"stuck-{who}.png")
                raise
            browser.close()
    print(f"{len(list(ALBUM.iterdir()))} pictures in {ALBUM.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
