"""A driver scans a tablet's codes: how long until one is read, and until the screen is green.

A real Chromium with a fake camera shows the driver's own screen; the codes are signed a moment
before. Reading counts from the question for the camera. Green counts from the text that the decoder
gave to the first picture of the result, with the context offline: whatever the app does in between,
such as signing and keeping the step, is in it. The page's processor is slowed down as DevTools do
it, which does not reach the decoder's worker.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Geolocation, Page

from app.sites.qr_codes import qr_image
from bench.chromium import chromium
from bench.figures import Figure, quantile, say
from bench.stage import stages
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import enrolled_as
from tests.browser.hands import IS_KEPT, PHONE, sign_in
from tests.promises import serving
from tests.promises.serving import Server

#: As many as one run may have, all at one counter.
DELIVERIES = 6
PARCELS = 2
SLOW = 4
GREEN_GOAL_MS = 200
WAIT_MS = 30_000
AT_ENTRANCE: Geolocation = {"latitude": 33.3009, "longitude": -111.8985, "accuracy": 12}

#: Marks the moment after the first picture with a new result.
WATCH = """
let last = null;
new MutationObserver(() => {
  const result = document.querySelector('[data-result="collected"]');
  if (!result || result === last) return;
  last = result;
  requestAnimationFrame(() => setTimeout(() => performance.mark("bench-green")));
}).observe(document, { childList: true, subtree: true });
"""
#: Waits for that mark; answers when the camera was asked for, the text read and the result seen.
TIMES = """
async () => {
  const at = (name) => performance.getEntriesByName(name).at(-1)?.startTime;
  while (at("bench-green") === undefined) await new Promise((go) => requestAnimationFrame(go));
  const times = ["scanner-open", "scanner-text", "bench-green"].map(at);
  performance.clearMarks("bench-green");
  return times;
}
"""


@dataclass(frozen=True, slots=True)
class _Case:
    """One way of measuring.

    Attributes:
        slowness: By how much the page's processor is slowed down.
        drivers: How many drivers collect a run each.
    """

    name: str
    slowness: int
    drivers: int
    is_offline: bool = False


@dataclass(frozen=True, slots=True)
class _Scan:
    """Milliseconds from camera to text, and from text to green."""

    to_text: float
    to_green: float


CASES = (
    _Case("normal", 1, 3),
    _Case("slow", SLOW, 3),
    _Case("slow_offline", SLOW, 4, is_offline=True),
)


def measure() -> Iterator[Figure]:
    """Let drivers collect at a counter, delivery by delivery."""
    scans: dict[str, list[_Scan]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="mallrun-bench-") as folder,
        stages("sqlite") as make,
    ):
        prepared = make("scanning")
        scenes = {case: [_scene(prepared.app) for _ in range(case.drivers)] for case in CASES}
        camera = Camera(Path(folder))
        environment = serving.environment(prepared.settings)
        with (
            serving.running_server(environment) as server,
            chromium(*camera.arguments) as browser,
        ):
            for case, drivers in scenes.items():
                say(f"scanning: {case.name}")
                visits = (_visit(browser, server, camera, case, scene) for scene in drivers)
                scans[case.name] = [scan for visit in visits for scan in visit]
    yield from _read_figures("scan_to_text_1x", scans["normal"])
    yield from _read_figures(f"scan_to_text_{SLOW}x", scans["slow"])
    yield _green_figure(scans["slow_offline"])


def _scene(app: Flask) -> Scene:
    """Return a mall whose driver has claimed a run of several deliveries at one counter."""
    scene = a_scene(app)
    run_id = scene.mall.offers(*({"merchant_ref": f"A-{n}"} for n in range(DELIVERIES)))
    claimed = scene.driver.claim(run_id)
    (stop,) = scene.driver.stops("pickup")
    arrived = scene.driver.arrive(stop)
    if claimed.status_code != 200 or arrived.status_code != 200:
        message = f"the run could not be prepared: {claimed.get_json()} {arrived.get_json()}"
        raise RuntimeError(message)
    return scene


def _visit(
    browser: Browser, server: Server, camera: Camera, case: _Case, scene: Scene
) -> Sequence[_Scan]:
    """Collect every delivery of a run, each with a code of its own."""
    context = browser.new_context(
        base_url=server.url,
        viewport=PHONE,
        permissions=["camera", "geolocation"],
        geolocation=AT_ENTRANCE,
    )
    context.set_default_timeout(WAIT_MS)
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto("/driver/")
    scan = page.locator("[data-action=scan]")
    scan.wait_for()
    page.evaluate(IS_KEPT)
    state = context.request.get("/driver/api/state").json()
    driver = replace(scene.driver, kid=enrolled_as(context))
    if case.is_offline:
        context.set_offline(True)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": case.slowness})
    scans: list[_Scan] = []
    for row in scene.mall.deliveries_of(state["run"]["id"]):
        release = scene.clerk.release(driver, {row.handle: PARCELS})
        camera.show(qr_image(scene.clerk.sign(release), box=8))
        # The first button is on the stop's screen, the second on the result before.
        page.locator("[data-action=scan], [data-action=scan-again]").click()
        scans.append(_scan(page))
    context.close()
    return scans


def _scan(page: Page) -> _Scan:
    page.locator("[data-result=collected]").wait_for()
    opened, text, green = page.evaluate(TIMES)
    return _Scan(text - opened, green - text)


def _read_figures(name: str, scans: Sequence[_Scan]) -> Iterator[Figure]:
    for share in (50, 95):
        ms = quantile([scan.to_text for scan in scans], share / 100)
        yield Figure(name=f"{name}_p{share}", ours=f"{ms:.0f} ms", judged=ms)


def _green_figure(scans: Sequence[_Scan]) -> Figure:
    ms = quantile([scan.to_green for scan in scans], 0.95)
    return Figure(
        name=f"scan_to_green_offline_{SLOW}x_p95",
        ours=f"{ms:.0f} ms",
        judged=ms,
        goal=GREEN_GOAL_MS,
        rule="at_most",
    )
