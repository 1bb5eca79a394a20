"""What a driver's phone keeps: nothing that names a customer can be read, and nothing stays."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app.domain.events import EventType
from app.eventlog import queries as eventlog
from app.eventlog.service import facts_of
from tests.browser.camera import Camera
from tests.browser.flights import (
    COLLECT,
    Flight,
    a_flight,
    change_phones,
    collect,
    land,
    take_off,
    wait_until,
    written_by,
)
from tests.browser.hands import PHONE, OpensBrowser, see_problem, sign_in
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Flight]:
    proofs = {"photo": "photo", "leaving": "none", "replaced": "none", "unsent": "none"}
    return {name: a_flight(app, proof=proof) for name, proof in proofs.items()}


def test_nothing_on_a_phone_without_signal_shows_an_address(
    stage: dict[str, Flight],
    phone_context: BrowserContext,
    server: Server,
    camera: Camera,
):
    flight = stage["photo"]
    page, driver = take_off(phone_context, server.url, flight)
    collect(page, camera, flight, driver)
    page.get_by_role("button", name="I am at the door").click()
    page.get_by_role("button", name="Take a photo").click()
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Deliver with this photo").wait_for()
    taken = written_by(page)
    page.get_by_role("button", name="Deliver with this photo").click()
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()

    written = written_by(page)

    assert any(line.startswith("outbox: ") and "/deliver" in line for line in written)
    assert any(line.startswith("photos: ") for line in taken)
    for secret in ("Dobson", "code 1221", "Cleo", "JFIF"):
        assert [line[:200] for line in [*taken, *written] if secret in line] == []
    land(page, phone_context)
    assert flight.facts(EventType.HANDOFF_DELIVERED)["level"] == "E1"


def test_signing_out_leaves_nothing_of_the_run(
    stage: dict[str, Flight], phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, driver=stage["leaving"].scene.driver.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name=COLLECT).wait_for()
    wait_until(page, lambda: any(line.startswith("state: ") for line in written_by(page)))

    page.get_by_role("link", name=re.compile("Account")).click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Password").wait_for()

    assert [line for line in written_by(page) if not line.startswith(("keys: ", "cache "))] == [
        "{}",
        "{}",
    ]


def test_phone_that_was_replaced_keeps_nothing_of_the_run(
    stage: dict[str, Flight], opens: OpensBrowser, server: Server
):
    token = stage["replaced"].scene.driver.token
    old, new = (opens(viewport=PHONE, permissions=["camera", "geolocation"]) for _ in range(2))

    pages = change_phones(old, new, server.url, token)

    expect(pages[1].locator("[data-banner=other_phone]")).to_have_count(0)
    # The socket tells it; nobody touches the old phone.
    see_problem(pages[0], "phone_replaced")

    wait_until(
        pages[0], lambda: not any(line.startswith("state: ") for line in written_by(pages[0]))
    )
    # While the new one has the run also where there is no signal.
    wait_until(pages[1], lambda: any(line.startswith("state: ") for line in written_by(pages[1])))


def test_steps_of_a_replaced_phone_are_kept_and_sent(
    stage: dict[str, Flight], opens: OpensBrowser, server: Server
):
    flight = stage["unsent"]
    old, new = (opens(viewport=PHONE, permissions=["camera", "geolocation"]) for _ in range(2))
    page, _driver = take_off(old, server.url, flight)
    page.get_by_role("button", name="I am at the counter").click()
    page.get_by_role("link", name="I can neither scan nor type a code").click()
    page.get_by_label("The tablet is off or broken").check()
    page.get_by_role("button", name="I have 2 parcels").click()
    page.get_by_text("2 steps are saved on this phone, not sent yet").wait_for()

    sign_in(new, server.url, driver=flight.scene.driver.token)
    other = new.new_page()
    other.goto("/driver/")
    other.get_by_role("button", name="Use this phone").click()
    expect(other.locator("[data-banner=other_phone]")).to_have_count(0)
    old.set_offline(False)

    see_problem(page, "phone_replaced")
    wait_until(page, lambda: len(recorded_types(flight)) > 0)
    assert recorded_types(flight) == {("handoff.picked_up", "needs_review")}


def recorded_types(flight: Flight) -> set[tuple[str, str]]:
    """Return what the server has kept of the phone that was replaced, and why it waits."""
    with flight.scene.mall.reading():
        events = eventlog.timeline(flight.row.id, {EventType.STATEMENT_RECORDED})
        told = [facts_of(event.record) for event in events]
    return {(str(facts["type"]), str(facts["code"])) for facts in told}
