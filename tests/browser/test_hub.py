"""A rural hub on one phone: carriers' parcels in, onto a shelf, and out to the door."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import IS_KEPT, enrol_desk, see_problem, sign_in
from tests.browser.inspection import Inspection
from tests.factories import Mall
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    return {name: a_scene(app, kind="hub") for name in ("way", "dark")}


def open_desk(context: BrowserContext, scene: Scene) -> Page:
    """Make a phone the hub's desk and sign its keeper in."""
    page = context.new_page()
    enrol_desk(page, scene.enrolment_code)
    page.get_by_role("heading", name="Coming in").wait_for()
    assert page.evaluate(IS_KEPT)
    return page


def scan_in(page: Page, camera: Camera, delivery_id: str, number: int) -> None:
    """Hold a parcel's label in front of the phone."""
    address = f"/desk/api/deliveries/{delivery_id}/label.png?parcel={number}"
    camera.show(page.context.request.get(address).body())
    page.get_by_role("link", name="Scan parcels in").click()
    page.locator("[data-intake]").get_by_text(f"Parcel {number} of 2").wait_for()


def see_narrow(page: Page) -> None:
    """Nothing stands beside the phone's screen."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, (page.url, width)


def shelve(page: Page, shelf: str) -> None:
    page.get_by_label("Another shelf or bin").fill(shelf)
    page.get_by_role("button", name="Put it there").click()
    page.get_by_text(f"On shelf {shelf}. Scan the next parcel.").wait_for()


def bring(page: Page) -> None:
    """Deliver at the door, where nothing is asked for."""
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Cleo has the parcels: delivered").click()


def status(mall: Mall, delivery_id: str) -> str:
    return mall.delivery(delivery_id).status


def test_one_person_with_one_phone_does_the_whole_work_of_a_hub(
    stage: dict[str, Scene],
    phone_context: BrowserContext,
    customer: Page,
    server: Server,
    camera: Camera,
    inspection: Inspection,
):
    scene = stage["way"]
    delivery_id = scene.mall.places(parcel_count=2)
    customer.goto(scene.mall.link(delivery_id))
    expect(customer.locator("[data-hook=sentence]")).to_contain_text("On the way to Lumen")
    desk = open_desk(phone_context, scene)
    see_narrow(desk)
    inspection.look(desk, "hub")

    scan_in(desk, camera, delivery_id, 1)
    inspection.look(desk, "scanning in")
    shelve(desk, "A1")
    see_narrow(desk)
    desk.get_by_role("link", name="Back to the counter").click()
    scan_in(desk, camera, delivery_id, 2)
    desk.get_by_role("button", name="Shelf A1").click()
    desk.get_by_text("On shelf A1").wait_for()
    desk.get_by_role("link", name="Back to the counter").click()
    expect(desk.locator("#shelves")).to_contain_text("2")
    expect(customer.locator("[data-hook=sentence]")).to_contain_text("At Lumen")

    sign_in(phone_context, server.url, driver=scene.driver.token)
    phone = phone_context.new_page()
    phone.goto("/driver/")
    phone.get_by_role("button", name="Claim this run").click()
    phone.get_by_role("button", name="I am at the counter").click()
    desk.bring_to_front()
    desk.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    desk.get_by_role("button", name=re.compile("show the code")).click()
    with phone_context.expect_page() as opened:
        desk.get_by_role("link", name="I am Dina: take them on this phone").click()
    mine = opened.value
    expect(mine.get_by_role("heading", name="2 of 2 parcels")).to_be_visible()
    assert "MP1" not in mine.url
    mine.get_by_role("button", name="Go on").click()
    bring(mine)

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    wait_until(mine, lambda: status(scene.mall, delivery_id) == "delivered")
    desk.bring_to_front()
    desk.get_by_text("has 2 of 2 parcels").wait_for()
    wait_until(desk, lambda: "handoff.released" in scene.mall.events(delivery_id))
    inspection.end()


def test_without_signal_parcels_come_in_and_are_shelved(
    stage: dict[str, Scene], phone_context: BrowserContext
):
    scene = stage["dark"]
    delivery_id = scene.mall.places(parcel_count=1, carrier_ref="1Z-999")
    desk = open_desk(phone_context, scene)
    desk.get_by_text("1Z999").wait_for()
    phone_context.set_offline(True)

    desk.get_by_role("link", name="Scan parcels in").click()
    desk.get_by_label("Or type the carrier's code").fill("UPS-404")
    desk.get_by_role("button", name="Take it in").click()
    see_problem(desk, "parcel_unknown")
    desk.get_by_label("Or type the carrier's code").fill("1z 999")
    desk.get_by_role("button", name="Take it in").click()
    desk.get_by_text("Kept on this device until there is a connection.").wait_for()
    shelve(desk, "B2")
    assert status(scene.mall, delivery_id) == "created"
    phone_context.set_offline(False)

    wait_until(desk, lambda: status(scene.mall, delivery_id) == "ready_for_pickup")
    types = scene.mall.events(delivery_id)
    assert types[-3:] == ["handoff.taken_in", "parcel.shelved", "delivery.packed"]
