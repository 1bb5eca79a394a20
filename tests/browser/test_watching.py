"""Every page keeps to itself; and the watch that every browser test sets would notice if not."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.watching import watch
from tests.promises.serving import Server

ORIGIN = "https://own.test"
FAULTY = """<!doctype html><title>Faulty</title><img src="https://elsewhere.test/pixel.png">
<script>throw new Error("thrown on purpose")</script><script src="/missing.js"></script>"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> tuple[Scene, str]:
    scene = a_scene(app)
    return scene, scene.link(scene.collects())


def test_no_page_reaches_out_or_breaks_its_policy(
    stage: tuple[Scene, str], phone_context: BrowserContext, phone: Page, server: Server
):
    scene, link = stage
    for address in ("/", "/driver/login", "/console/login", "/desk/", link, "/nothing"):
        phone.goto(address, wait_until="networkidle")
    sign_in(phone_context, server.url, driver=scene.driver.token, **scene.clerk.cookies)
    for address in ("/driver/", "/desk/"):
        phone.goto(address, wait_until="networkidle")
    # What is noted on the way fails when the browsers close.


def test_watch_notices_strangers_policies_and_errors(page: Page):
    faults: list[str] = []
    watch(page.context, ORIGIN, faults)
    page.route("**/*", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    page.route(f"{ORIGIN}/strict", answer_strictly)
    page.route("**/*.js", lambda route: route.fulfill(status=404))

    page.goto(f"{ORIGIN}/open", wait_until="networkidle")
    page.goto(f"{ORIGIN}/strict", wait_until="networkidle")

    found = "\n".join(faults)
    assert "a request left for https://elsewhere.test/pixel.png" in found
    assert "thrown on purpose" in found
    assert "Content Security Policy" in found
    assert "404 for https://own.test/missing.js" in found


def answer_strictly(route: Route) -> None:
    policy = {"Content-Security-Policy": "default-src 'self'"}
    route.fulfill(body=FAULTY, content_type="text/html", headers=policy)
