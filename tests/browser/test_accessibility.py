"""Every screen for everybody: axe finds nothing, fingers hit, the keyboard alone goes the way."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from app import clock
from tests import factories, personas
from tests.browser.camera import Camera
from tests.browser.cast import STREET, Scene, a_scene
from tests.browser.hands import see_problem, send, sign_in
from tests.browser.inspection import Inspection, see_title
from tests.factories import CARLS_CODE
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    """Scenes by name, with the run and the tracking link of most."""

    scenes: dict[str, Scene]
    run_ids: dict[str, str]
    links: dict[str, str]


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    names = ("offers", "counter", "door", "desk", "way", "back", "cancelled", "new")
    scenes = {name: a_scene(app) for name in names}
    scenes["offers"].mall.offers({}, {"proof": "photo"})
    run_ids = {
        "counter": scenes["counter"].claims(),
        "door": scenes["door"].comes_to_door(proof="pin"),
        "way": scenes["way"].collects(proof="photo"),
        "back": scenes["back"].comes_to_door(),
        "cancelled": scenes["cancelled"].mall.offers({}),
        "new": scenes["new"].mall.offers({}),
    }
    links = {name: scenes[name].link(run_id) for name, run_id in run_ids.items()}
    scenes["back"].fails()
    scenes["cancelled"].cancels(run_ids["cancelled"])
    return Stage(scenes, run_ids, links)


def test_driver_without_a_run(
    stage: Stage, phone: Page, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    sign_in(phone_context, server.url, driver=stage.scenes["offers"].driver.token)
    phone.goto("/driver/")
    see_title(phone, "Runs on offer")
    inspection.look(phone, "offers")
    inspection.walk(phone, "offers")
    phone.locator("details.pay summary").first.click()
    inspection.look(phone, "offers with pay")
    for screen, title in (("earnings", "Earnings"), ("unsent", "Steps on this phone")):
        phone.goto(f"/driver/#/{screen}")
        see_title(phone, title)
        inspection.look(phone, f"empty {screen}")
    phone.goto("/driver/#/account")
    see_title(phone, "Dina Diaz")
    inspection.look(phone, "account")
    inspection.walk(phone, "account")
    phone.get_by_role("button", name="Go off duty").click()
    see_title(phone, "Where do you drive today")
    inspection.look(phone, "duty")
    inspection.walk(phone, "duty")
    inspection.end()


def test_driver_at_the_counter(
    stage: Stage,
    phone: Page,
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
    inspection: Inspection,
):
    sign_in(phone_context, server.url, driver=stage.scenes["counter"].driver.token)
    phone.goto("/driver/")
    see_title(phone, "Collect 2 parcels")
    inspection.look(phone, "run")
    inspection.walk(phone, "run")
    phone.get_by_role("button", name="Show the way").click()
    phone.get_by_role("dialog").wait_for()
    inspection.look(phone, "navigation")
    phone.get_by_role("button", name="Close").click()
    phone.get_by_role("link", name="Give this run back").click()
    see_title(phone, "Why do you give this run back")
    inspection.look(phone, "release")
    inspection.walk(phone, "release")
    phone.get_by_role("button", name="Back", exact=True).click()
    phone.get_by_role("button", name="I am at the counter").click()
    phone.get_by_role("button", name="Scan the code on the tablet").wait_for()
    inspection.look(phone, "counter")
    camera.show(Image.new("RGB", (320, 180), "gray"))
    phone.get_by_role("button", name="Scan the code on the tablet").click()
    see_title(phone, "Scan the code on the tablet")
    inspection.look(phone, "scan")
    inspection.walk(phone, "scan")
    look_at_shown_phone(phone, inspection)
    phone.get_by_role("link", name="Type the short code").click()
    see_title(phone, "Type the short code")
    phone.get_by_role("button", name="Collect with this code").click()
    inspection.look(phone, "short code")
    inspection.walk(phone, "short code")
    phone.get_by_role("link", name="There is no code to type").click()
    see_title(phone, "Collect without a code")
    inspection.look(phone, "word")
    phone_context.set_offline(True)
    phone.get_by_label("The tablet is off or broken").check()
    phone.get_by_role("button", name="I have 2 parcels").click()
    expect(phone.get_by_text("1 step is saved on this phone, not sent yet")).to_be_visible()
    inspection.look(phone, "kept step")
    phone.get_by_text("1 step is saved on this phone, not sent yet").click()
    see_title(phone, "Steps on this phone")
    inspection.look(phone, "unsent")
    inspection.end()


def look_at_shown_phone(phone: Page, inspection: Inspection) -> None:
    """From the scanner to the code that the clerk scans, and back."""
    phone.get_by_role("link", name="Let the clerk scan this phone").click()
    see_title(phone, "Show this to the clerk")
    phone.locator("[data-presence]").wait_for()
    inspection.look(phone, "shown phone")
    inspection.walk(phone, "shown phone")
    phone.get_by_role("button", name="Back", exact=True).click()
    see_title(phone, "Scan the code on the tablet")


def test_driver_at_the_door_and_after(
    stage: Stage, phone: Page, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    sign_in(phone_context, server.url, driver=stage.scenes["door"].driver.token)
    phone.goto("/driver/")
    see_title(phone, "Hand 2 parcels to Cleo")
    inspection.look(phone, "door")
    inspection.walk(phone, "door")
    phone.get_by_role("link", name="I cannot deliver this").click()
    see_title(phone, "Why can Cleo not")
    inspection.look(phone, "cannot")
    phone.get_by_role("button", name="Back", exact=True).click()
    phone.goto(door_address(stage, "photo"))
    see_title(phone, "Photograph")
    phone.locator("[data-scan=looking]").wait_for()
    inspection.look(phone, "camera for the photo")
    inspection.walk(phone, "camera for the photo")
    phone.get_by_role("button", name="Take the photo").click()
    phone.get_by_role("img", name="The photo you took").wait_for()
    inspection.look(phone, "photo")
    inspection.walk(phone, "photo")
    phone.get_by_role("button", name="Back", exact=True).click()
    phone.get_by_role("button", name="Enter the PIN").click()
    phone.get_by_label(re.compile("Six digits")).fill("000000")
    phone.get_by_role("button", name="Deliver with this PIN").click()
    see_problem(phone, "pin_wrong")
    inspection.look(phone, "wrong PIN")
    inspection.walk(phone, "wrong PIN")
    scene = stage.scenes["door"]
    row = scene.mall.only_delivery(stage.run_ids["door"])
    phone.get_by_label(re.compile("Six digits")).fill(scene.mall.pin(row.id))
    phone.get_by_role("button", name="Deliver with this PIN").click()
    see_title(phone, "You earned")
    inspection.look(phone, "finished")
    inspection.walk(phone, "finished")
    phone.goto("/driver/#/earnings")
    phone.get_by_text("1 delivery made.").wait_for()
    inspection.look(phone, "earnings")
    phone.locator("[data-earned]").click()
    phone.locator("[data-stops]").wait_for()
    inspection.look(phone, "earnings of a run")
    inspection.end()


def door_address(stage: Stage, page: str) -> str:
    (stop,) = stage.scenes["door"].driver.stops("dropoff")
    return f"/driver/#/stop/{stop['id']}/{page}"


def test_desk_from_enrolment_to_a_placed_delivery(
    stage: Stage, tablet: Page, inspection: Inspection
):
    tablet.goto("/desk/")
    see_title(tablet, "Make this tablet")
    inspection.look(tablet, "enrolment")
    inspection.walk(tablet, "enrolment")
    tablet.get_by_label("Enrolment code").fill(stage.scenes["desk"].enrolment_code)
    tablet.get_by_role("button", name="Enrol this tablet").click()
    tablet.get_by_role("heading", name="Enter your code").wait_for()
    inspection.look(tablet, "locked")
    inspection.walk(tablet, "locked")
    tablet.keyboard.type("111111")
    tablet.get_by_role("alert").wait_for()
    inspection.look(tablet, "wrong code")
    tablet.keyboard.type(CARLS_CODE)
    tablet.get_by_role("heading", name="Who is coming").wait_for()
    inspection.look(tablet, "empty board")
    tablet.get_by_role("link", name="New delivery").click()
    tablet.get_by_label("Recipient").fill("Cleo Núñez")
    tablet.get_by_role("button", name=re.compile("Place the delivery")).click()
    inspection.look(tablet, "new delivery with faults")
    inspection.walk(tablet, "new delivery with faults")
    tablet.get_by_label("Phone").fill("+1 480 555 0101")
    tablet.get_by_label("Street and number").fill("1245")
    tablet.get_by_role("option", name=re.compile(STREET)).click()
    tablet.get_by_role("button", name=re.compile("Place the delivery")).click()
    tablet.get_by_label("Tracking link for the customer").wait_for()
    inspection.look(tablet, "placed")
    inspection.walk(tablet, "placed")
    tablet.get_by_role("link", name="Back").first.click()
    tablet.get_by_role("button", name=re.compile("Mark packed")).wait_for()
    inspection.look(tablet, "board")
    inspection.walk(tablet, "board")
    tablet.get_by_role("link", name=re.compile("Cleo")).first.click()
    tablet.get_by_role("dialog").wait_for()
    inspection.look(tablet, "sheet")
    inspection.end()


def test_desk_takes_parcels_back(
    stage: Stage,
    tablet: Page,
    tablet_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, **stage.scenes["back"].clerk.cookies)
    tablet.goto("/desk/")
    tablet.get_by_role("link", name="Take back 2 parcels").click()
    see_title(tablet, "Dina brings parcels back")
    inspection.look(tablet, "returns")
    inspection.walk(tablet, "returns")
    inspection.end()


def test_tracking_page_in_its_states(
    stage: Stage,
    customer: Page,
    phone_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    for screen, words in (
        ("new", "Today"),
        ("counter", ""),
        ("back", "Coming back"),
        ("cancelled", "ancelled"),
    ):
        customer.goto(stage.links[screen])
        see_title(customer, words)
        inspection.look(customer, f"tracking, {screen}")
    sign_in(phone_context, server.url, driver=stage.scenes["way"].driver.token)
    (stop,) = stage.scenes["way"].driver.stops("dropoff")
    report_position(phone_context)
    customer.goto(stage.links["way"])
    customer.get_by_role("img", name=re.compile("Map: Dina is")).wait_for()
    inspection.look(customer, "tracking, on the way")
    inspection.walk(customer, "tracking, on the way")
    send(phone_context, f"/driver/api/stops/{stop['id']}/arrive", position=None)
    see_title(customer, "at your door")
    inspection.look(customer, "tracking, at the door")
    evidence = {"kind": "photo", "photo_id": send_photo(phone_context, stop["delivery"]["id"])}
    deliver = f"/driver/api/stops/{stop['id']}/deliver"
    send(phone_context, deliver, epoch=1, evidence=evidence, position=None)
    see_title(customer, "Delivered")
    inspection.look(customer, "tracking, delivered")
    inspection.end()


def report_position(context: BrowserContext) -> None:
    fix = {"lat": 33.31, "lon": -111.89, "accuracy_m": 9.0, "heading_deg": None, "speed_mps": None}
    fixes = [fix | {"at": clock.now().isoformat()}]
    assert context.request.post("/driver/api/positions", data={"fixes": fixes}).ok


def send_photo(context: BrowserContext, delivery_id: str) -> str:
    picture: FilePayload = {
        "name": "door.jpg",
        "mimeType": "image/jpeg",
        "buffer": personas.a_picture().getvalue(),
    }
    answer = context.request.post(
        "/driver/api/photos",
        multipart={**factories.command(delivery_id=delivery_id), "photo": picture},
    )
    assert answer.ok, answer.text()
    return answer.json()["result"]["photo_id"]
