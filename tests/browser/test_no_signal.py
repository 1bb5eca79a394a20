"""A handover in a basement: neither side has signal, both come back hours later, and they agree."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain.events import EventType
from tests.browser.camera import Camera
from tests.browser.cast import Scene, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import IS_KEPT, enrol_tablet, show_code, sign_in
from tests.factories import Mall
from tests.promises import serving
from tests.promises.serving import Server

HOURS_LATER = ("-m", "tests.promises.later_server", "3")


@pytest.fixture
def stage(app: Flask) -> tuple[Scene, str]:
    scene = a_scene(app)
    return scene, scene.mall.offers({"proof": "none"})


@pytest.fixture
def server(stage: object, server_environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:  # noqa: ARG001 - before the server.
    """A server of each test's own, because the test kills it."""
    with serving.running_server(server_environment, log=tmp_path / "before.log") as running:
        yield running


def test_mutual_handover_without_signal_is_one_change_with_full_evidence(
    *,
    stage: tuple[Scene, str],
    server: Server,
    server_environment: dict[str, str],
    tablet_context: BrowserContext,
    phone_context: BrowserContext,
    camera: Camera,
    tmp_path: Path,
):
    scene, run_id = stage
    tablet, phone = tablet_context.new_page(), phone_context.new_page()
    stand_at_counter(scene, tablet, phone, server)

    lose_signal(server, tablet, phone)
    show_code(tablet)
    camera.show(tablet.screenshot())
    phone.get_by_role("button", name="Scan the code on the tablet").click()
    expect(phone.get_by_text("2 of 2 parcels")).to_be_visible(timeout=20_000)
    tablet.get_by_role("button", name=re.compile("Given: Dina has 2 parcels")).click()
    tablet.get_by_text("Your statement is kept on this tablet").wait_for()

    with serving.running_server(
        server_environment, HOURS_LATER, port=server.port, log=tmp_path / "after.log"
    ):
        alone = after(scene.mall, run_id, EventType.HANDOFF_RELEASED, tablet)
        both = after(scene.mall, run_id, EventType.HANDOFF_PICKED_UP, phone)

    assert alone.status == "arrived_at_pickup"
    assert (both.status, both.verification) == ("enroute_to_dropoff", "E3")
    assert scene.mall.holders(both.id) == {("driver", scene.driver.person_id)}
    assert scene.mall.count(run_id, EventType.DELIVERY_DEPARTED) == 1


def test_clerk_scans_the_phone_and_the_tablet_alone_proves_it(
    *,
    stage: tuple[Scene, str],
    server: Server,
    server_environment: dict[str, str],
    tablet_context: BrowserContext,
    phone_context: BrowserContext,
    camera: Camera,
    tmp_path: Path,
):
    scene, run_id = stage
    tablet_context.grant_permissions(["camera"])
    tablet, phone = tablet_context.new_page(), phone_context.new_page()
    stand_at_counter(scene, tablet, phone, server)

    lose_signal(server, tablet, phone)
    phone.get_by_role("button", name="Scan the code on the tablet").click()
    phone.get_by_role("link", name="Let the clerk scan this phone").click()
    phone.get_by_role("img", name="Code for the clerk’s tablet").wait_for()
    camera.show(phone.screenshot())
    tablet.get_by_role("link", name="Scan the driver's phone").click()
    tablet.get_by_role("heading", name="Is this Dina?").wait_for(timeout=20_000)
    tablet.get_by_role("button", name="Given to Dina: 2 parcels").click()
    tablet.get_by_text("Your statement is kept on this tablet").wait_for()
    phone.get_by_role("button", name="I have 2 parcels").click()

    with serving.running_server(
        server_environment, HOURS_LATER, port=server.port, log=tmp_path / "after.log"
    ):
        alone = after(scene.mall, run_id, EventType.HANDOFF_RELEASED, tablet)
        both = after(scene.mall, run_id, EventType.HANDOFF_PICKED_UP, phone)

    assert (alone.status, alone.verification) == ("enroute_to_dropoff", "E2")
    assert (both.status, both.verification) == ("enroute_to_dropoff", "E3")
    assert scene.mall.count(run_id, EventType.DELIVERY_DEPARTED) == 1


def stand_at_counter(scene: Scene, tablet: Page, phone: Page, server: Server) -> None:
    """Let the driver claim in the browser and come to the counter; both apps are kept."""
    enrol_tablet(tablet, scene.enrolment_code)
    sign_in(phone.context, server.url, driver=scene.driver.token)
    phone.goto("/driver/")
    phone.get_by_role("button", name="Claim this run").click()
    phone.get_by_role("button", name="I am at the counter").click()
    phone.get_by_role("button", name="Scan the code on the tablet").wait_for()
    tablet.get_by_role("button", name=re.compile("Mark packed")).click()
    tablet.get_by_text("is here").wait_for()
    # The server has heard that they are packed, before it is gone.
    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).wait_for()
    assert phone.evaluate(IS_KEPT)
    assert tablet.evaluate(IS_KEPT)


def lose_signal(server: Server, *pages: Page) -> None:
    for page in pages:
        page.context.set_offline(True)
    os.kill(server.pid, signal.SIGKILL)


def after(mall: Mall, run_id: str, event_type: EventType, page: Page) -> SimpleNamespace:
    """Give a device its signal back; return the delivery once it has told what it kept."""
    page.context.set_offline(False)
    wait_until(page, lambda: mall.count(run_id, event_type) == 1)
    return mall.only_delivery(run_id)
