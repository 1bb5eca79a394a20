"""A run without signal: the flight mode of a driver's phone, as several tests need it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import qrcode
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain import tokens
from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import IS_KEPT, sign_in
from tests.personas import Driver

PARCELS = 2
SENT_WITHIN_MS = 60_000
LOOK_MS = 50
COLLECT = re.compile("Collect 2 parcels at Lumen")
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
        return self.scene.mall.only_delivery(self.run_id)

    def count(self, event_type: EventType) -> int:
        return self.scene.mall.count(self.run_id, event_type)

    def facts(self, event_type: EventType) -> dict[str, Any]:
        """Return what the newest event of a type says."""
        return self.scene.mall.facts(self.row.id, event_type)


def a_flight(app: Flask, **given: object) -> Flight:
    """Let a driver of a mall of their own claim a run of one delivery."""
    scene = a_scene(app)
    return Flight(scene, scene.claims(**given))


def take_off(context: BrowserContext, url: str, flight: Flight) -> tuple[Page, Driver]:
    """Open the app after the claim, lose the signal, and open it again from cold."""
    sign_in(context, url, driver=flight.scene.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name=COLLECT).wait_for()
    assert page.evaluate(IS_KEPT)
    kid = enrolled_as(context)
    page.reload()
    page.get_by_role("heading", name=COLLECT).wait_for()
    context.set_offline(True)
    page.close()
    cold = context.new_page()
    cold.goto("/driver/")
    return cold, replace(flight.scene.driver, kid=kid)


def enrolled_as(context: BrowserContext) -> int:
    """Return the key id of the browser's phone once the server knows it."""

    def kid() -> int | None:
        return context.request.get("/driver/api/state").json()["device"]["kid"]

    wait_until(context.pages[0], lambda: kid() is not None)
    return kid() or 0


def change_phones(old: BrowserContext, new: BrowserContext, url: str, token: str) -> list[Page]:
    """Open a driver's app on two phones and go on with the second; return the page of each."""
    pages: list[Page] = []
    for context in (old, new):
        sign_in(context, url, driver=token)
        page = context.new_page()
        page.goto("/driver/")
        page.get_by_role("heading", name=COLLECT).wait_for()
        enrolled_as(context)
        pages.append(page)
    pages[1].get_by_role("button", name="Use this phone").click()
    return pages


def written_by(page: Page) -> list[str]:
    """Return everything that the app has written on the phone, each line with its place."""
    written: list[str] = page.evaluate(READ_EVERYTHING)
    return written


def wait_until(page: Page, is_true: Callable[[], bool]) -> None:
    """Look again until the server has it; phones try again after a minute at most."""
    for _ in range(SENT_WITHIN_MS // LOOK_MS):
        if is_true():
            return
        page.wait_for_timeout(LOOK_MS)
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


def enter_pin(page: Page, pin: str) -> None:
    page.get_by_label(re.compile("Six digits")).fill(pin)
    page.get_by_role("button", name="Deliver with this PIN").click()
    # The page says nearly the same below the field, until it is gone.
    expect(page.locator(".toasts")).to_contain_text("It will be checked when there is signal.")


def land(page: Page, context: BrowserContext) -> None:
    """Get signal, and wait for the end of the run."""
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
