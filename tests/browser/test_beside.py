"""What the driver's app says beside its one thing: results, and what others did meanwhile."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cast import WITHOUT_TABLET, Scene, a_scene
from tests.browser.hands import PHONE, OpensBrowser, send, sign_in
from tests.promises.serving import Server

#: CSS pixels: a phone, the narrowest, and one zoomed so that buttons stand in a column.
WIDTHS = (390, 320, 195)


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    scenes = {name: a_scene(app) for name in ("results", "clock", "taken", "cancelled")}
    scenes["results"].claims(proof="none")
    scenes["clock"].claims(proof="none")
    scenes["taken"].claims(proof="none")
    mall = scenes["cancelled"].mall
    run_id = mall.offers({}, {"store": mall.other_store})
    assert scenes["cancelled"].driver.claim(run_id).status_code == 200
    return scenes


def open_app(context: BrowserContext, server: Server, scene: Scene) -> Page:
    sign_in(context, server.url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name="Collect").wait_for()
    return page


def collect_on_word(page: Page) -> None:
    page.get_by_role("button", name="I am at the counter").click()
    page.locator("[data-action=assert]").click()
    page.get_by_label(WITHOUT_TABLET).check()
    page.get_by_role("button", name="I have 2 parcels").click()


def test_a_result_stands_above_the_bar_however_high_it_is(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    page = open_app(phone_context, server, stage["results"])
    collect_on_word(page)
    expect(page.locator(".bar .button")).to_have_count(2)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        said, bar = page.locator(".toast").bounding_box(), page.locator(".bar").bounding_box()
        assert said is not None
        assert bar is not None
        assert bar["y"] - 20 < said["y"] + said["height"] < bar["y"], width


def test_last_heard_is_told_by_the_clock_of_the_place(
    stage: dict[str, Scene], opens: OpensBrowser, server: Server
):
    context = opens(viewport=PHONE, timezone_id="Asia/Tokyo")
    page = open_app(context, server, stage["clock"])
    context.set_offline(True)

    said = page.get_by_text(re.compile("Last heard at")).inner_text()

    now = datetime.now(UTC).astimezone(ZoneInfo("America/Phoenix"))
    heard = [now - timedelta(minutes=minutes) for minutes in range(3)]
    times = {f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}" for at in heard}
    assert said.removeprefix("Offline. Last heard at ") in times


def test_parcels_that_were_collected_meanwhile_are_not_asked_for_again(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    scene = stage["taken"]
    page = open_app(phone_context, server, scene)
    page.get_by_role("button", name="I am at the counter").click()
    page.locator("[data-action=assert]").click()
    page.get_by_role("button", name="I have 2 parcels").wait_for()
    (here,) = scene.driver.stops("pickup")

    evidence = {"kind": "assertion", "reason": WITHOUT_TABLET}
    path = f"/driver/api/stops/{here['id']}/collect"
    send(phone_context, path, epoch=1, evidence=evidence, position=None)

    expect(page.get_by_role("heading", name="2 of 2 parcels")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("I have"))).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_visible()


def test_who_stands_where_all_was_cancelled_reads_it_and_goes_on(
    stage: dict[str, Scene],
    phone_context: BrowserContext,
    tablet_context: BrowserContext,
    server: Server,
):
    scene = stage["cancelled"]
    page = open_app(phone_context, server, scene)
    (here,) = [
        stop
        for stop in scene.driver.stops("pickup")
        if stop["store"]["name"] == scene.mall.store.name
    ]
    page.goto(f"/driver/#/stop/{here['id']}/assert")
    page.get_by_role("button", name="I have 2 parcels").wait_for()
    sign_in(tablet_context, server.url, **scene.clerk.cookies)
    (delivery,) = here["deliveries"]

    send(tablet_context, f"/desk/api/deliveries/{delivery['id']}/cancel", reason="sold_out")

    expect(page.get_by_role("heading", name="Nothing to collect at Lumen")).to_be_focused()
    expect(page.get_by_text("Leave the parcels at the counter.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("I have"))).to_have_count(0)
    page.get_by_role("link", name="Go on").click()
    expect(
        page.get_by_role("heading", name=re.compile("Collect 2 parcels at Orbit"))
    ).to_be_visible()
    expect(page.locator(f"[data-stop={here['id']}]")).to_contain_text("Cancelled")
