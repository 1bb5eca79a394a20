"""From the claim on without signal: a whole run is done, and the server believes it afterwards."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain import tokens
from app.domain.events import EventType
from tests import personas
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import IS_KEPT, sign_in
from tests.personas import Driver
from tests.promises.serving import Server

PARCELS = 2
#: Everything that a page has written down, as text; binary values byte for byte.
READ_EVERYTHING = """async () => {
  const asText = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      return new TextDecoder("latin1").decode(value);
    }
    if (value instanceof Blob || typeof value !== "object" || value === null) return String(value);
    return Object.values(value).map(asText).join("|");
  };
  const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await answer(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      const rows = await answer(db.transaction(store).objectStore(store).getAll());
      found.push(...rows.map((row) => `${store}: ${asText(row)}`));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (/\\.(wasm|png)$/.test(request.url)) continue;
      found.push(`cache ${request.url}: ${await (await cache.match(request)).text()}`);
    }
  }
  return [...found, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
}"""


@dataclass(frozen=True, slots=True)
class Flight:
    """A driver who has claimed a run in a mall without signal."""

    scene: Scene
    run_id: str

    @property
    def row(self) -> Any:
        (row,) = self.scene.mall.deliveries_of(self.run_id)
        return row

    def count(self, event_type: EventType) -> int:
        return self.scene.mall.count(self.run_id, event_type)

    def facts(self, event_type: EventType) -> dict[str, Any]:
        """Return what the newest event of a type says."""
        return self.scene.mall.facts(self.row.id, event_type)


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Flight]:
    def a_flight(**given: object) -> Flight:
        scene = a_scene(app)
        return Flight(scene, scene.claims(**given))

    return {
        "pin": a_flight(proof="pin"),
        "photo": a_flight(proof="photo"),
        "code": a_flight(proof="pin"),
        "fail": a_flight(proof="none"),
        "killed": a_flight(proof="none"),
    }


@pytest.fixture
def take_off(
    stage: dict[str, Flight], phone_context: BrowserContext, server: Server
) -> Callable[[str], tuple[Page, Flight, Driver]]:
    """Open the app after the claim, lose the signal, and open it again from cold."""

    def start(name: str) -> tuple[Page, Flight, Driver]:
        flight = stage[name]
        sign_in(phone_context, server.url, driver=flight.scene.driver.token)
        page = phone_context.new_page()
        page.goto("/driver/")
        page.get_by_role("heading", name=re.compile("Collect 2 parcels at Lumen")).wait_for()
        assert page.evaluate(IS_KEPT)
        kid = enrolled_as(phone_context)
        page.reload()
        page.get_by_role("heading", name=re.compile("Collect 2 parcels at Lumen")).wait_for()
        phone_context.set_offline(True)
        page.close()
        cold = phone_context.new_page()
        cold.goto("/driver/")
        return cold, flight, replace(flight.scene.driver, kid=kid)

    return start


def enrolled_as(context: BrowserContext) -> int:
    """Return the key id of the browser's phone once the server knows it."""

    def kid() -> int | None:
        return context.request.get("/driver/api/state").json()["device"]["kid"]

    wait_until(context.pages[0], lambda: kid() is not None)
    return kid() or 0


def wait_until(page: Page, is_true: Callable[[], bool]) -> None:
    """Look again until the server has it, as long as people would wait."""
    for _ in range(200):
        if is_true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came true")


