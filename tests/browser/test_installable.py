"""Both apps can be installed, and a new release waits until the person agrees."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import PHONE, open_run, sign_in
from tests.promises import serving
from tests.promises.serving import ROOT, Server

WAITING = "navigator.serviceWorker.ready.then(({ waiting }) => waiting !== null)"
UPDATE = "navigator.serviceWorker.ready.then((registration) => registration.update())"
RELEASES = "caches.keys().then((names) => names.filter((name) => name.includes('driver')))"


@dataclass(frozen=True, slots=True)
class Release:
    """The product's own copy of its built files, in which a newer release can appear."""

    folder: Path

    def replace_worker(self) -> str:
        """Put a newer release's service worker in its place and return its name."""
        dist = self.folder / "static" / "dist"
        name = json.loads((dist / "manifest.json").read_text())["sw-driver.js"]["release"]
        worker = dist / "sw-driver.js"
        newer = f"{name}-newer"
        worker.write_text(worker.read_text().replace(name, newer))
        return newer


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    scene = a_scene(app)
    scene.collects()
    return scene


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("release")
    for part in ("app", "templates", "static"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "wsgi.py", folder)
    return Release(folder)


@pytest.fixture(scope="module")
def server(
    server_environment: dict[str, str],
    stage: Scene,  # noqa: ARG001 - before the server.
    release: Release,
) -> Iterator[Server]:
    entrance = (str(release.folder / "wsgi.py"),)
    with serving.running_server(server_environment, entrance) as running:
        yield running


@pytest.fixture
def installing_context(
    browser_type: BrowserType, whole_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[BrowserContext]:
    """A browser with a profile on disk: in a passing one nothing can be installed."""
    with browser_type.launch_persistent_context(
        tmp_path / "profile", viewport=PHONE, **whole_launch_args
    ) as context:
        yield context


@pytest.mark.parametrize("address", ["/driver/", "/desk/"])
def test_app_can_be_installed(
    stage: Scene, installing_context: BrowserContext, server: Server, address: str
):
    sign_in(installing_context, server.url, driver=stage.driver.token)
    page = installing_context.new_page()
    page.goto(server.url + address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    found = installing_context.new_cdp_session(page).send("Page.getInstallabilityErrors")

    assert found["installabilityErrors"] == []


def see_run(page: Page) -> None:
    page.get_by_role("heading", name="Bring 2 parcels to Cleo").wait_for()


def test_new_release_waits_for_consent(
    stage: Scene, phone_context: BrowserContext, server: Server, release: Release
):
    page = open_run(phone_context, server.url, stage.driver)
    page.reload()
    see_run(page)
    page.evaluate("document.body.dataset.isOld = 'yes'")
    newer = release.replace_worker()

    page.evaluate(UPDATE)
    expect(page.get_by_text("Update ready")).to_be_visible()
    page.get_by_role("link", name="Cleo").first.click()
    assert page.evaluate(WAITING)
    assert page.locator("body[data-is-old]").count() == 1
    page.go_back()
    page.get_by_role("button", name="Update now").click()

    expect(page.locator("body[data-is-old]")).to_have_count(0)
    see_run(page)
    assert not page.evaluate(WAITING)
    (kept,) = page.evaluate(RELEASES)
    assert kept.endswith(newer)
