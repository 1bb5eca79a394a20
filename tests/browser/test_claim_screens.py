"""Claiming on two phones: one gets the run, the other a kind answer and a fresh list."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from app.domain.events import EventType
from tests.browser.cast import Scene, a_driver, a_scene
from tests.browser.hands import PHONE, OpensBrowser, sign_in
from tests.personas import Driver
from tests.promises.serving import Server

CLAIMS = "**/claim"


@dataclass(frozen=True, slots=True)
class Board:
    """A run on offer, and two drivers who see it."""

    scene: Scene
    run_id: str
    other: Driver


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Board]:
    def a_board() -> Board:
        scene = a_scene(app)
        return Board(scene, scene.mall.offers(), a_driver(scene.mall, "Dan Dow"))

    return {name: a_board() for name in ("race", "twice")}


def open_offers(context: BrowserContext, server: Server, driver: Driver) -> Page:
    sign_in(context, server.url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="Claim this run").wait_for()
    return page


def test_second_driver_reads_kindly_that_another_was_first(
    stage: dict[str, Board], opens: OpensBrowser, server: Server
):
    board, held = stage["race"], list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    winner = open_offers(opens(viewport=PHONE), server, board.scene.driver)
    loser = open_offers(opens(viewport=PHONE), server, board.other)
    for page in (winner, loser):
        page.route(CLAIMS, hold)
        with page.expect_event("request", lambda request: request.url.endswith("/claim")):
            page.get_by_role("button", name="Claim this run").click()
        expect(page.get_by_role("button", name="Claiming")).to_be_visible()
    # The routes' own messages may come a little later than the requests'.
    loser.wait_for_timeout(200)
    first, second = held

    first.continue_()
    expect(winner.get_by_role("heading", name="Collect 2 parcels at Lumen")).to_be_visible()
    second.continue_()

    expect(loser.get_by_role("alert")).to_contain_text("Another driver was first")
    expect(loser.get_by_role("alert")).to_contain_text("already_claimed")
    expect(loser.get_by_text("No run at Chandler Fashion Center right now.")).to_be_visible()
    assert board.scene.mall.count(board.run_id, EventType.RUN_CLAIMED) == 1
    assert board.scene.mall.run(board.run_id).driver_id == board.scene.driver.person_id


def test_double_tap_claims_once(
    stage: dict[str, Board], phone_context: BrowserContext, server: Server
):
    board, asked = stage["twice"], list[str]()
    page = open_offers(phone_context, server, board.scene.driver)

    def note(request: Request) -> None:
        if request.url.endswith("/claim"):
            asked.append(request.url)

    page.on("request", note)
    page.get_by_role("button", name="Claim this run").dblclick()

    expect(page.get_by_role("heading", name="Collect 2 parcels at Lumen")).to_be_visible()
    assert len(asked) == 1
    assert board.scene.mall.count(board.run_id, EventType.RUN_CLAIMED) == 1
