"""Asking for a new run on two phones: the better fit has it, the other one reads why."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cast import Scene, a_driver, a_scene
from tests.browser.hands import PHONE, OpensBrowser, send, sign_in
from tests.browser.inspection import Inspection
from tests.personas import Driver
from tests.promises import serving
from tests.promises.serving import Server
from tests.web.bodies import placing

WINDOW_S = 8
AT_MALL = {"latitude": 33.3001, "longitude": -111.8901, "accuracy": 12}
FAR_AWAY = {"latitude": 33.3601, "longitude": -111.9501, "accuracy": 12}


@dataclass(frozen=True, slots=True)
class Board:
    scene: Scene
    other: Driver


@pytest.fixture(scope="module")
def stage(app: Flask) -> Board:
    scene = a_scene(app)
    return Board(scene, a_driver(scene.mall, "Dan Dow"))


@pytest.fixture(scope="module")
def server_environment(app: Flask) -> dict[str, str]:
    settings = app.extensions["mallrun_settings"]
    return serving.environment(settings) | {"MALL_OFFER_WINDOW_S": str(WINDOW_S)}


def phone_at(opens: OpensBrowser, where: dict[str, float]) -> BrowserContext:
    return opens(
        viewport=PHONE, permissions=["geolocation"], geolocation=where, color_scheme="light"
    )


def look_for_runs(context: BrowserContext, server: Server, driver: Driver) -> Page:
    sign_in(context, server.url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name="Runs on offer").wait_for()
    return page


def test_better_fit_has_the_run_and_the_other_reads_why(
    stage: Board, opens: OpensBrowser, server: Server, inspection: Inspection
):
    near = look_for_runs(phone_at(opens, AT_MALL), server, stage.scene.driver)
    far = look_for_runs(phone_at(opens, FAR_AWAY), server, stage.other)
    desk = opens()
    sign_in(desk, server.url, **stage.scene.clerk.cookies)

    send(desk, "/desk/api/deliveries", **placing())
    for page in (far, near):
        page.get_by_role("button", name="Ask for this run").click()
        expect(page.get_by_text("Asked. We answer in")).to_be_visible()
    inspection.look(near, "asked")

    expect(near.get_by_role("heading", name="Collect 2 parcels at Lumen")).to_be_visible()
    expect(far.locator("[data-banner=lost-ask]")).to_contain_text("Another driver was nearer.")
    inspection.look(far, "lost")
    inspection.end()


def test_shift_and_vehicle_are_chosen_and_changed(
    stage: Board, opens: OpensBrowser, server: Server, inspection: Inspection
):
    stage.other.client.get("/driver/")
    page = look_for_runs(phone_at(opens, FAR_AWAY), server, stage.other)

    page.get_by_text("Your shift: Car, open end").click()
    page.get_by_label("Van").check()
    page.get_by_label("Until when?").select_option(index=3)
    inspection.look(page, "shift")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your shift: Van, until")).to_be_visible()
    inspection.end()
