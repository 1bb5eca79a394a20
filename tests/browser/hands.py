"""What people do on their screens, as several tests need it."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from app.web.auth.identity import COOKIES, PATHS
from tests.browser.camera import Camera
from tests.browser.cast import STREET
from tests.factories import CARLS_CODE, command
from tests.personas import Driver

TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}

#: Resolves once the service worker has kept the app.
IS_KEPT = "navigator.serviceWorker.ready.then(({ active }) => active !== null)"

#: The fixture `opens`: takes options of a browser context.
OpensBrowser = Callable[..., BrowserContext]


def sign_in(context: BrowserContext, url: str, **tokens: str) -> None:
    """Give a browser the cookies of sign-ins, by audience: `driver="…"`."""
    host = url.removeprefix("http://").partition(":")[0]
    for audience, token in tokens.items():
        context.add_cookies(
            [
                {
                    "name": COOKIES[audience],
                    "value": token,
                    "domain": host,
                    "path": PATHS[audience],
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )


def open_run(context: BrowserContext, url: str, driver: Driver) -> Page:
    """Open the app of a driver with parcels for Cleo, until it could also open without signal."""
    sign_in(context, url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name="Bring 2 parcels to Cleo").wait_for()
    assert page.evaluate(IS_KEPT)
    return page


def send(context: BrowserContext, path: str, **fields: object) -> None:
    """Send a command as the person of a browser, behind the back of its pages."""
    send_json(context, path, **command(**fields))


def send_json(context: BrowserContext, path: str, **fields: object) -> dict[str, Any]:
    """Send JSON as the person of a browser and return the answer."""
    answer = context.request.post(
        path, data=json.dumps(fields), headers={"Content-Type": "application/json"}
    )
    assert answer.ok, answer.text()
    return answer.json()


def enrol_tablet(tablet: Page, enrolment_code: str) -> None:
    """Make a browser the tablet of a store at a mall and sign the clerk in."""
    enrol_desk(tablet, enrolment_code)
    tablet.get_by_role("heading", name="Who is coming").wait_for()


def enrol_desk(tablet: Page, enrolment_code: str) -> None:
    """Make a browser any site's desk and enter the clerk's code; what comes next differs."""
    tablet.goto(f"/desk/#code={enrolment_code}")
    tablet.get_by_role("button", name="Enrol this tablet").click()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type(CARLS_CODE)


def place_delivery(tablet: Page, *, proof: str) -> str:
    """Enter a delivery by hand, mark it packed and return its tracking link."""
    tablet.get_by_role("link", name="New delivery").click()
    tablet.get_by_label("Recipient").fill("Cleo Núñez")
    tablet.get_by_label("Phone").fill("+1 480 555 0101")
    tablet.get_by_label("Street and number").fill("1245")
    tablet.get_by_role("option", name=re.compile(STREET)).click()
    tablet.get_by_role("button", name="One parcel more").click()
    tablet.get_by_label(proof, exact=True).check()
    tablet.get_by_role("button", name=re.compile("Place the delivery")).click()
    link = tablet.get_by_label("Tracking link for the customer").input_value()
    tablet.get_by_role("link", name="Back").first.click()
    tablet.get_by_role("button", name=re.compile("Mark packed")).click()
    tablet.get_by_text("Ready at the counter").wait_for()
    return link


def show_code(tablet: Page) -> None:
    """Open the release code for the driver at the counter."""
    tablet.get_by_text("is here").wait_for()
    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()


def hand_over(tablet: Page, phone: Page, camera: Camera) -> None:
    """Photograph the tablet's screen into the phone's camera."""
    phone.get_by_role("button", name="I am at the counter").click()
    show_code(tablet)
    camera.show(tablet.screenshot())
    phone.get_by_role("button", name="Scan the code on the tablet").click()
    expect(phone.get_by_text("2 of 2 parcels")).to_be_visible(timeout=20_000)
    tablet.get_by_text("has 2 of 2 parcels").wait_for()
    phone.get_by_role("button", name="Go on").click()


def see_problem(page: Page, code: str) -> None:
    """Wait until a page explains a problem and names its code for support."""
    expect(page.locator(f"[data-problem={code}] .code")).to_contain_text(code)
