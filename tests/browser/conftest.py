"""Fixtures for tests in a real Chromium, on top of those of pytest-playwright.

A server takes a second to start, so a file's tests share one. What must be there before it starts
is the file's `stage`; a SQLite file has one writing process.

Pages are opened in Chromium's headless shell where it is installed: the same engine without the
windows around its pages, which cost more than the pages. What is about those windows, as what a
person may refuse or install, asks for the whole Chromium.
"""

import contextlib
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests import databases, servers
from tests.browser.camera import Camera
from tests.browser.hands import PHONE, TABLET, OpensBrowser
from tests.browser.inspection import Inspection
from tests.browser.watching import watch
from tests.promises import serving
from tests.promises.forked import Forks
from tests.promises.serving import Server

#: Two slow cores with a browser, a server and a fake camera on them.
PATIENCE_MS = 15_000
#: The shell has nobody to ask whether a page may use the camera, and would say that there is none.
ANSWERS_FOR_THE_PERSON = ("--use-fake-ui-for-media-stream",)
AT_ENTRANCE = {"latitude": 33.3009, "longitude": -111.8985, "accuracy": 12}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            # One worker has a file's server.
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """The camera of the `browser` fixture. A test that needs two launches the second browser."""
    return Camera(tmp_path_factory.mktemp("camera"))


@pytest.fixture(autouse=True)
def _dark_camera(camera: Camera) -> None:
    """What the test before has shown is in front of the camera no more."""
    camera.darken()


@pytest.fixture(scope="session")
def whole_launch_args(browser_type_launch_args: dict[str, Any], camera: Camera) -> dict[str, Any]:
    """How the whole Chromium is started."""
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium-browser")
        or servers.binary("chromium", "chromium"),
        "args": camera.arguments,
    }


@pytest.fixture(scope="session")
def shell_launch_args(whole_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How the browser of most tests is started."""
    shell = shutil.which("chromium-headless-shell")
    if shell is None:
        return whole_launch_args
    arguments = [*whole_launch_args["args"], *ANSWERS_FOR_THE_PERSON]
    return {**whole_launch_args, "executable_path": shell, "args": arguments}


@pytest.fixture(scope="session")
def browser(browser_type: BrowserType, shell_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """The browser of a worker's tests."""
    with _launched(browser_type, shell_launch_args) as launched:
        yield launched


@pytest.fixture(scope="session")
def whole_browser(
    browser_type: BrowserType,
    browser: Browser,
    whole_launch_args: dict[str, Any],
    shell_launch_args: dict[str, Any],
) -> Iterator[Browser]:
    """The whole Chromium, beside `browser` if that one is the shell."""
    if whole_launch_args == shell_launch_args:
        yield browser
        return
    with _launched(browser_type, whole_launch_args) as launched:
        yield launched


@contextlib.contextmanager
def _launched(browser_type: BrowserType, arguments: dict[str, Any]) -> Generator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    launched = browser_type.launch(**arguments)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application of a file's server, on a fresh database: to set the stage and to look."""
    folder = tmp_path_factory.mktemp("server")
    url = databases.sqlite_copy(sqlite_template, folder)
    with databases.wired(url, folder) as application:
        yield application


@pytest.fixture(scope="module")
def stage(app: Flask) -> None:
    """What is there before the server starts; each file says its own."""


@pytest.fixture(scope="module")
def server_environment(app: Flask) -> dict[str, str]:
    return serving.environment(app.extensions["mallrun_settings"])


@pytest.fixture(scope="module")
def server(
    forks: Forks,
    server_environment: dict[str, str],
    stage: object,  # noqa: ARG001 - before the server.
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    with forks.running_server(server_environment, log=log) as running:
        yield running


@pytest.fixture
def opens(browser: Browser, server: Server) -> Iterator[OpensBrowser]:
    """Open a browser for one person; what any of its pages does wrong is told at the end."""
    with _opening(browser, server) as open_browser:
        yield open_browser


@pytest.fixture
def opens_whole(whole_browser: Browser, server: Server) -> Iterator[OpensBrowser]:
    """The same in the whole Chromium, where a camera that nobody allowed is refused."""
    with _opening(whole_browser, server) as open_browser:
        yield open_browser


@contextlib.contextmanager
def _opening(browser: Browser, server: Server) -> Generator[OpensBrowser]:
    faults: list[str] = []
    with contextlib.ExitStack() as stack:

        def open_browser(**options: Any) -> BrowserContext:
            context = stack.enter_context(browser.new_context(base_url=server.url, **options))
            context.set_default_timeout(PATIENCE_MS)
            watch(context, server.url, faults)
            return context

        yield open_browser
    assert faults == []


@pytest.fixture
def tablet_context(opens: OpensBrowser) -> BrowserContext:
    return opens(viewport=TABLET)


@pytest.fixture
def phone_context(opens: OpensBrowser) -> BrowserContext:
    """The driver's phone, allowed to use camera and position."""
    return opens(
        viewport=PHONE, permissions=["camera", "geolocation"], geolocation=dict(AT_ENTRANCE)
    )


@pytest.fixture
def customer_context(opens: OpensBrowser) -> BrowserContext:
    return opens(viewport=PHONE)


@pytest.fixture
def tablet(tablet_context: BrowserContext) -> Page:
    return tablet_context.new_page()


@pytest.fixture
def phone(phone_context: BrowserContext) -> Page:
    return phone_context.new_page()


@pytest.fixture
def customer(customer_context: BrowserContext) -> Page:
    return customer_context.new_page()


@pytest.fixture
def inspection() -> Inspection:
    return Inspection()
