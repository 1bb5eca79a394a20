"""A station: a wave's parcels sorted into their bay by its people, then scanned out."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import IS_KEPT, TABLET, OpensBrowser, enrol_desk, show_code, sign_in
from tests.browser.inspection import Inspection
from tests.inbound import label
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Scene]:
    return {name: a_scene(app, kind="station") for name in ("wave", "dark")}


def open_station(context: BrowserContext, scene: Scene) -> Page:
    """Make a browser the station's tablet; a run of two parcels is planned."""
    page = context.new_page()
    enrol_desk(page, scene.enrolment_code)
    page.get_by_text("0 of 2 sorted").wait_for()
    assert page.evaluate(IS_KEPT)
    return page


def place_run(scene: Scene) -> tuple[str, str]:
    """Plan a run of one delivery of two parcels; return run and delivery."""
    run_id = scene.mall.offers({})
    return run_id, scene.mall.only_delivery(run_id).id


def show_label(page: Page, camera: Camera, delivery_id: str, number: int) -> None:
    address = f"/desk/api/deliveries/{delivery_id}/label.png?parcel={number}"
    camera.show(page.context.request.get(address).body())


def sort_one(page: Page, camera: Camera, delivery_id: str, number: int) -> None:
    """Scan a parcel and read its bay."""
    show_label(page, camera, delivery_id, number)
    page.get_by_role("link", name="Sort parcels").click()
    said = page.locator("[data-intake]")
    expect(said).to_contain_text("Bay 1")
    expect(said).to_contain_text(f"Parcel {number} of 2")
    page.get_by_role("link", name="Back to the counter").click()


def test_a_wave_is_sorted_and_scanned_out(
    stage: dict[str, Scene],
    opens: OpensBrowser,
    phone: Page,
    server: Server,
    camera: Camera,
    inspection: Inspection,
):
    scene = stage["wave"]
    run_id, delivery_id = place_run(scene)
    context = opens(viewport=TABLET, permissions=["camera"])
    desk = open_station(context, scene)

    sort_one(desk, camera, delivery_id, 1)
    desk.get_by_text("1 of 2 sorted").click()
    desk.get_by_text("1 parcel is missing:").wait_for()
    inspection.look(desk, "waves")
    expect(desk.locator("details li")).to_contain_text("Parcel 2 of 2")
    sort_one(desk, camera, delivery_id, 2)
    desk.get_by_text("2 of 2 sorted").wait_for()
    assert scene.mall.delivery(delivery_id).status == "ready_for_pickup"

    sign_in(phone.context, server.url, driver=scene.driver.token)
    phone.goto("/driver/")
    expect(phone.locator("[data-offer]")).to_contain_text("bay 1")
    phone.get_by_role("button", name="Claim this run").click()
    phone.get_by_role("button", name="I am at the counter").click()
    show_code(desk)
    camera.show(desk.screenshot())
    phone.get_by_role("button", name="Scan the code on the tablet").click()

    expect(phone.get_by_role("heading", name="2 of 2 parcels")).to_be_visible(timeout=20_000)
    desk.get_by_text("has 2 of 2 parcels").wait_for()
    wait_until(phone, lambda: scene.mall.run(run_id).status == "delivering")
    inspection.end()


def test_without_signal_sorting_goes_on(stage: dict[str, Scene], tablet_context: BrowserContext):
    scene = stage["dark"]
    _run_id, delivery_id = place_run(scene)
    desk = open_station(tablet_context, scene)
    tablet_context.set_offline(True)

    desk.get_by_role("link", name="Sort parcels").click()
    for number in (1, 2):
        desk.get_by_label("Or type the code of the parcel").fill(
            label(scene.mall, delivery_id, number)
        )
        desk.get_by_role("button", name="Sort it").click()
        expect(desk.locator("[data-intake]")).to_contain_text(f"Parcel {number} of 2")
        expect(desk.locator("[data-intake]")).to_contain_text("Bay 1")
    assert scene.mall.delivery(delivery_id).status == "created"
    tablet_context.set_offline(False)

    wait_until(desk, lambda: scene.mall.delivery(delivery_id).status == "ready_for_pickup")
