"""The whole path in three browsers: placed, claimed, handed over by real pixels, delivered."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, ViewportSize, expect

from app.config import Settings
from tests.browser.camera import Camera
from tests.browser.mall import CLERK_CODE, PASSWORD, STREET, Mall, open_mall
from tests.promises import serving
from tests.promises.serving import Server

ON_THE_WAY: Geolocation = {"latitude": 33.3012, "longitude": -111.8975, "accuracy": 12}
NEARER: Geolocation = {"latitude": 33.3015, "longitude": -111.8960, "accuracy": 12}
TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def mall(app: Flask) -> Mall:
    return open_mall(app)


@pytest.fixture
def server(settings: Settings, mall: Mall, tmp_path: Path) -> Iterator[Server]:  # noqa: ARG001
    log = tmp_path / "server.log"
    with serving.running_server(serving.environment(settings), log=log) as running:
        yield running


@pytest.fixture
def tablet(browser: Browser, server: Server) -> Iterator[Page]:
    with browser.new_context(base_url=server.url, viewport=TABLET) as context:
        yield context.new_page()


@pytest.fixture
def phone_context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=server.url,
        viewport=PHONE,
        permissions=["camera", "geolocation"],
        geolocation={"latitude": 33.3009, "longitude": -111.8985},
    ) as context:
        yield context


@pytest.fixture
def phone(phone_context: BrowserContext) -> Page:
    return phone_context.new_page()


@pytest.fixture
def customer(browser: Browser, server: Server) -> Iterator[Page]:
    with browser.new_context(base_url=server.url, viewport=PHONE) as context:
        yield context.new_page()


def sign_in_clerk(tablet: Page, mall: Mall) -> None:
    tablet.goto(f"/desk/#code={mall.enrolment_code}")
    tablet.get_by_role("button", name="Enrol this tablet").click()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type(CLERK_CODE)
    tablet.get_by_role("heading", name="Who is coming").wait_for()


def place_delivery(tablet: Page, *, proof: str) -> str:
    """Enter a delivery by hand, mark it packed and return its tracking link."""
    tablet.get_by_role("link", name="New delivery").click()
    tablet.get_by_label("Recipient").fill("Cleo Núñez")
    tablet.get_by_label("Phone").fill("+1 480 555 0101")
    tablet.get_by_label("Street and number").fill("1245")
    tablet.get_by_role("option", name=re.compile(STREET)).click()
    tablet.get_by_role("button", name="One parcel more").click()
    tablet.get_by_label(proof, exact=True).check()
    tablet.get_by_role("button", name=re.compile("Place the delivery")).click()
    link = tablet.get_by_label("Tracking link for the customer").input_value()
    tablet.get_by_role("link", name="Back").first.click()
    tablet.get_by_role("button", name=re.compile("Mark packed")).click()
    tablet.get_by_text("Ready at the counter").wait_for()
    return link


def claim(phone: Page, mall: Mall) -> None:
    phone.goto("/driver/")
    phone.get_by_label("E-mail or phone number").fill(mall.driver_login)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    phone.get_by_role("button", name="Go on duty at Canyon Mall").click()
    phone.get_by_role("button", name="Claim this run").click()
    phone.get_by_role("heading", name="Collect 2 parcels at Juniper, Level 2").wait_for()


def hand_over(tablet: Page, phone: Page, camera: Camera) -> None:
    """Photograph the tablet's screen into the phone's camera."""
    phone.get_by_role("button", name="I am at the counter").click()
    tablet.get_by_text("is here").wait_for()
    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()
    camera.show(tablet.screenshot())
    phone.get_by_text("Scan the code on the tablet").click()
    expect(phone.get_by_text("2 of 2 parcels")).to_be_visible(timeout=20_000)
    tablet.get_by_text("has 2 of 2 parcels").wait_for()
    phone.get_by_role("button", name="Go on").click()


def test_parcels_go_from_counter_to_door_by_codes_and_pin(
    tablet: Page,
    phone: Page,
    phone_context: BrowserContext,
    customer: Page,
    mall: Mall,
    camera: Camera,
):
    sign_in_clerk(tablet, mall)
    link = place_delivery(tablet, proof="PIN")
    customer.goto(link)
    expect(customer.locator("[data-hook=headline]")).to_contain_text("Today")
    claim(phone, mall)
    expect(customer.locator("[data-hook=driver]")).to_contain_text("Dina", timeout=15_000)

    hand_over(tablet, phone, camera)
    expect(customer.locator("[data-hook=sentence]")).to_contain_text("on the way")
    phone_context.set_geolocation(ON_THE_WAY)
    expect(customer.locator("[data-hook=position]")).to_contain_text("mi", timeout=15_000)

    pin = customer.locator("[data-hook=pin]").inner_text()
    phone_context.set_geolocation(NEARER)
    deliver_with_pin(phone, re.sub(r"\D", "", pin))

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    expect(phone.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()


def deliver_with_pin(phone: Page, pin: str) -> None:
    phone.get_by_role("button", name="I am at the door").click()
    phone.get_by_role("button", name="Enter the PIN").click()
    phone.get_by_label(re.compile("Six digits")).fill(pin)
    phone.get_by_role("button", name="Deliver with this PIN").click()
