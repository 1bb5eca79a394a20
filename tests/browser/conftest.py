"""Fixtures for tests in a real Chromium, on top of those of pytest-playwright."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.browser.camera import Camera


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Camera:
    """The camera of the `browser` fixture. A test that needs two launches the second browser."""
    return Camera(tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return shutil.which("chromium-browser") or servers.binary("chromium", "chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium_path: str, camera: Camera
) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": chromium_path,
        "args": camera.arguments,
    }
