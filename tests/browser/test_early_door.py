"""A driver before a door's window: told on the way, told at the door, and the customer knows."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection, see_title
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> tuple[Scene, str]:
    """Dina has the parcels in the car, and time: the window begins in fifty minutes."""
    scene = a_scene(app)
    opens = clock.now() + timedelta(minutes=50)
    return scene, scene.collects(window_from=opens, window_until=opens + timedelta(hours=2))


def test_driver_is_told_to_wait_and_the_customer_that_nobody_has_to_hurry(
    stage: tuple[Scene, str],
    phone: Page,
    phone_context: BrowserContext,
    customer: Page,
    server: Server,
    inspection: Inspection,
):
    scene, run_id = stage
    sign_in(phone_context, server.url, driver=scene.driver.token)
    phone.goto("/driver/")
    see_title(phone, "Bring 2 parcels to Cleo")
    early = phone.locator("[data-banner=early]")
    expect(early).to_contain_text(re.compile(r"The promised time begins at \d+:\d\d [ap]m"))
    expect(early).to_contain_text(re.compile(r"If you leave now, .* to wait less\."))
    inspection.look(phone, "way to an early door")

    phone.get_by_role("button", name="I am at the door").click()

    see_title(phone, "Hand 2 parcels to Cleo")
    expect(early).to_contain_text("You are early: the promised time begins at")
    expect(early).to_contain_text("or hand over now if Cleo is there")
    inspection.look(phone, "early at a door")
    customer.goto(scene.link(run_id))
    expect(customer.get_by_text("Dina is early and can wait until")).to_be_visible()
    inspection.look(customer, "driver is early")

    phone.get_by_role("button", name="Cleo has the parcels: delivered").click()

    expect(phone.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
    inspection.end()
