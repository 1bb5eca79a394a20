"""A tablet that the store has enrolled since the phone last heard the server."""

import re
from dataclasses import replace

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect

from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.flights import Flight, a_flight, enrolled_as
from tests.browser.hands import IS_KEPT, see_problem, sign_in
from tests.promises.serving import Server

SCAN = "Scan the code on the tablet"
#: Where the phone reads its state: by itself, and in the answers to its key and to a step.
STATE = re.compile("/driver/api/(state|device|stops/.*/arrive)$")


@pytest.fixture(scope="module")
def stage(app: Flask) -> Flight:
    return a_flight(app)


class Line:
    """What the phone hears of its state: `old` as before the store had a tablet, `dead`, `good`."""

    def __init__(self) -> None:
        self.is_now = "old"

    def answer(self, route: Route) -> None:
        if self.is_now == "dead":
            return route.abort("internetdisconnected")
        if self.is_now == "good":
            return route.fallback()
        response = route.fetch()
        if response.status != 200:
            return route.fulfill(response=response)
        document = response.json()
        state = document.get("state", document)
        for stop in state["run"]["stops"]:
            stop.get("store", {})["desks"] = []
        # Nobody has seen this revision from the server.
        state["rev"] = "old"
        # Under the true document's tag it would count as known for ever.
        headers = {name: each for name, each in response.headers.items() if name != "etag"}
        return route.fulfill(response=response, headers=headers, json=document)


def scan(page: Page, camera: Camera, text: str) -> None:
    camera.show(qrcode.make(text).get_image().convert("RGB"))
    page.get_by_role("button", name=SCAN).click()


def test_phone_asks_for_signal_and_then_knows_the_tablet(
    stage: Flight, phone_context: BrowserContext, server: Server, camera: Camera
):
    clerk, row = stage.scene.clerk, stage.row
    line = Line()
    phone_context.route(STATE, line.answer)
    sign_in(phone_context, server.url, driver=stage.scene.driver.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="I am at the counter").click()
    driver = replace(stage.scene.driver, kid=enrolled_as(phone_context))
    assert page.evaluate(IS_KEPT)
    page.reload()
    page.get_by_role("button", name=SCAN).wait_for()
    code = clerk.sign(clerk.release(driver, {row.handle: row.parcel_count}))

    phone_context.set_offline(True)
    # What a test answers itself needs no signal.
    line.is_now = "dead"
    scan(page, camera, code)
    see_problem(page, "desk_unheard")
    assert stage.count(EventType.HANDOFF_PICKED_UP) == 0

    page.get_by_role("button", name="Back").click()
    line.is_now = "good"
    phone_context.set_offline(False)
    scan(page, camera, code)
    expect(page.get_by_text("2 of 2 parcels")).to_be_visible()
    assert stage.count(EventType.HANDOFF_PICKED_UP) == 1
