"""The whole path in three browsers: placed, claimed, handed over by real pixels, delivered."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Geolocation, Page, expect

from app import keys
from tests import factories, office
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import enrol_tablet, hand_over, place_delivery

ON_THE_WAY: Geolocation = {"latitude": 33.3012, "longitude": -111.8975, "accuracy": 12}
NEARER: Geolocation = {"latitude": 33.3015, "longitude": -111.8960, "accuracy": 12}


@pytest.fixture(scope="module")
def stage(app: Flask) -> Scene:
    return a_scene(app)


def driver_with_password(scene: Scene) -> str:
    """Add a driver who is off duty and signed in nowhere; return the address to sign in with."""
    password_hash = keys.hash_password(office.PASSWORD)
    with scene.mall.writing():
        person_id = factories.a_driver("Dina Reyes", password_hash=password_hash)
    return office.login_of(scene.mall, person_id)


def log_in(phone: Page, login: str) -> None:
    phone.goto("/driver/")
    phone.get_by_label("E-mail or phone number").fill(login)
    phone.get_by_label("Password").fill(office.PASSWORD)
    phone.get_by_role("button", name="Sign in").click()


def claim(phone: Page) -> None:
    phone.get_by_role("button", name="Go on duty at Chandler Fashion Center").click()
    phone.get_by_role("button", name="Claim this run").click()
    phone.get_by_role("heading", name="Collect 2 parcels at Lumen, Level 2").wait_for()


def deliver_with_pin(phone: Page, pin: str) -> None:
    phone.get_by_role("button", name="I am at the door").click()
    phone.get_by_role("button", name="Enter the PIN").click()
    phone.get_by_label(re.compile("Six digits")).fill(pin)
    phone.get_by_role("button", name="Deliver with this PIN").click()


def test_parcels_go_from_counter_to_door_by_codes_and_pin(
    tablet_context: BrowserContext,
    phone_context: BrowserContext,
    customer_context: BrowserContext,
    stage: Scene,
    camera: Camera,
):
    tablet, phone = tablet_context.new_page(), phone_context.new_page()
    customer = customer_context.new_page()
    enrol_tablet(tablet, stage.enrolment_code)
    link = place_delivery(tablet, proof="PIN")
    customer.goto(link)
    expect(customer.locator("[data-hook=headline]")).to_contain_text("Today")
    log_in(phone, driver_with_password(stage))
    claim(phone)
    expect(customer.locator("[data-hook=driver]")).to_contain_text("Dina")

    hand_over(tablet, phone, camera)
    expect(customer.locator("[data-hook=sentence]")).to_contain_text("on the way")
    phone_context.set_geolocation(ON_THE_WAY)
    expect(customer.locator("[data-hook=position]")).to_contain_text("mi")

    pin = customer.locator("[data-hook=pin]").inner_text()
    phone_context.set_geolocation(NEARER)
    deliver_with_pin(phone, re.sub(r"\D", "", pin))

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    expect(phone.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
