"""Everybody's browser in the story that the pictures tell, and what its start page has told."""

from dataclasses import dataclass, field
from typing import Protocol

from playwright.sync_api import BrowserContext, Page

from tests.browser.camera import Camera


class Take(Protocol):
    """Takes a picture of a page in light and dark."""

    def __call__(self, page: Page, name: str, *, is_long: bool = False, readme: str = "") -> None:
        """See `scripts.screenshots.Pictures.take`."""


@dataclass(slots=True)
class Cast:
    """Who is on stage, and who takes their pictures."""

    address: str
    visitor: Page
    office: Page
    tablet: Page
    phone_context: BrowserContext
    phone: Page
    customer: Page
    camera: Camera
    take: Take
    #: What the start page shows under a word: `E-mail`, `Password`, `Clerk's code`, `Manager` …
    logins: dict[str, str] = field(default_factory=dict[str, str])
    #: Tracking link by the customer's first name.
    links: dict[str, str] = field(default_factory=dict[str, str])
    store: str = ""
    #: Screens that are pictured once.
    pictured: set[str] = field(default_factory=set[str])

    def once(self, page: Page, name: str, *, is_long: bool = False, readme: str = "") -> None:
        """Picture a screen the first time it is met."""
        if name not in self.pictured:
            self.pictured.add(name)
            self.take(page, name, is_long=is_long, readme=readme)

    def sign_in(self, page: Page, path: str, word: str) -> None:
        """Sign in with the login that the start page shows under a word, after a wrong password."""
        page.goto(path)
        page.get_by_label("E-mail or phone number").fill(self.logins[word])
        page.get_by_label("Password").fill("not this one")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("alert").wait_for()
        self.take(page, f"{path.strip('/').replace('/', '-')}-login-refused")
        page.get_by_label("Password").fill(self.logins["Password"])
        page.get_by_role("button", name="Sign in").click()
