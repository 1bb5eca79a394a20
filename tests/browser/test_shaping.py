"""The dispatcher reads why, splits a run with its cost before him, and takes it back."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

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
    run_id = scene.mall.offers({}, {"merchant_ref": "A-2"}, {"merchant_ref": "A-3"})
    desmond = signed_in(scene.mall, "Desmond Day", "dispatcher")
    return Desk(scene, run_id, desmond.token)


def test_split_shows_its_cost_first_and_is_undone(
    stage: Desk,
    tablet: Page,
    tablet_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, console=stage.token)
    tablet.goto(f"/console/runs/{stage.run_id}")
    expect(tablet.get_by_text("same counter as 2 others").first).to_be_visible()
    inspection.look(tablet, "why")

    tablet.get_by_role("link", name="Split it").click()
    tablet.get_by_role("checkbox").first.check()
    inspection.look(tablet, "choose")
    tablet.get_by_role("button", name="Show what it costs").click()
    expect(tablet.get_by_text("It costs +")).to_be_visible()
    inspection.look(tablet, "cost")
    tablet.get_by_label("Why").fill("Fragile")
    tablet.get_by_role("button", name="Split the run").click()

    expect(tablet.get_by_role("status")).to_contain_text("Split. Both runs are pinned")
    assert len(stage.scene.mall.deliveries_of(stage.run_id)) == 2
    tablet.get_by_role("link", name="Undo it").click()
    expect(tablet.get_by_text("It costs -")).to_be_visible()
    tablet.get_by_label("Why").fill("Not fragile after all")
    tablet.get_by_role("button", name="Merge the runs").click()

    expect(tablet.get_by_role("status")).to_contain_text("Merged.")
    assert len(stage.scene.mall.deliveries_of(stage.run_id)) == 3
    inspection.end()
