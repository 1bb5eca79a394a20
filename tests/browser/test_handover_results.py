"""What the tablet says of a handover: no more than it was, and also after it was locked."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.factories import CARLS_CODE
from tests.promises.serving import Server

WORD_ONLY = "By word only"


@pytest.fixture(scope="module")
def stage(app: Flask) -> Callable[[str], Counter]:
    return {name: a_counter(app) for name in ("typed", "locked")}.__getitem__


def show_code(tablet: Page) -> str:
    """Show the code to Dina and return its six characters once the server knows them."""
    with tablet.expect_response("**/desk/api/releases"):
        tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
        tablet.get_by_role("button", name=re.compile("show the code")).click()
    return tablet.locator("[data-short-code]").inner_text()


def collect(driver: BrowserContext, server: Server, counter: Counter, **evidence: str) -> None:
    """Let Dina's app say that she has the parcels: to the server that the tablet listens to."""
    sign_in(driver, server.url, driver=counter.dina.token)
    (stop,) = counter.dina.stops("pickup")
    path = f"/driver/api/stops/{stop['id']}/collect"
    send(driver, path, epoch=1, evidence=evidence, position=None)


def test_typed_code_is_called_the_same_on_the_result_and_on_the_board(
    stage: Callable[[str], Counter],
    tablet_context: BrowserContext,
    opens: OpensBrowser,
    server: Server,
):
    counter = stage("typed")
    tablet = open_counter(tablet_context, counter)
    code = show_code(tablet)

    collect(opens(), server, counter, kind="short_code", text=code)

    result = tablet.locator("[data-confirmed=true]")
    expect(result).to_contain_text(WORD_ONLY)
    expect(result).not_to_contain_text("agree")
    tablet.get_by_role("button", name="Done").click()
    expect(tablet.get_by_text(WORD_ONLY).first).to_be_visible()


def test_result_is_still_there_after_the_tablet_was_locked(
    stage: Callable[[str], Counter],
    tablet_context: BrowserContext,
    opens: OpensBrowser,
    server: Server,
):
    counter = stage("locked")
    tablet = open_counter(tablet_context, counter)
    show_code(tablet)
    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()
    tablet.get_by_role("heading", name="You gave 2 parcels to Dina").wait_for()
    collect(opens(), server, counter, kind="assertion", reason="The tablet is off")
    tablet.get_by_role("heading", name="Dina has 2 of 2 parcels").wait_for()

    send(tablet_context, "/desk/api/lock")
    tablet.reload()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type(CARLS_CODE)

    expect(tablet.get_by_role("heading", name="Dina has 2 of 2 parcels")).to_be_visible()


def test_tablet_that_is_no_desk_yet_asks_once(tablet_context: BrowserContext):
    asked: list[str] = []
    tablet_context.on("request", lambda request: asked.append(request.url))
    tablet = tablet_context.new_page()
    tablet.goto("/desk/")
    tablet.get_by_role("button", name="Enrol this tablet").wait_for()

    tablet.wait_for_timeout(7_000)

    assert len([url for url in asked if url.endswith("/desk/api/state")]) == 1
