"""The clerk scans the phone, or the store says what the driver has not said."""

import io
import re
from dataclasses import dataclass
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from app.domain import tokens
from app.domain.events import EventType
from app.handoffs import asking
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import send_json, sign_in
from tests.devices import released, tablet_of
from tests.promises.serving import Server

PARCELS = 2


@dataclass(frozen=True, slots=True)
class Visit:
    """A driver at a counter."""

    scene: Scene
    run_id: str

    @property
    def row(self) -> Any:
        return self.scene.mall.only_delivery(self.run_id)

    def facts(self, page: Page, event_type: EventType) -> dict[str, Any]:
        """Return what the server recorded; the phone goes on before it has sent it."""
        mall = self.scene.mall
        wait_until(page, lambda: mall.count(self.run_id, event_type) > 0)
        return mall.facts(self.row.id, event_type)


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Visit]:
    def a_visit() -> Visit:
        scene = a_scene(app)
        visit = Visit(scene, scene.claims(proof="none"))
        (stop,) = scene.driver.stops("pickup")
        assert scene.driver.arrive(stop).status_code == 200
        return visit

    stage = {name: a_visit() for name in ("shown", "dark", "confirmed", "disputed")}
    for name in ("confirmed", "disputed"):
        ask_about(stage[name])
    return stage


def ask_about(visit: Visit) -> None:
    """Let the store say that it gave the parcels, and a quarter of an hour pass."""
    tablet = tablet_of(visit.scene.clerk)
    (result,) = tablet.results(released(tablet, [bytes(8)], {visit.row.handle: PARCELS}))
    assert result["outcome"] == "applied", result
    with visit.scene.mall.writing():
        asking.ask_unconfirmed(visit.row.id, now=clock.now())


def open_stop(context: BrowserContext, server: Server, visit: Visit) -> Page:
    sign_in(context, server.url, driver=visit.scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="Scan the code on the tablet").wait_for()
    return page


def show_phone(page: Page) -> None:
    page.get_by_role("button", name="Scan the code on the tablet").click()
    page.get_by_role("link", name="Let the clerk scan this phone").click()
    page.locator("[data-presence] svg.qr").wait_for()


def codes_on(page: Page) -> list[str]:
    """Read the screen as a tablet's camera does."""
    return [
        found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    ]


def test_clerk_who_scans_the_phone_makes_mutual_evidence(
    stage: dict[str, Visit],
    phone_context: BrowserContext,
    tablet_context: BrowserContext,
    server: Server,
):
    visit = stage["shown"]
    page = open_stop(phone_context, server, visit)
    show_phone(page)
    page.locator("[data-presence='0']").wait_for()
    (presence,) = codes_on(page)
    page.locator("[data-presence='1']").wait_for()
    (ticket,) = codes_on(page)
    assert [type(tokens.parse(text).token) for text in (presence, ticket)] == [
        tokens.Presence,
        tokens.Ticket,
    ]

    sign_in(tablet_context, server.url, **visit.scene.clerk.cookies)
    evidence = [{"kind": "presence", "text": presence}, {"kind": "ticket", "text": ticket}]
    given = tablet_of(visit.scene.clerk).state(
        "handoff.released", {visit.row.handle: PARCELS}, evidence=evidence
    )
    (result,) = send_json(tablet_context, "/desk/api/handoffs", statements=[given])["results"]
    assert result["outcome"] == "applied", result
    page.get_by_role("button", name="I have 2 parcels").click()

    expect(page.get_by_role("heading", name="2 of 2 parcels")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-step=over] [data-grade=verified]")).to_be_visible()
    wait_until(page, lambda: visit.row.verification == "E3")


def test_phones_code_is_dark_on_light_and_large_at_night(
    stage: dict[str, Visit], phone_context: BrowserContext, server: Server
):
    page = open_stop(phone_context, server, stage["dark"])
    page.emulate_media(color_scheme="dark")
    show_phone(page)

    code = page.locator("svg.qr")
    box = code.bounding_box()
    assert box is not None
    assert box["width"] >= 0.85 * (page.viewport_size or {"width": 0})["width"]
    assert code.evaluate("(svg) => getComputedStyle(svg).backgroundColor") == "rgb(255, 255, 255)"
    assert len(codes_on(page)) == 1


def test_driver_confirms_what_the_store_says(
    stage: dict[str, Visit], phone_context: BrowserContext, server: Server
):
    visit = stage["confirmed"]
    page = open_stop(phone_context, server, visit)
    expect(page.get_by_text("Lumen says you took 2 parcels. Is that so?")).to_be_visible()

    page.get_by_role("button", name="Yes, I have 2 parcels").click()

    expect(page.locator("[data-incident]")).to_have_count(0)
    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_visible()
    assert visit.facts(page, EventType.HANDOFF_PICKED_UP)["parcels"] == PARCELS


def test_driver_disputes_what_the_store_says(
    stage: dict[str, Visit], phone_context: BrowserContext, server: Server
):
    visit = stage["disputed"]
    page = open_stop(phone_context, server, visit)
    (told,) = phone_context.request.get("/driver/api/state").json()["incidents"]

    page.get_by_role("button", name="No, I have not got them").click()

    expect(page.locator("[data-incident=disputed]")).to_be_visible()
    recorded = visit.facts(page, EventType.STATEMENT_RECORDED)
    assert (recorded["type"], recorded["refers_to"]) == (
        "correction",
        told["ask"]["event_id"],
    )
    released = visit.facts(page, EventType.HANDOFF_RELEASED)
    assert recorded["refers_to"] == released["statement"]
    page.get_by_role("link", name=re.compile("Account")).click()
    page.get_by_role("link", name="Steps on this phone").click()
    expect(page.get_by_text("Parcels disputed")).to_be_visible()
