"""The customer on a phone: saving without a connection, what is old, and a small screen."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.inspection import Inspection


@pytest.fixture(scope="module")
def stage(app: Flask) -> tuple[Scene, str, str]:
    scene = a_scene(app)
    claimed = scene.mall.only_delivery(scene.claims()).id
    return scene, claimed, scene.mall.places()


def test_what_was_tapped_without_connection_is_saved_with_it(
    stage: tuple[Scene, str, str], phone_context: BrowserContext, inspection: Inspection
):
    scene, delivery_id, _ = stage
    phone = phone_context.new_page()
    phone.goto(scene.mall.link(delivery_id))
    expect(phone.locator("[data-hook=freshness]")).to_have_text("This page updates by itself.")
    phone_context.set_offline(True)
    phone.get_by_label("What should the driver know?").fill("Side gate")
    phone.get_by_label("Leave at the door").check()
    phone.get_by_role("button", name="Save instructions").click()

    status = phone.locator("[data-hook=form-status]")
    expect(status).to_contain_text("Not saved yet")
    stale = phone.locator("[data-hook=freshness]")
    expect(stale).to_contain_text("No connection right now.")
    phone.evaluate("scrollTo(0, 0)")
    expect(stale).to_be_in_viewport()
    inspection.look(phone, "customer-offline")
    assert not scene.mall.delivery(delivery_id).leave_at_door

    phone_context.set_offline(False)

    expect(status).to_have_text("Saved. The driver will see it.", timeout=40_000)
    assert scene.mall.delivery(delivery_id).leave_at_door
    expect(stale).to_have_attribute("data-stale", "false")


@pytest.mark.parametrize("language", ["en", "es"])
def test_page_is_no_wider_than_a_small_phone(
    stage: tuple[Scene, str, str], phone_context: BrowserContext, language: str
):
    scene, _, placed = stage
    phone = phone_context.new_page()
    phone.set_viewport_size({"width": 320, "height": 568})

    phone.goto(f"{scene.mall.link(placed)}?lang={language}")

    expect(phone.locator(".ladder")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_word_of_the_ladder_is_broken(
    stage: tuple[Scene, str, str], phone_context: BrowserContext, language: str
):
    scene, _, placed = stage
    phone = phone_context.new_page()
    phone.set_viewport_size({"width": 390, "height": 844})
    phone.goto(f"{scene.mall.link(placed)}?lang={language}")

    rungs = phone.locator(".ladder > li")
    # Bold, as it will be: each step is the present one at some time.
    rungs.evaluate_all("all => all.forEach(one => one.setAttribute('aria-current', 'step'))")

    # Their type is 13 px, with lines of 1.25.
    lines = rungs.locator("span").evaluate_all(
        "all => all.map(({ offsetHeight: high }) => Math.round(high / (13 * 1.25)))"
    )
    words = [len(text.split()) for text in rungs.all_inner_texts()]
    assert [line for line, most in zip(lines, words, strict=True) if line > most] == []
