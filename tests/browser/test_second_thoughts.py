"""What a store does with an order after it was placed, and what the customer then reads."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.cast import STREET, Scene, a_scene
from tests.browser.hands import OpensBrowser, enrol_tablet
from tests.browser.inspection import Inspection

NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    scenes = {name: a_scene(app) for name in ("cancel", "link", "late", "address", "far")}
    scenes["late"].claims(is_by_hand=True)
    return scenes


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


def test_customer_who_lost_the_link_gets_another_and_the_first_one_stops(
    stage: dict[str, Scene], tablet: Page, customer: Page, inspection: Inspection
):
    scene = stage["link"]
    delivery_id = scene.mall.places(is_by_hand=True)
    lost = scene.mall.link(delivery_id)
    customer.goto(lost)
    enrol_tablet(tablet, scene.enrolment_code)
    open_sheet(tablet)
    tablet.get_by_text("The customer has lost the link").click()
    make = tablet.get_by_role("button", name="Make a new link")
    inspection.look(tablet, "asking for a link")

    tablet.context.set_offline(True)
    make.click()
    expect(tablet.get_by_text("may have stopped already")).to_be_visible()
    assert scene.mall.link(delivery_id) == lost
    tablet.context.set_offline(False)
    make.click()

    field = tablet.get_by_label("Tracking link for the customer")
    expect(tablet.get_by_role("heading", name="Cleo's new link")).to_be_focused()
    assert field.input_value().endswith(scene.mall.link(delivery_id))
    expect(tablet.get_by_role("img", name="Code for the tracking page")).to_be_visible()
    inspection.look(tablet, "new link")
    expect(customer.locator("body")).to_contain_text("Ask the store for a new link")
    customer.goto(field.input_value())
    expect(customer.get_by_text("Your delivery from Lumen")).to_be_visible()
    tablet.get_by_role("button", name="Close").click()
    open_sheet(tablet)
    expect(field).to_have_count(0)
    inspection.end()


def test_no_link_at_the_counter_once_its_page_shows_the_pin(
    stage: dict[str, Scene], tablet: Page, inspection: Inspection
):
    scene = stage["late"]
    enrol_tablet(tablet, scene.enrolment_code)
    open_sheet(tablet)
    tablet.get_by_text("The customer has lost the link").click()

    expect(tablet.get_by_text("Your office has the link")).to_be_visible()
    expect(tablet.get_by_role("button", name="Make a new link")).to_have_count(0)
    inspection.look(tablet, "no link any more")
    inspection.end()


def test_wrong_address_is_typed_anew_and_the_customer_keeps_the_link(
    stage: dict[str, Scene],
    tablet: Page,
    opens: OpensBrowser,
    inspection: Inspection,
):
    scene = stage["address"]
    delivery_id = scene.mall.places(is_by_hand=True)
    customer = opens(viewport=NARROW).new_page()
    customer.goto(scene.mall.link(delivery_id))
    enrol_tablet(tablet, scene.enrolment_code)
    open_sheet(tablet)
    tablet.get_by_role("link", name="Enter the address again").click()
    go_on = tablet.get_by_role("button", name="Look at it once more")
    go_on.click()
    expect(tablet.get_by_label("Street and number")).to_be_focused()
    expect(tablet.get_by_text("4 fields need your attention.")).to_be_visible()
    inspection.look(tablet, "address missing")
    tablet.get_by_label("Street and number").fill("1245")
    tablet.get_by_role("option", name=re.compile(STREET)).click()
    tablet.get_by_label("Apt or unit").fill("Apt 7")

    go_on.click()
    expect(tablet.get_by_role("heading", name="Send Cleo's delivery here?")).to_be_focused()
    expect(tablet.get_by_text(f"{STREET}, Apt 7")).to_be_visible()
    inspection.look(tablet, "address confirmation")
    send = tablet.get_by_role("button", name="Send it to this address")
    tablet.context.set_offline(True)
    send.click()
    expect(tablet.locator("[data-problem=needs_connection]")).to_be_visible()
    tablet.context.set_offline(False)
    send.click()

    expect(tablet.get_by_text("goes to the new address. Print its labels")).to_be_visible()
    expect(tablet.get_by_role("heading", name="To pack 1")).to_be_visible()
    expect(customer.get_by_text("•••5 W Chandler Blvd, Chandler")).to_be_visible()
    expect(tablet.get_by_text("1245 W Chandler")).to_have_count(0)
    inspection.look(tablet, "address changed")
    inspection.end()


def test_address_that_is_too_far_leads_back_to_the_map(
    stage: dict[str, Scene], tablet: Page, inspection: Inspection
):
    scene = stage["far"]
    scene.mall.places(is_by_hand=True, recipient_name="Otis Orr")
    enrol_tablet(tablet, scene.enrolment_code)
    open_sheet(tablet, "Otis")
    tablet.get_by_role("link", name="Enter the address again").click()
    tablet.get_by_label("Street and number").fill("1 Faraway Rd")
    tablet.get_by_label("City").fill("Phoenix")
    tablet.get_by_label("ZIP code").fill("85001")
    tablet.get_by_label("Link or coordinates").fill("33.4800, -111.8990")
    tablet.get_by_role("button", name="Look at it once more").click()
    tablet.get_by_role("button", name="Send it to this address").click()

    expect(tablet.locator("[data-problem=address_outside]")).to_be_visible()
    tablet.get_by_role("button", name="Back to the address").click()
    expect(tablet.locator("#point-error")).to_contain_text("We deliver within 10 mi")
    expect(tablet.get_by_label("Street and number")).to_have_value("1 Faraway Rd")
    inspection.look(tablet, "address too far")
    inspection.end()
