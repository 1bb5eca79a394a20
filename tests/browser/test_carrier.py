"""A carrier who drives with us at a hub: the phone's screen is photographed by the hub's camera."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_driver, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import (
    IS_KEPT,
    TABLET,
    OpensBrowser,
    enrol_desk,
    see_problem,
    sign_in,
)
from tests.browser.inspection import Inspection
from tests.personas import Driver
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    return {name: a_scene(app, kind="hub") for name in ("way", "dark", "wrong")}


@pytest.fixture
def desk(opens: OpensBrowser) -> BrowserContext:
    return opens(viewport=TABLET, permissions=["camera"])


def open_desk(context: BrowserContext, scene: Scene) -> Page:
    page = context.new_page()
    enrol_desk(page, scene.enrolment_code)
    page.get_by_role("heading", name="Coming in").wait_for()
    assert page.evaluate(IS_KEPT)
    return page


def open_phone(context: BrowserContext, server: Server, driver: Driver) -> Page:
    """Open the driver's app until its phone has a key of its own."""
    sign_in(context, server.url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    wait_until(page, lambda: driver.state()["device"]["kid"] is not None)
    assert page.evaluate(IS_KEPT)
    return page


def choose_counter(phone: Page, scene: Scene) -> None:
    """Go to the code for a scene's counter, past the hubs of other scenes."""
    phone.get_by_role("link", name=re.compile("Account")).click()
    phone.get_by_role("link", name="Bring parcels to a hub").click()
    phone.locator(f"a[href$='/bring/{scene.mall.store.number}']").click()
    phone.locator("[data-presence] svg.qr").wait_for()


def scan(desk: Page, camera: Camera, picture: bytes) -> None:
    """Hold something in front of the desk's camera, which lets go of the picture before."""
    camera.show(picture)
    desk.evaluate("location.hash = '#/'")
    desk.get_by_role("link", name="Scan parcels in").click()


def test_a_carrier_signs_with_the_phone(
    stage: dict[str, Scene],
    desk: BrowserContext,
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
    inspection: Inspection,
):
    scene = stage["way"]
    delivery_id = scene.mall.places(parcel_count=2)
    tablet = open_desk(desk, scene)
    phone = open_phone(phone_context, server, scene.driver)
    choose_counter(phone, scene)
    inspection.look(phone, "code for a hub")

    scan(tablet, camera, phone.screenshot())
    expect(tablet.get_by_role("heading", name="Parcels from Dina")).to_be_visible(timeout=20_000)
    inspection.look(tablet, "carrier is here")
    expect(phone.get_by_role("heading", name="Lumen has scanned your phone")).to_be_visible()
    expect(phone.get_by_text("0 parcels taken in")).to_be_visible()
    for number in (1, 2):
        address = f"/desk/api/deliveries/{delivery_id}/label.png?parcel={number}"
        scan(tablet, camera, tablet.context.request.get(address).body())
        expect(tablet.locator("[data-intake]").get_by_text(f"Parcel {number} of 2")).to_be_visible()
    expect(phone.get_by_text("2 parcels taken in")).to_be_visible()
    inspection.look(phone, "parcels taken in")

    facts = scene.mall.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)
    assert (facts["level"], facts["driver"]) == ("E2", scene.driver.person_id)
    tablet.get_by_role("button", name="Dina has given everything").click()
    expect(tablet.get_by_role("heading", name="Parcels from Dina")).to_have_count(0)
    expect(phone.locator("[data-taken=over]")).to_contain_text("This is your receipt")
    phone.get_by_role("button", name="Back").click()
    expect(phone.locator("[data-receipt]")).to_have_text(
        re.compile("Lumen took 2 parcels from you")
    )
    inspection.look(phone, "receipts")
    inspection.end()


def test_neither_side_needs_signal(
    stage: dict[str, Scene],
    desk: BrowserContext,
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    scene = stage["dark"]
    delivery_id = scene.mall.places(parcel_count=1)
    tablet = open_desk(desk, scene)
    label = tablet.context.request.get(f"/desk/api/deliveries/{delivery_id}/label.png").body()
    phone = open_phone(phone_context, server, scene.driver)
    choose_counter(phone, scene)
    phone_context.set_offline(True)
    phone.reload()
    phone.locator("[data-presence] svg.qr").wait_for()
    desk.set_offline(True)

    scan(tablet, camera, phone.screenshot())
    tablet.get_by_role("heading", name="Parcels from a driver").wait_for()
    scan(tablet, camera, label)
    tablet.get_by_text("Kept on this device until there is a connection.").wait_for()
    expect(tablet.get_by_text("1 parcel taken in")).to_be_visible()
    desk.set_offline(False)

    expect(tablet.get_by_role("heading", name="Parcels from Dina")).to_be_visible(timeout=20_000)
    wait_until(tablet, lambda: "handoff.taken_in" in scene.mall.events(delivery_id))
    facts = scene.mall.facts(delivery_id, EventType.HANDOFF_TAKEN_IN)
    assert (facts["level"], facts["driver"]) == ("E2", scene.driver.person_id)
    desk.set_offline(True)
    tablet.get_by_role("button", name="Dina has given everything").click()
    expect(tablet.get_by_role("heading", name="Parcels from Dina")).to_have_count(0)
    phone_context.set_offline(False)
    desk.set_offline(False)
    expect(phone.locator("[data-taken=over]")).to_contain_text("1 parcel taken in", timeout=20_000)


def test_code_for_another_counter_says_where_the_driver_has_to_look(
    stage: dict[str, Scene],
    desk: BrowserContext,
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    scene, elsewhere = stage["wrong"], stage["way"]
    tablet = open_desk(desk, scene)
    phone = open_phone(phone_context, server, a_driver(scene.mall, "Dora Dean"))
    choose_counter(phone, elsewhere)

    scan(tablet, camera, phone.screenshot())

    see_problem(tablet, "carrier_elsewhere")
