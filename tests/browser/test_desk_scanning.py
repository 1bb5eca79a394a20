"""The clerk scans the driver: a face for every right code, a reason for every wrong one."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app import keys
from app.domain import tokens
from app.domain.events import EventType
from app.domain.problems import PROBLEMS
from tests import factories
from tests.browser.camera import Camera
from tests.browser.counters import Counter, a_counter, minutes_ago, open_counter
from tests.browser.hands import TABLET, OpensBrowser, see_problem
from tests.devices import presence_of

#: A page of no origin, such as the first one, has no devices at all.
NO_CAMERA = """if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = () =>
  Promise.reject(new DOMException("none", "NotFoundError"));"""
GIVEN = "Given to Dina: 2 parcels"

NAMES = ("met", "wrong", "unknown", "twice", "camera_refused", "camera_missing")

Scan = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Counter]:
    return {name: a_counter(app) for name in NAMES}


@pytest.fixture
def context(opens: OpensBrowser) -> BrowserContext:
    return opens(viewport=TABLET, permissions=["camera"])


@pytest.fixture
def scan(camera: Camera) -> Scan:
    """Hold a code before the camera; a page that has the camera must let go of it first."""

    def scan_text(tablet: Page, text: str) -> None:
        camera.show(qrcode.make(text).get_image().convert("RGB"))
        tablet.evaluate("location.hash = '#/'")
        tablet.get_by_role("link", name="Scan the driver's phone").click()

    return scan_text


def test_scanned_driver_is_shown_and_given_the_parcels_without_signal(
    stage: dict[str, Counter], context: BrowserContext, scan: Scan
):
    counter = stage["met"]
    tablet = open_counter(context, counter)
    context.set_offline(True)

    scan(tablet, counter.presence())
    expect(tablet.get_by_role("heading", name="Is this Dina?")).to_be_visible()
    expect(tablet.get_by_role("img", name="Photo of Dina")).to_be_visible()
    tablet.get_by_role("button", name=GIVEN).click()
    expect(tablet.get_by_role("heading", name="You gave 2 parcels to Dina")).to_be_visible()
    assert counter.level is None
    context.set_offline(False)

    expect(tablet.get_by_role("heading", name="Dina has 2 of 2 parcels")).to_be_visible()
    assert counter.level == "E2"


def test_each_wrong_code_of_a_driver_is_explained_and_gives_nothing(
    stage: dict[str, Counter], context: BrowserContext, scan: Scan
):
    counter = stage["wrong"]
    dina, tablet = counter.dina, open_counter(context, counter)
    context.set_offline(True)
    forged = replace(dina, key=keys.new_private_key())
    label = tokens.encode_label(counter.handles[0], 1, 2, counter.scene.mall.keys.mac("label"))
    wrong = {
        "driver_code_not_ours": "https://example.com/menu?table=4",
        "wrong_code_kind": label,
        "driver_code_old": counter.presence(iat=minutes_ago(2)),
        "code_from_future": counter.presence(iat=minutes_ago(-1)),
        "driver_code_damaged": counter.presence(forged),
        "driver_at_other_store": presence_of(dina, counter.store_number + 1, counter.handles),
        "driver_list_differs": presence_of(dina, counter.store_number, ["0" * 16]),
    }

    for code, text in wrong.items():
        scan(tablet, text)
        see_problem(tablet, code)
        expect(tablet.locator(f"[data-problem={code}]")).to_contain_text(PROBLEMS[code].title)

    expect(tablet.get_by_role("button", name=re.compile("^Given"))).to_have_count(0)
    scan(tablet, counter.presence())
    expect(tablet.get_by_role("button", name=GIVEN)).to_be_visible()


def test_driver_whom_the_tablet_has_not_heard_of_shows_tickets(
    stage: dict[str, Counter], context: BrowserContext, scan: Scan, camera: Camera
):
    counter = stage["unknown"]
    tablet = open_counter(context, counter)
    context.set_offline(True)
    # Another phone than the one of the tablet's roster: Dina has changed hers without its knowing.
    with counter.scene.mall.writing():
        key = keys.new_private_key()
        kid = factories.a_phone(counter.dina.person_id, keys.public_bytes(key))
    dina = replace(counter.dina, kid=kid, key=key)
    (ticket,) = [each["text"] for each in dina.state()["run"]["tickets"]]

    scan(tablet, counter.presence(dina))
    expect(tablet.locator("[data-wanted=tickets]")).to_be_visible()
    show_to_open_camera(tablet, camera, ticket)
    expect(tablet.get_by_role("heading", name="A driver without a photo here")).to_be_visible()
    tablet.get_by_role("button", name="Given to the driver: 2 parcels").click()
    expect(tablet.get_by_role("heading", name="You gave 2 parcels to the driver")).to_be_visible()
    unsent = tablet.get_by_text(re.compile("not sent yet"))
    expect(unsent).to_be_visible()
    context.set_offline(False)

    expect(unsent).to_have_count(0)
    assert counter.scene.mall.count(counter.run_id, EventType.HANDOFF_RELEASED) == 1
    assert counter.level == "E2"


def show_to_open_camera(tablet: Page, camera: Camera, text: str) -> None:
    """Change the picture under an open camera: a hidden page lets go of it."""
    camera.show(qrcode.make(text).get_image().convert("RGB"))
    for is_hidden in (True, False):
        tablet.evaluate(
            """value => {
              Object.defineProperty(document, "hidden", { value, configurable: true });
              document.dispatchEvent(new Event("visibilitychange"));
            }""",
            is_hidden,
        )


def test_code_that_was_given_for_counts_once(
    stage: dict[str, Counter], context: BrowserContext, scan: Scan
):
    counter = stage["twice"]
    tablet, text = open_counter(context, counter), counter.presence()
    context.set_offline(True)
    scan(tablet, text)
    tablet.get_by_role("button", name=GIVEN).click()
    tablet.get_by_role("button", name="Done").click()

    scan(tablet, text)
    see_problem(tablet, "driver_code_used")
    scan(tablet, counter.presence())
    see_problem(tablet, "driver_has_all")


@pytest.mark.parametrize(
    ("permissions", "script", "code"),
    [([], None, "camera_refused"), (["camera"], NO_CAMERA, "camera_missing")],
)
def test_tablet_without_camera_shows_its_own_code(
    stage: dict[str, Counter],
    opens_whole: OpensBrowser,
    permissions: list[str],
    script: str | None,
    code: str,
):
    context = opens_whole(viewport=TABLET, permissions=permissions)
    if script:
        context.add_init_script(script)
    tablet = open_counter(context, stage[code])

    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    tablet.get_by_role("link", name="Scan Dina's phone instead").click()
    expect(tablet.get_by_role("alert")).to_contain_text(PROBLEMS[code].title)
    tablet.get_by_role("button", name="Show my code instead").click()

    expect(tablet.get_by_role("button", name=re.compile("show the code"))).to_be_visible()
