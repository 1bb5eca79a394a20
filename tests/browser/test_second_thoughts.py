"""What a store does with an order after it was placed, and what the customer then reads."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, enrol_tablet
from tests.browser.inspection import Inspection

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    return {name: a_scene(app) for name in ("cancel",)}


def open_sheet(tablet: Page, name: str = "Cleo") -> None:
    tablet.get_by_role("link", name=re.compile(name)).first.click()
    tablet.get_by_role("dialog").wait_for()


def test_customer_reads_why_the_store_has_cancelled_and_what_to_do(
    stage: dict[str, Scene], tablet: Page, opens: OpensBrowser, inspection: Inspection
):
    scene = stage["cancel"]
    delivery_id = scene.mall.places()
    customer = opens(viewport=NARROW, locale="es-MX").new_page()
    customer.goto(scene.mall.link(delivery_id))
    enrol_tablet(tablet, scene.enrolment_code)
    open_sheet(tablet)
    tablet.get_by_text("Cancel this delivery").click()
    go = tablet.get_by_role("button", name=re.compile("Cancel for good"))

    go.click()
    expect(tablet.get_by_text("Choose why: the customer is told.")).to_be_visible()
    tablet.get_by_label("Another reason").check()
    go.click()
    expect(tablet.get_by_label("Which one?")).to_be_focused()
    inspection.look(tablet, "cancelling")
    tablet.get_by_label("An article is not in stock").check()
    go.click()

    expect(tablet.get_by_text("Cleo's delivery is cancelled.")).to_be_visible()
    expect(customer.locator(".lead")).to_contain_text("Lumen no tiene lo que usted pidió.")
    assert customer.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    inspection.look(customer, "cancelled")
    open_sheet(tablet)
    expect(tablet.get_by_role("definition").filter(has_text="not in stock")).to_be_visible()
    inspection.end()
