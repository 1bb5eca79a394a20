"""The server is gone in the middle of a tap, and comes back with all that it had."""

import os
import re
import signal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app.domain.events import EventType
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import open_run
from tests.promises.forked import Forks
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> tuple[Scene, str]:
    scene = a_scene(app)
    return scene, scene.collects(proof="none")


def test_tap_under_which_the_server_dies_counts_once(
    stage: tuple[Scene, str],
    server_environment: dict[str, str],
    phone_context: BrowserContext,
    server: Server,
    forks: Forks,
    tmp_path: Path,
):
    scene, run_id = stage
    page = open_run(phone_context, server.url, scene.driver)
    arrived = scene.mall.count(run_id, EventType.STOP_ARRIVED)

    os.kill(server.pid, signal.SIGKILL)
    page.get_by_role("button", name="I am at the door").click()
    expect(page.get_by_text("1 step is saved on this phone, not sent yet")).to_be_visible()

    with forks.running_server(server_environment, port=server.port, log=tmp_path / "log"):
        expect(page.locator("[data-action=unsent]")).to_have_count(0, timeout=30_000)
        page.get_by_role("button", name="Cleo has the parcels: delivered").click()
        expect(page.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
    assert scene.mall.count(run_id, EventType.STOP_ARRIVED) == arrived + 1
    assert scene.mall.count(run_id, EventType.HANDOFF_DELIVERED) == 1
