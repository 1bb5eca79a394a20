"""A driver before a door's window: told on the way, told at the door, and the customer knows."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection, see_title
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Stage:
    """Dina has the parcels in the car, and time; Dan has not begun a run for later."""

    scene: Scene
    run_id: str
    later: Scene


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    scene, later = a_scene(app), a_scene(app)
    opens = clock.now() + timedelta(minutes=50)
    window = {"window_from": opens, "window_until": opens + timedelta(hours=2)}
    run_id = scene.collects(**window)
    evening = opens + timedelta(hours=2)
    later.mall.offers({"window_from": evening, "window_until": evening + timedelta(hours=1)})
    return Stage(scene, run_id, later)


def test_driver_is_told_to_wait_and_the_customer_that_nobody_has_to_hurry(
    stage: Stage,
    phone: Page,
    phone_context: BrowserContext,
    customer: Page,
    server: Server,
    inspection: Inspection,
):
    sign_in(phone_context, server.url, driver=stage.scene.driver.token)
    phone.goto("/driver/")
    see_title(phone, "Bring 2 parcels to Cleo")
    early = phone.locator("[data-banner=early]")
    expect(early).to_contain_text(re.compile(r"The promised time begins at .*\d:\d\d [ap]m"))
    expect(early).to_contain_text(re.compile(r"If you leave now, .* to wait less\."))
    inspection.look(phone, "way to an early door")

    phone.get_by_role("button", name="I am at the door").click()

    see_title(phone, "Hand 2 parcels to Cleo")
    expect(early).to_contain_text("You are early: the promised time begins at")
    expect(early).to_contain_text("or hand over now if Cleo is there")
    inspection.look(phone, "early at a door")
    customer.goto(stage.scene.link(stage.run_id))
    expect(customer.get_by_text("Dina is early and can wait until")).to_be_visible()
    inspection.look(customer, "driver is early")

    phone.get_by_role("button", name="Cleo has the parcels: delivered").click()

    expect(phone.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
    inspection.end()


def test_run_for_later_says_by_when_to_be_there(
    stage: Stage,
    phone: Page,
    phone_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(phone_context, server.url, driver=stage.later.driver.token)
    phone.goto("/driver/")
    see_title(phone, "Runs on offer")
    expect(phone.get_by_text("Be there")).to_be_visible()
    inspection.look(phone, "offer for later")

    phone.get_by_role("button", name="Claim this run").click()

    see_title(phone, "Collect 2 parcels at Lumen, Level 2")
    expect(phone.get_by_text("Be there")).to_be_visible()
    inspection.look(phone, "run for later")
    inspection.end()
