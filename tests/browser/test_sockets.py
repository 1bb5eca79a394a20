"""What is live: sockets that end with their sign-in, pages that do without, positions that hide."""

import re
import time
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import PHONE, OpensBrowser, open_run, send, sign_in
from tests.promises.serving import Server

SIGN_IN = "**/driver/login**"
SOCKETS = re.compile("/socket.io/")
#: The message by which the server says that a sign-in has ended.
FAREWELL = '42["ended",'
#: And the one by which it says that a run has changed.
NUDGE = '42["changed",{"v":1,"entity":"run"'
ENDS_WITHIN_S = 2
LONGER_THAN_A_POLL_MS = 7_000


@dataclass(frozen=True, slots=True)
class Road:
    """A driver on the way to the next door, and the customer's link."""

    scene: Scene
    link: str

    @property
    def stop_id(self) -> str:
        return self.scene.driver.stops("dropoff")[0]["id"]


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Road]:
    def a_road() -> Road:
        scene = a_scene(app)
        return Road(scene, scene.link(scene.collects(proof="none")))

    return {name: a_road() for name in ("tabs", "own", "polled", "aged", "seen")}


def test_signing_out_ends_the_sockets_of_other_tabs(
    stage: dict[str, Road], opens: OpensBrowser, server: Server
):
    # A service worker would open the kept app where the sign-in page is blocked below.
    context = opens(viewport=PHONE, service_workers="block")
    sign_in(context, server.url, driver=stage["tabs"].scene.driver.token)
    tab, other = context.new_page(), context.new_page()
    tab.goto("/driver/#/account")
    farewells: list[float] = []

    def note_farewell(frame: str | bytes) -> None:
        if str(frame).startswith(FAREWELL):
            farewells.append(time.monotonic())

    # On a busy machine a first connection may not come to be: whichever is live hears it.
    other.on("websocket", lambda socket: socket.on("framereceived", note_farewell))
    other.goto("/driver/")
    expect(other.locator("[data-freshness=live]")).to_be_attached()
    # A page that goes away closes its socket by itself; after an answer without content it stays.
    other.route(SIGN_IN, lambda route: route.fulfill(status=204))
    with tab.expect_response("**/logout"):
        tab.get_by_role("button", name="Sign out").click()
    answered_at = time.monotonic()
    wait_until(other, lambda: bool(farewells))

    (said_at,) = farewells
    assert said_at - answered_at < ENDS_WITHIN_S
    expect(tab.get_by_role("heading", name="Sign in to drive")).to_be_visible()
    # The other tab is on its way to the sign-in page again and again: a third one asks in peace.
    third = context.new_page()
    third.goto("/driver/")
    expect(third.get_by_role("heading", name="Sign in to drive")).to_be_visible()


def nudges_of(page: Page) -> list[str]:
    """Return the list in which a page's nudges about runs will be."""
    heard: list[str] = []

    def note(frame: str | bytes) -> None:
        if NUDGE in str(frame):
            heard.append(str(frame))

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    return heard


def test_page_is_not_nudged_for_what_its_own_answer_told(
    stage: dict[str, Road], opens: OpensBrowser, server: Server
):
    road = stage["own"]
    context = opens(viewport=PHONE)
    sign_in(context, server.url, driver=road.scene.driver.token)
    tab, other = context.new_page(), context.new_page()
    nudges = {page: nudges_of(page) for page in (tab, other)}
    for page in nudges:
        page.goto("/driver/")
        expect(page.locator("[data-freshness=live]")).to_be_attached()
    with tab.expect_request("**/arrive") as sent:
        tab.get_by_role("button", name=re.compile("I am at")).click()
    wait_until(other, lambda: bool(nudges[other]))

    assert sent.value.headers["mallrun-socket"]
    assert nudges[tab] == []


def test_tracking_page_goes_on_by_polling_when_sockets_fail(
    stage: dict[str, Road], phone_context: BrowserContext, customer: Page, server: Server
):
    road, blocked = stage["polled"], list[str]()

    def block(socket: WebSocketRoute) -> None:
        blocked.append(socket.url)
        socket.close()

    customer.route_web_socket(SOCKETS, block)
    customer.clock.install()
    customer.goto(road.link)
    expect(customer.locator("[data-hook=sentence]")).to_contain_text("on the way")
    sign_in(phone_context, server.url, driver=road.scene.driver.token)
    send(phone_context, f"/driver/api/stops/{road.stop_id}/arrive", position=None)

    customer.clock.run_for(LONGER_THAN_A_POLL_MS)

    expect(customer.locator("[data-hook=headline]")).to_contain_text("at your door")
    expect(customer.locator("[data-hook=freshness]")).to_have_text("This page updates by itself.")
    assert blocked


def test_position_that_gets_old_says_how_old(
    stage: dict[str, Road], phone_context: BrowserContext, customer: Page, server: Server
):
    road = stage["aged"]
    open_run(phone_context, server.url, road.scene.driver)
    customer.clock.install()
    customer.goto(road.link)
    position = customer.locator("[data-hook=position]")
    expect(position).to_contain_text("Dina is")
    expect(position).not_to_contain_text("old")

    customer.route("**/state", lambda route: route.abort())
    customer.context.set_offline(True)
    customer.clock.run_for(75_000)

    expect(position).to_contain_text(re.compile(r"Position is \d+ min old"))
    expect(customer.locator("[data-hook=freshness]")).to_contain_text("No connection right now.")


def test_position_is_gone_at_the_door_and_after_it(
    stage: dict[str, Road], phone_context: BrowserContext, customer: Page, server: Server
):
    road = stage["seen"]
    phone = open_run(phone_context, server.url, road.scene.driver)
    customer.goto(road.link)
    expect(customer.locator("[data-hook=position]")).to_contain_text("Dina is")
    expect(customer.locator(".map-pin[data-kind=driver] span")).to_be_visible()
    assert label_side(customer, "driver") == "below"
    assert label_side(customer, "home") == "above"

    phone.get_by_role("button", name="I am at the door").click()
    expect(customer.locator("[data-hook=headline]")).to_contain_text("at your door")
    expect(customer.locator(".map-pin[data-kind=driver] span")).to_have_count(0)
    phone.get_by_role("button", name="Cleo has the parcels: delivered").click()
    phone_context.set_geolocation({"latitude": 33.3180, "longitude": -111.8851})

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    expect(customer.locator("[data-hook=way]")).to_be_hidden()
    state = customer.request.get(f"{road.link}/state").json()
    assert (state["position"], state["position_allowed"]) == (None, False)


def label_side(page: Page, kind: str) -> str:
    """Tell on which side of its place a pin's word stands: a driver's must not cover the door's."""
    pin = page.locator(f".map-pin[data-kind={kind}]")
    place_y, top = pin.evaluate(
        "(pin) => [pin, pin.firstElementChild].map((each) => each.getBoundingClientRect().top)"
    )
    return "below" if top > place_y else "above"