def wake_worker(context: BrowserContext, page: Page, origin: str) -> None:
    """Let the browser send the event that says: there is signal, send what is kept."""
    session = context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(each["registrationId"] for each in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    wait_until(page, lambda: bool(found))
    wanted = {"origin": origin, "registrationId": found[0], "tag": "mallrun-outbox"}
    session.send("ServiceWorker.dispatchSyncEvent", wanted | {"lastChance": False})


def scan(page: Page, camera: Camera, button: str, *texts: str) -> None:
    """Hold codes in front of the camera, one after the other, each from a fresh scanner."""
    for text in texts:
        camera.show(qrcode.make(text).get_image().convert("RGB"))
        page.get_by_role("button", name=button).click()
        if text is not texts[-1]:
            page.get_by_text(re.compile(r"\d of 2 parcels counted")).wait_for()
            page.get_by_role("button", name="Back").click()


def collect(page: Page, camera: Camera, flight: Flight, driver: Driver) -> None:
    """Count the labels, scan the tablet's code, and see it kept."""
    handle, clerk = flight.row.handle, flight.scene.clerk
    mac = flight.scene.mall.keys.mac("label")
    labels = [tokens.encode_label(handle, number, PARCELS, mac) for number in (1, 2)]
    code = clerk.sign(clerk.release(driver, {handle: PARCELS}))
    page.get_by_role("button", name="I am at the counter").click()
    scan(page, camera, "Scan the code on the tablet", *labels, code)
    expect(page.locator("[data-result=collected][data-queued=true]")).to_be_visible()
    expect(page.get_by_role("heading", name="2 of 2 parcels")).to_be_visible()
    page.get_by_role("button", name="Go on").click()


def land(page: Page, context: BrowserContext) -> None:
    """Get signal, and wait for the end of the run."""
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()


def test_whole_run_without_signal_counts_with_full_evidence(
    take_off: Callable[[str], tuple[Page, Flight, Driver]],
    phone_context: BrowserContext,
    camera: Camera,
):
    page, flight, driver = take_off("pin")
    expect(page.get_by_text("At the back")).to_be_visible()
    collect(page, camera, flight, driver)
    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_visible()
    # Sealed with the claim, because the server tells it only after the collection.
    expect(page.get_by_text("Gate code 1221")).to_be_visible()

    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Enter the PIN").click()
    page.get_by_label(re.compile("Six digits")).fill(flight.scene.mall.pin(flight.row.id))
    page.get_by_role("button", name="Deliver with this PIN").click()
    expect(page.get_by_text("It will be checked when there is signal.")).to_be_visible()
    assert flight.count(EventType.HANDOFF_PICKED_UP) == 0
    land(page, phone_context)

    assert flight.row.status == "delivered"
    pickup, delivery = (
        flight.facts(each) for each in (EventType.HANDOFF_PICKED_UP, EventType.HANDOFF_DELIVERED)
    )
    assert (pickup["seq"], pickup["level"], pickup["device"]) == (1, "E2", driver.kid)
    assert (delivery["seq"], delivery["level"], delivery["evidence"]) == (2, "E2", "pin")


def test_nothing_on_a_phone_without_signal_shows_an_address(
    take_off: Callable[[str], tuple[Page, Flight, Driver]],
    phone_context: BrowserContext,
    camera: Camera,
    tmp_path: Any,
):
    page, flight, driver = take_off("photo")
    collect(page, camera, flight, driver)
    page.get_by_role("button", name="I am at the door").click()
    photo = tmp_path / "door.jpg"
    photo.write_bytes(personas.a_picture("green").getvalue())
    page.get_by_role("button", name="Take a photo").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open the camera").click()
    chooser.value.set_files(photo)
    page.get_by_role("button", name="Deliver with this photo").click()
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()

    written = page.evaluate(READ_EVERYTHING)

    assert any(line.startswith("outbox: ") and "/deliver" in line for line in written)
    for secret in ("Dobson", "code 1221", "Cleo", "JFIF"):
        assert [line[:200] for line in written if secret in line] == []
    land(page, phone_context)
    assert flight.facts(EventType.HANDOFF_DELIVERED)["level"] == "E1"


def test_customers_code_is_checked_without_signal(
    take_off: Callable[[str], tuple[Page, Flight, Driver]],
    phone_context: BrowserContext,
    customer: Page,
    camera: Camera,
):
    page, flight, driver = take_off("code")
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
    take_off: Callable[[str], tuple[Page, Flight, Driver]],
    phone_context: BrowserContext,
    camera: Camera,
):
    page, flight, driver = take_off("fail")
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
    take_off: Callable[[str], tuple[Page, Flight, Driver]],
    phone_context: BrowserContext,
    camera: Camera,
    server: Server,
):
    page, flight, driver = take_off("killed")
    collect(page, camera, flight, driver)
    page.goto("about:blank")
    phone_context.set_offline(False)
    wake_worker(phone_context, page, server.url)

    wait_until(page, lambda: flight.count(EventType.HANDOFF_PICKED_UP) == 1)
    assert flight.facts(EventType.HANDOFF_PICKED_UP)["seq"] == 1
