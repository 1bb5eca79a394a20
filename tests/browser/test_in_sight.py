"""What a tap brought is in sight and in focus: refusals, the next thing to do, what is over."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.cast import WITHOUT_TABLET, Scene, a_driver, a_scene
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.personas import Driver
from tests.promises.serving import Server

#: Too low for two offers.
LOW = {"width": 390, "height": 420}
WRONG_CODES = ("QQQQQQ", "222222")


#: As the server says it.
REFUSED = {
    "type": "urn:mallrun:problem:already_claimed",
    "title": "Another driver was first",
    "status": 409,
    "code": "already_claimed",
    "detail": "This run was claimed by another driver a moment ago.",
    "next_step": "Look at the other runs on offer.",
}


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    """Two boards with two runs each, a rival at the second, and a driver who collects."""

    board: Scene
    contested: Scene
    runs: tuple[str, str]
    rival: Driver
    collecting: Scene


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    board, contested, collecting = (a_scene(app) for _ in range(3))
    board.mall.offers_two()
    runs = contested.mall.offers_two()
    collecting.claims()
    return Stage(board, contested, runs, a_driver(contested.mall, "Dan Dow"), collecting)


def open_app(context: BrowserContext, server: Server, driver: Driver) -> Page:
    sign_in(context, server.url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    return page


def see_new(before: Locator, marked: str) -> None:
    """Wait until a banner is not the one that was marked: a screen reader has something to say."""
    expect(before).not_to_have_attribute("data-marked", marked)


def test_lost_claim_far_down_the_list_is_brought_into_sight(
    stage: Stage, opens: OpensBrowser, server: Server
):
    page = open_app(opens(viewport=LOW), server, stage.board.driver)
    last = page.locator("[data-action=claim]").nth(1)
    last.scroll_into_view_if_needed()
    page.route("**/claim", lambda route: route.fulfill(status=409, json=REFUSED))

    last.click()

    expect(page.get_by_role("alert")).to_be_in_viewport()
    page.get_by_role("alert").evaluate("banner => { banner.dataset.marked = 'first'; }")
    last.click()
    see_new(page.get_by_role("alert"), "first")


def test_run_on_the_board_goes_and_the_focus_stays_with_the_title(
    stage: Stage, opens: OpensBrowser, server: Server
):
    page = open_app(opens(), server, stage.contested.driver)
    taken = page.locator(f"[data-offer={stage.runs[0]}] [data-action=claim]")
    taken.focus()

    rival = opens()
    sign_in(rival, server.url, driver=stage.rival.token)
    send(rival, f"/driver/api/runs/{stage.runs[0]}/claim")

    expect(taken).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_counter_is_come_to_typed_at_and_left(
    stage: Stage, phone_context: BrowserContext, server: Server
):
    page = open_app(phone_context, server, stage.collecting.driver)
    (stop,) = stage.collecting.driver.stops("pickup")
    page.get_by_role("button", name="I am at the counter").click()
    expect(page.get_by_role("button", name="Scan the code on the tablet")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    page.locator("[data-action=code]").click()
    field = page.get_by_label("Six characters below the code")
    for code in WRONG_CODES:
        expect(field).to_be_focused()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        see_new(page.get_by_role("alert").first, "before")
        expect(page.locator("[data-problem=short_code_unknown]")).to_be_visible()
        page.get_by_role("alert").first.evaluate("it => { it.dataset.marked = 'before'; }")
        # What is typed next takes the place of the code that was wrong.
        expect(field).to_have_value(code)
    page.get_by_role("link", name="There is no code to type").click()
    page.get_by_label(WITHOUT_TABLET).check()
    page.get_by_role("button", name="I have 2 parcels").click()
    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_focused()

    for way in ("scan", "show", "code", "assert"):
        page.goto(f"/driver/#/stop/{stop['id']}/{way}")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Collected at Lumen")
        expect(page.locator("video")).to_have_count(0)


def test_ended_session_is_told_at_the_sign_in(
    stage: Stage, phone_context: BrowserContext, server: Server
):
    page = open_app(phone_context, server, stage.collecting.driver)
    page.get_by_role("heading", name="2 parcels").wait_for()
    phone_context.clear_cookies()

    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator("[data-banner=ended]")).to_contain_text("Your sign-in has ended.")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_first_visit_is_told_of_no_end(phone: Page):
    phone.goto("/driver/")

    expect(phone.get_by_role("heading", level=1)).to_have_text("Sign in to drive")
    expect(phone.get_by_label("Password")).to_be_visible()
    expect(phone.locator("[data-banner]")).to_have_count(0)
