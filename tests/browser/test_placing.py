"""Mistakes in the form of a new delivery, and the ways back from them."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.cast import Scene, a_scene
from tests.browser.hands import enrol_tablet
from tests.browser.inspection import Inspection

STREET = "1245 W Chandler Blvd"


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    return {name: a_scene(app) for name in ("street", "clear", "correct")}


def open_form(tablet: Page, scene: Scene) -> None:
    enrol_tablet(tablet, scene.enrolment_code)
    tablet.get_by_role("link", name="New delivery").click()
    tablet.get_by_label("Recipient").fill("Cleo Núñez")
    tablet.get_by_label("Phone").fill("+1 480 555 0101")
    tablet.get_by_label("Street and number").fill("1245")
    tablet.get_by_role("option", name=re.compile(STREET)).click()


def place(tablet: Page) -> None:
    tablet.get_by_role("button", name=re.compile("Place the delivery")).click()


def test_other_street_does_not_go_to_the_door_of_the_first(
    stage: dict[str, Scene], tablet: Page, inspection: Inspection
):
    open_form(tablet, stage["street"])
    street = tablet.get_by_label("Street and number")
    street.fill(f"{STREET}, back door")
    expect(tablet.locator("#point-words")).to_contain_text("east of Lumen")

    street.fill("77 Nowhere Lane")
    expect(tablet.get_by_text("This address is not among those we know.")).to_be_visible()
    place(tablet)

    expect(tablet.get_by_text("Choose a suggested address, or tap the door")).to_be_visible()
    inspection.look(tablet, "unknown-street")


def test_cleared_form_comes_back_and_a_pin_leaves_nothing_at_the_door(
    stage: dict[str, Scene], tablet: Page
):
    open_form(tablet, stage["clear"])
    leave = tablet.get_by_label("May be left at the door")
    leave.check()
    tablet.get_by_label("PIN", exact=True).check()
    expect(leave).to_be_disabled()
    expect(leave).not_to_be_checked()

    tablet.get_by_role("button", name="Clear the form").click()
    expect(tablet.get_by_label("Recipient")).to_have_value("")
    tablet.get_by_role("button", name="Bring it back").click()

    expect(tablet.get_by_label("Recipient")).to_have_value("Cleo Núñez")
    expect(tablet.get_by_label("Street and number")).to_have_value(STREET)
    tablet.get_by_role("button", name="Clear the form").click()
    tablet.get_by_role("link", name="Back to the counter").click()
    expect(tablet.get_by_role("button", name="Bring it back")).to_have_count(0)


def test_mistake_seen_after_placing_is_corrected_without_typing_all_again(
    stage: dict[str, Scene], tablet: Page
):
    open_form(tablet, stage["correct"])
    place(tablet)
    tablet.get_by_label("Tracking link for the customer").wait_for()

    tablet.get_by_role("button", name="Something is wrong").click()
    tablet.get_by_label("Apt or unit").fill("Apt 12")
    expect(tablet.get_by_label("Recipient")).to_have_value("Cleo Núñez")
    place(tablet)
    tablet.get_by_label("Tracking link for the customer").wait_for()
    tablet.get_by_role("link", name="Back").first.click()

    expect(tablet.get_by_role("heading", name="To pack 1")).to_be_visible()
    gone = tablet.get_by_role("region", name=re.compile("Gone today"))
    expect(gone.get_by_text("Cancelled")).to_have_count(1)
