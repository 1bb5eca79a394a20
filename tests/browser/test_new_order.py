"""A store is not ready: the phone asks for another order, says why, and waits for a yes."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app import clock
from app.deliveries import queries as deliveries
from app.runs import reordering
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Held:
    scene: Scene
    run_id: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Held:
    scene = a_scene(app)
    mall = scene.mall
    for number in range(3):
        mall.places(mall.other_store, merchant_ref=f"B-{number}")
    mall.places(merchant_ref="A-1")
    (run_id,) = mall.forms_runs()
    assert scene.driver.claim(run_id).status_code == 200
    late, *_rest = scene.driver.stops("pickup")
    with mall.writing():
        for row in deliveries.deliveries_of_run(run_id):
            is_late = row.store_id == late["store"]["id"]
            row.ready_at = clock.now() + timedelta(minutes=40 if is_late else 0)
            row.packed_at = None if is_late else clock.now()
        assert reordering.look(run_id, here=None, now=clock.now())
    return Held(scene, run_id)


def test_new_order_is_explained_and_taken(
    stage: Held, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    before = [stop["id"] for stop in stage.scene.driver.stops("pickup")]
    sign_in(phone_context, server.url, driver=stage.scene.driver.token)
    phone = phone_context.new_page()
    phone.goto("/driver/")

    banner = phone.locator("[data-banner=new-order]")
    expect(banner).to_contain_text("is not ready for about")
    expect(banner).to_contain_text("earlier")
    inspection.look(phone, "new-order")
    assert [stop["id"] for stop in stage.scene.driver.stops("pickup")] == before
    phone.get_by_role("button", name="Yes, change the order").click()

    expect(banner).to_have_count(0)
    assert [stop["id"] for stop in stage.scene.driver.stops("pickup")] == before[::-1]
    inspection.end()
