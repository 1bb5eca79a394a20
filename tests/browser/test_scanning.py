"""Wrong codes, no code and no camera: every one is explained on the phone, and nothing is lost."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import qrcode
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from app import clock, keys
from app.domain import tokens
from app.domain.events import EventType
from app.domain.problems import PROBLEMS
from app.domain.roster import RosterEntry, write_entry
from tests import personas
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import enrolled_as
from tests.browser.hands import PHONE, OpensBrowser, see_problem, send, sign_in
from tests.devices import presence_of
from tests.personas import Clerk, Driver
from tests.promises.serving import Server

#: A page of no origin, such as the first one, has no devices at all.
NO_CAMERA = """if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("none", "NotFoundError"));"""
PARCELS = 2  # Of each delivery.


@dataclass(frozen=True, slots=True)
class Counter:
    """A driver at Lumen's counter, whose run goes on to Orbit's."""

    scene: Scene
    run_id: str
    neighbour: Clerk

    @property
    def collected_count(self) -> int:
        return self.scene.mall.count(self.run_id, EventType.HANDOFF_PICKED_UP)

    @property
    def handles(self) -> tuple[str, str]:
        """Handles of the delivery at Lumen and of the one at Orbit."""
        rows = self.scene.mall.deliveries_of(self.run_id)
        by_store = {row.store_id: row.handle for row in rows}
        mall = self.scene.mall
        return by_store[mall.store.store_id], by_store[mall.other_store.store_id]

    def right_code(self, driver: Driver) -> str:
        """Return what Lumen's tablet shows to a driver."""
        clerk = self.scene.clerk
        return clerk.sign(clerk.release(driver, {self.handles[0]: PARCELS}))


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Counter]:
    return {name: a_counter(a_scene(app)) for name in ("wrong", "typed", "blind", "far", "old")}


def a_counter(scene: Scene) -> Counter:
    mall, driver = scene.mall, scene.driver
    mall.places(store=mall.other_store)
    run_id = scene.claims()
    neighbour = personas.a_clerk(mall, "Mallory", mall.other_store)
    lumen = next(
        stop for stop in driver.stops("pickup") if stop["store"]["name"] == mall.store.name
    )
    assert driver.arrive(lumen).status_code == 200
    return Counter(scene, run_id, neighbour)


