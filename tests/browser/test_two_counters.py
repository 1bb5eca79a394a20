"""A run that collects at two stores: only what can be done now is offered, all stays in sight."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cast import WITHOUT_TABLET, Scene, a_scene
from tests.browser.hands import sign_in
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    """A run for each test: whoever collects changes what the other one sees."""
    return {name: a_claimed_run(app) for name in ("door", "counters")}


def a_claimed_run(app: Flask) -> Scene:
    scene = a_scene(app)
    run_id = scene.mall.offers({}, {"store": scene.mall.other_store})
    assert scene.driver.claim(run_id).status_code == 200
    return scene


def opened(context: BrowserContext, url: str, scene: Scene) -> Page:
    """Open the app of a scene's driver."""
    sign_in(context, url, driver=scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    return page


def test_a_door_waits_for_its_parcels(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    scene = stage["door"]
    phone = opened(phone_context, server.url, scene)
    (door, *_) = scene.driver.stops("dropoff")
    phone.locator(f"[data-stop={door['id']}] a").click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text("Bring")
    expect(phone.locator("[data-action=arrive]")).to_have_count(0)
    phone.get_by_role("link", name="Collect at").click()

    store = door["delivery"]["store_name"]
    expect(phone.get_by_role("heading", level=1)).to_contain_text(f"at {store}")


def test_the_second_counter_is_walked_to_and_the_first_one_is_behind(
    stage: dict[str, Scene], phone_context: BrowserContext, server: Server
):
    scene = stage["counters"]
    phone = opened(phone_context, server.url, scene)
    first, second = scene.driver.stops("pickup")
    rows = phone.locator("[data-stop]")
    expect(rows.first).to_have_attribute("data-stop", first["id"])
    expect(phone.get_by_role("button", name="Show the way")).to_be_visible()

    phone.get_by_role("button", name="I am at the counter").click()
    phone.locator("[data-action=assert]").click()
    phone.get_by_label(WITHOUT_TABLET).check()
    phone.get_by_role("button", name="I have 2 parcels").click()

    expect(phone.get_by_role("heading", level=1)).to_contain_text(second["store"]["name"])
    expect(phone.get_by_text(f"min from {first['store']['name']}")).to_be_visible()
    expect(phone.get_by_role("button", name="I am at the counter")).to_be_visible()
    expect(phone.get_by_role("button", name="Show the way")).to_have_count(0)
    expect(phone.get_by_role("heading", name="Behind you")).to_be_visible()
    expect(rows.first).to_have_attribute("data-stop", second["id"])
    expect(rows.last).to_have_attribute("data-stop", first["id"])
