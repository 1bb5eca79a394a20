"""From the claim on without signal: a whole run is done, and the server believes it afterwards."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.flights import (
    Flight,
    a_flight,
    collect,
    enter_pin,
    land,
    take_off,
    wait_until,
    wake_worker,
)
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Flight]:
    return {
        "pin": a_flight(app, proof="pin"),
        "code": a_flight(app, proof="pin"),
        "fail": a_flight(app, proof="none"),
        "killed": a_flight(app, proof="none"),
        "mistyped": a_flight(app, proof="pin"),
    }


def test_whole_run_without_signal_counts_with_full_evidence(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    flight = stage["pin"]
    page, driver = take_off(phone_context, server.url, flight)
    expect(page.get_by_text("At the back")).to_be_visible()
    collect(page, camera, flight, driver)
    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_visible()
    # Sealed with the claim, because the server tells it only after the collection.
    expect(page.get_by_text("Gate code 1221")).to_be_visible()

    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Enter the PIN").click()
    enter_pin(page, flight.scene.mall.pin(flight.row.id))
    assert flight.count(EventType.HANDOFF_PICKED_UP) == 0
    land(page, phone_context)

    assert flight.row.status == "delivered"
    pickup, delivery = (
        flight.facts(each) for each in (EventType.HANDOFF_PICKED_UP, EventType.HANDOFF_DELIVERED)
    )
    assert (pickup["seq"], pickup["level"], pickup["device"]) == (1, "E2", driver.kid)
    assert (delivery["seq"], delivery["level"], delivery["evidence"]) == (2, "E2", "pin")


def test_mistyped_pin_is_made_good_without_signal(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    flight = stage["mistyped"]
    page, driver = take_off(phone_context, server.url, flight)
    collect(page, camera, flight, driver)
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Enter the PIN").click()
    right = flight.scene.mall.pin(flight.row.id)
    enter_pin(page, "000000" if right != "000000" else "000001")
    page.get_by_role("link", name=re.compile("123 N Dobson Rd")).click()
    page.get_by_role("link", name="Enter the PIN again").click()
    expect(page.locator("#pin-hint")).to_contain_text("2 tries left")
    enter_pin(page, right)
    land(page, phone_context)

    assert flight.facts(EventType.HANDOFF_DELIVERED)["level"] == "E2"
    assert (flight.row.status, flight.row.pin_tries) == ("delivered", 1)


def test_customers_code_is_checked_without_signal(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    customer: Page,
    camera: Camera,
):
    flight = stage["code"]
    page, driver = take_off(phone_context, server.url, flight)
    collect(page, camera, flight, driver)
    customer.goto(flight.scene.link(flight.run_id))
    code = customer.locator("[data-hook=code]")
    code.scroll_into_view_if_needed()
    camera.show(customer.screenshot())

    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Scan the customer’s code").click()
    land(page, phone_context)

    assert flight.facts(EventType.HANDOFF_DELIVERED)["evidence"] == "customer_code"


def test_failed_delivery_waits_with_its_reason(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    flight = stage["fail"]
    page, driver = take_off(phone_context, server.url, flight)
    collect(page, camera, flight, driver)
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("link", name="I cannot deliver this").click()
    page.get_by_label("Nobody is there").check()
    page.get_by_role("button", name=re.compile("Do not deliver")).click()
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()

    phone_context.set_offline(False)

    expect(page.get_by_role("heading", name=re.compile("Give 2 parcels back"))).to_be_visible()
    assert flight.facts(EventType.HANDOFF_FAILED)["reason"] == "nobody_home"


def test_closed_app_sends_when_the_browser_wakes_its_worker(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    flight = stage["killed"]
    page, driver = take_off(phone_context, server.url, flight)
    collect(page, camera, flight, driver)
    page.goto("about:blank")
    phone_context.set_offline(False)
    wake_worker(phone_context, page, server.url)

    wait_until(page, lambda: flight.count(EventType.HANDOFF_PICKED_UP) == 1)
    assert flight.facts(EventType.HANDOFF_PICKED_UP)["seq"] == 1