def open_counter(context: BrowserContext, server: Server, counter: Counter) -> Page:
    """Open the driver's app at the stop of Lumen's counter."""
    sign_in(context, server.url, driver=counter.scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", level=1).wait_for()
    if not page.get_by_role("heading", name=re.compile("at Lumen")).is_visible():
        page.get_by_role("link", name=re.compile("Lumen")).click()
    page.get_by_role("button", name="Scan the code on the tablet").wait_for()
    return page


def with_phone(context: BrowserContext, driver: Driver) -> Driver:
    """Return the driver with the key id of the phone that the browser has enrolled."""
    return replace(driver, kid=enrolled_as(context))


def wrong_codes(counter: Counter, driver: Driver, stranger: Clerk) -> dict[str, list[str]]:
    """Return texts by the code of the problem that explains them."""
    mall, clerk = counter.scene.mall, counter.scene.clerk
    here, next_door = counter.handles
    lumen, orbit = {here: PARCELS}, {next_door: PARCELS}
    a_minute_ago = int(clock.now().timestamp()) - 90
    other_driver = replace(driver, kid=driver.kid + 1_000)
    return {
        "code_not_ours": ["https://example.com/menu?table=4", "4006381333931"],
        "wrong_code_kind": [presence_of(driver, 1, [here])],
        "other_delivery": [tokens.encode_label(next_door, 1, PARCELS, mall.keys.mac("label"))],
        "not_addressee": [clerk.sign(clerk.release(other_driver, lumen))],
        "other_store": [
            counter.neighbour.sign(counter.neighbour.release(driver, orbit)),
        ],
        "unknown_desk": [stranger.sign(stranger.release(driver, lumen))],
        "stale_code": [clerk.sign(clerk.release(driver, lumen, iat=a_minute_ago))],
        "code_damaged": [counter.right_code(driver)[:-9]],
        "bad_signature": [clerk.sign(clerk.release(driver, lumen), keys.new_private_key())],
        "parcel_count_differs": [clerk.sign(clerk.release(driver, {here: PARCELS + 1}))],
    }


def picture(text: str) -> Image.Image:
    return qrcode.make(text).get_image().convert("RGB")


@pytest.fixture
def scan(camera: Camera) -> Callable[[Page, str], None]:
    def scan_text(page: Page, text: str) -> None:
        camera.show(picture(text))
        page.get_by_role("button", name="Scan the code on the tablet").click()

    return scan_text


def test_each_wrong_code_is_explained_and_collects_nothing(
    stage: dict[str, Counter],
    phone_context: BrowserContext,
    server: Server,
    scan: Callable[[Page, str], None],
):
    counter = stage["wrong"]
    page = open_counter(phone_context, server, counter)
    driver = with_phone(phone_context, counter.scene.driver)

    for code, texts in wrong_codes(counter, driver, stage["far"].scene.clerk).items():
        for text in texts:
            scan(page, text)
            see_problem(page, code)
            expect(page.locator(f"[data-problem={code}]")).to_contain_text(PROBLEMS[code].title)
            page.get_by_role("button", name="Back").click()

    assert counter.collected_count == 0
    scan(page, counter.right_code(driver))
    expect(page.get_by_text("2 of 2 parcels")).to_be_visible()
    assert counter.collected_count == 1


def of_yesterday(counter: Counter) -> Callable[[Route], None]:
    """Answer the phone's state with the server's word on Lumen's tablet, as it was a day ago."""
    server_keys = counter.scene.mall.keys

    def answer(route: Route) -> None:
        # Asked without what the phone has: "unchanged" would leave today's word on it.
        asked = route.request.headers
        response = route.fetch(
            headers={name: asked[name] for name in asked if name != "if-none-match"}
        )
        if response.status == 200:
            state = response.json()
            desks = [
                desk
                for stop in state["run"]["stops"]
                for desk in stop.get("store", {}).get("desks", [])
            ]
            for desk in desks:
                _type, payload = split_jws(desk["entry"])
                old = payload | {name: payload[name] - 90_000 for name in ("iat", "exp")}
                desk["entry"] = write_entry(RosterEntry(**old), keys.SERVER_KID, server_keys.sign)
            return route.fulfill(response=response, json=state)
        return route.fulfill(response=response)

    return answer


def split_jws(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _signature = text.split(".")
    first, second = (
        json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in (header, payload)
    )
    return first, second


def test_tablet_that_nobody_has_confirmed_for_a_day_has_its_own_words(
    stage: dict[str, Counter],
    phone_context: BrowserContext,
    server: Server,
    scan: Callable[[Page, str], None],
):
    counter = stage["old"]
    page = open_counter(phone_context, server, counter)
    driver = with_phone(phone_context, counter.scene.driver)
    phone_context.route("**/driver/api/state", of_yesterday(counter))
    with page.expect_response("**/driver/api/state"):
        page.reload()
    page.get_by_role("button", name="Scan the code on the tablet").wait_for()

    scan(page, counter.right_code(driver))

    see_problem(page, "desk_entry_expired")
    assert counter.collected_count == 0


def test_six_typed_characters_collect_with_weak_evidence(
    stage: dict[str, Counter],
    phone_context: BrowserContext,
    tablet_context: BrowserContext,
    server: Server,
):
    counter = stage["typed"]
    page = open_counter(phone_context, server, counter)
    token = counter.right_code(with_phone(phone_context, counter.scene.driver))
    sign_in(tablet_context, server.url, **counter.scene.clerk.cookies)
    send(tablet_context, "/desk/api/releases", run_id=counter.run_id, token=token)

    page.get_by_role("link", name="Type the short code").click()
    type_code(page, "ZZZZZ")
    expect(page.get_by_role("alert").filter(has_text="six characters")).to_be_visible()
    type_code(page, "000000")
    see_problem(page, "short_code_unknown")
    type_code(page, tokens.short_code(token).lower())

    expect(page.get_by_text("Collected 2 of 2 parcels at Lumen")).to_be_visible()
    levels = {
        row.handle: row.verification for row in counter.scene.mall.deliveries_of(counter.run_id)
    }
    assert levels == {counter.handles[0]: "E0", counter.handles[1]: None}


def type_code(page: Page, typed: str) -> None:
    page.get_by_label(re.compile("Six characters")).fill(typed)
    page.get_by_role("button", name="Collect with this code").click()


@pytest.mark.parametrize(
    ("permissions", "script", "code"),
    [([], None, "camera_refused"), (["camera"], NO_CAMERA, "camera_missing")],
)
def test_phone_without_camera_still_types_the_code(
    stage: dict[str, Counter],
    opens_whole: OpensBrowser,
    server: Server,
    permissions: list[str],
    script: str | None,
    code: str,
):
    context = opens_whole(viewport=PHONE, permissions=permissions)
    if script:
        context.add_init_script(script)
    page = open_counter(context, server, stage["blind"])

    page.get_by_role("button", name="Scan the code on the tablet").click()
    see_problem(page, code)
    page.get_by_role("link", name="Type the short code").click()

    expect(page.get_by_label(re.compile("Six characters"))).to_be_editable()


def test_phone_that_hides_its_position_says_what_that_means(
    stage: dict[str, Counter], opens: OpensBrowser, server: Server
):
    page = open_counter(opens(viewport=PHONE), server, stage["blind"])

    see_problem(page, "position_refused")
    expect(page.get_by_role("button", name="Scan the code on the tablet")).to_be_enabled()
