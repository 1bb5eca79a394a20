"""At the customer's door: every way of handing over, and the way back when it cannot be."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests import personas
from tests.browser.camera import FRAME_SIZE, Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import see_problem, sign_in
from tests.promises.serving import Server

SITUATIONS = {
    "code": {"proof": "pin"},
    "photo": {"proof": "photo", "leave_at_door": True},
    "nothing": {"proof": "none", "leave_at_door": True},
    "locked": {"proof": "pin"},
    "back": {"proof": "none"},
}


@dataclass(frozen=True, slots=True)
class Door:
    """A driver at a door."""

    scene: Scene
    run_id: str

    @property
    def link(self) -> str:
        return self.scene.link(self.run_id)

    @property
    def events(self) -> list[str]:
        return self.scene.mall.events(self.scene.mall.only_delivery(self.run_id).id)


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Door]:
    def a_door(**given: object) -> Door:
        scene = a_scene(app)
        return Door(scene, scene.comes_to_door(**given))

    return {name: a_door(**given) for name, given in SITUATIONS.items()}


@pytest.fixture
def phone_at(
    stage: dict[str, Door], phone_context: BrowserContext, server: Server
) -> Callable[[str], Page]:
    def open_phone(situation: str) -> Page:
        sign_in(phone_context, server.url, driver=stage[situation].scene.driver.token)
        page = phone_context.new_page()
        page.goto("/driver/")
        return page

    return open_phone


def see_earnings(phone: Page) -> None:
    """Wait for the screen after the last stop, whose lines add up to its title."""
    title = phone.get_by_role("heading", name=re.compile("You earned")).inner_text()
    amounts = phone.locator("[data-finished] dd").all_inner_texts()
    *lines, total = (float(amount.removeprefix("$")) for amount in amounts)
    assert len(lines) >= 2
    assert title.endswith(f"${total:.2f}")
    assert sum(lines) == pytest.approx(total)


def test_code_on_customers_screen_opens_the_door(
    stage: dict[str, Door], phone_at: Callable[[str], Page], customer: Page, camera: Camera
):
    phone = phone_at("code")
    customer.goto(stage["code"].link)
    customer.locator("[data-hook=code]").scroll_into_view_if_needed()
    camera.show(customer.screenshot())

    phone.get_by_role("button", name="Enter the PIN").wait_for()
    phone.get_by_role("button", name="Scan the customer’s code").click()

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    see_earnings(phone)
    assert stage["code"].events.count("handoff.delivered") == 1


def test_customer_sees_the_photo_of_the_parcels_at_the_door(
    stage: dict[str, Door], phone_at: Callable[[str], Page], customer: Page, camera: Camera
):
    camera.show(personas.a_picture("green").getvalue())
    phone = phone_at("photo")
    customer.goto(stage["photo"].link)

    phone.get_by_role("button", name="Take a photo").click()
    phone.get_by_role("button", name="Take the photo").click()
    phone.get_by_role("img", name="The photo you took").wait_for()
    phone.get_by_role("button", name="Deliver with this photo").click()

    proof = customer.get_by_role("img", name="Photo of the parcels at the door")
    expect(proof).to_be_visible()
    expect(proof).to_have_js_property("naturalWidth", FRAME_SIZE[0])
    see_earnings(phone)


def test_parcels_left_at_the_door_need_one_tap(
    stage: dict[str, Door], phone_at: Callable[[str], Page], customer: Page
):
    phone = phone_at("nothing")
    customer.goto(stage["nothing"].link)

    expect(phone.get_by_role("heading", level=1)).to_have_text("Leave 2 parcels at Cleo’s door")
    phone.get_by_role("button", name="Parcels are at the door: delivered").click()

    expect(customer.locator("[data-hook=headline]")).to_contain_text("Delivered")
    see_earnings(phone)


def test_fifth_wrong_pin_locks_it_and_asks_for_a_photo(
    stage: dict[str, Door], phone_at: Callable[[str], Page]
):
    phone = phone_at("locked")
    (row,) = stage["locked"].scene.mall.deliveries_of(stage["locked"].run_id)
    wrong = "000000" if stage["locked"].scene.mall.pin(row.id) != "000000" else "000001"
    phone.get_by_role("button", name="Enter the PIN").click()

    for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left"):
        phone.get_by_label(re.compile("Six digits")).fill(wrong)
        phone.get_by_role("button", name="Deliver with this PIN").click()
        expect(phone.locator("#pin-hint")).to_contain_text(left)
        see_problem(phone, "pin_wrong")
    phone.get_by_label(re.compile("Six digits")).fill(wrong)
    phone.get_by_role("button", name="Deliver with this PIN").click()

    for _ in range(2):
        expect(phone.get_by_role("heading", name="Cleo’s PIN is locked")).to_be_visible()
        expect(phone.get_by_text("wrong five times")).to_have_count(1)
        expect(phone.get_by_role("button", name="Scan the customer’s code")).to_be_visible()
        phone.reload()
    phone.get_by_role("button", name="Take a photo").click()
    expect(phone.get_by_role("button", name="Take the photo")).to_be_visible()
    assert stage["locked"].events.count("pin.refused") == 5


def test_parcels_that_cannot_be_delivered_go_back_to_the_clerk(
    stage: dict[str, Door],
    phone_at: Callable[[str], Page],
    tablet_context: BrowserContext,
    server: Server,
):
    phone = phone_at("back")
    sign_in(tablet_context, server.url, **stage["back"].scene.clerk.cookies)
    tablet = tablet_context.new_page()
    tablet.goto("/desk/")

    phone.get_by_role("link", name="I cannot deliver this").click()
    phone.get_by_label("Nobody is there").check()
    phone.get_by_role("button", name="Do not deliver: back to Lumen").click()
    phone.get_by_role("button", name="I am at the counter").click()
    tablet.get_by_role("link", name="Take back 2 parcels").click()
    tablet.get_by_role("button", name=re.compile("Parcels are back")).click()

    expect(tablet.get_by_text("The parcels are back in the store.")).to_be_visible()
    expect(phone.get_by_text("0 deliveries made, 1 given back.")).to_be_visible()
    see_earnings(phone)
