"""A run that waits for more orders: no driver sees it until the dispatcher shows it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from app.sites.models import Site
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection
from tests.office import signed_in
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Desk:
    scene: Scene
    run_id: str
    token: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Desk:
    scene = a_scene(app)
    with scene.mall.writing() as current:
        site = current.get(Site, scene.mall.site_id)
        assert site is not None
        site.waits_for_orders = True
    run_id = scene.mall.offers({"window_until": clock.now() + timedelta(hours=6)})
    desmond = signed_in(scene.mall, "Desmond Day", "dispatcher")
    return Desk(scene, run_id, desmond.token)


def test_driver_sees_it_as_soon_as_the_dispatcher_shows_it(
    stage: Desk, tablet: Page, phone: Page, server: Server, inspection: Inspection
):
    sign_in(phone.context, server.url, driver=stage.scene.driver.token)
    phone.goto("/driver/")
    phone.get_by_role("heading", name="Runs on offer").wait_for()
    expect(phone.get_by_role("button", name="Claim this run")).to_have_count(0)

    sign_in(tablet.context, server.url, console=stage.token)
    tablet.goto(f"/console/sites/{stage.scene.mall.site_id}")
    expect(tablet.get_by_label("When drivers see a run")).to_have_value("waits")
    inspection.look(tablet, "place")
    tablet.goto(f"/console/runs/{stage.run_id}")
    expect(tablet.get_by_text("Drivers see this run at")).to_be_visible()
    inspection.look(tablet, "waits")
    tablet.get_by_role("button", name="Show it to drivers now").click()

    expect(tablet.get_by_role("status")).to_contain_text("Drivers see this run now.")
    expect(phone.get_by_role("button", name="Claim this run")).to_be_visible()
    inspection.end()
