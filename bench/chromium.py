"""A real browser for figures about pages."""

import contextlib
import shutil
from collections.abc import Generator

from playwright.sync_api import Browser, sync_playwright

from tests.servers import binary

ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage")


def chromium_path() -> str:
    """Return the path of the installed Chromium."""
    return shutil.which("chromium-browser") or binary("chromium", "chromium")


@contextlib.contextmanager
def chromium(*arguments: str) -> Generator[Browser]:
    """Start a headless Chromium, with more arguments than all have."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=[*ARGUMENTS, *arguments]
        )
        try:
            yield browser
        finally:
            browser.close()
