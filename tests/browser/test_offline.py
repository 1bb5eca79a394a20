"""Without signal: the run stays readable, and a step that was taken counts once, in its order."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Request, Route, expect

from app.domain.events import EventType
from tests.browser.cast import Scene, a_driver, a_scene
from tests.browser.flights import wait_until
from tests.browser.hands import open_run, sign_in
from tests.personas import Driver
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Road:
    """A driver with parcels in the car, and another driver who may borrow the phone."""

    scene: Scene
    run_id: str
    other: Driver

    def count(self, event_type: EventType) -> int:
        return self.scene.mall.count(self.run_id, event_type)


def steps_sent(context: BrowserContext) -> list[str]:
    """Return a list that grows with each upload of steps: the last part of its address."""
    steps: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and re.search("/stops/|/handoffs", request.url):
            steps.append(request.url.rpartition("/")[2])

    context.on("request", note)
    return steps


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Road]:
    def a_road() -> Road:
        scene = a_scene(app)
        return Road(scene, scene.collects(proof="none"), a_driver(scene.mall, "Dan Dow"))

    return {name: a_road() for name in ("read", "step", "signed_out", "lost")}


def test_claimed_run_is_readable_after_a_start_without_signal(
    stage: dict[str, Road], phone_context: BrowserContext, server: Server
):
    page = open_run(phone_context, server.url, stage["read"].scene.driver)

    phone_context.set_offline(True)
    page.reload()

    expect(page.get_by_role("heading", name="Bring 2 parcels to Cleo")).to_be_visible()
    expect(page.locator(".address")).to_contain_text("123 N Dobson Rd")
    expect(page.get_by_text("Gate code 1221")).to_be_visible()
    expect(page.get_by_text(re.compile("Offline. Last heard at"))).to_be_visible()


def test_steps_without_signal_are_kept_and_sent_in_order(
    stage: dict[str, Road], phone_context: BrowserContext, server: Server
):
    road = stage["step"]
    page = open_run(phone_context, server.url, road.scene.driver)
    arrived = road.count(EventType.STOP_ARRIVED)
    phone_context.set_offline(True)

    page.get_by_role("button", name="I am at the door").click()
    expect(page.get_by_text("1 step is saved on this phone, not sent yet")).to_be_visible()
    page.get_by_role("button", name="Cleo has the parcels: delivered").click()
    expect(page.get_by_text("2 steps are saved on this phone, not sent yet")).to_be_visible()
    expect(page.get_by_role("heading", name="All stops are done on this phone")).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 steps are saved on this phone, not sent yet")).to_be_visible()
    assert road.count(EventType.STOP_ARRIVED) == arrived
    sent = steps_sent(phone_context)
    phone_context.set_offline(False)

    expect(page.get_by_role("heading", name=re.compile("You earned"))).to_be_visible()
    assert sent == ["arrive", "handoffs"]
    assert road.count(EventType.STOP_ARRIVED) == arrived + 1
    assert road.count(EventType.HANDOFF_DELIVERED) == 1


def test_steps_of_one_driver_wait_while_another_uses_the_phone(
    stage: dict[str, Road], phone_context: BrowserContext, server: Server
):
    road = stage["signed_out"]
    page = open_run(phone_context, server.url, road.scene.driver)
    arrived = road.count(EventType.STOP_ARRIVED)
    phone_context.set_offline(True)
    page.get_by_role("button", name="I am at the door").click()
    expect(page.get_by_text("1 step is saved on this phone")).to_be_visible()

    page.get_by_role("link", name=re.compile("Account")).click()
    expect(page.get_by_text("You can sign out when the server has everything.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)

    # Somebody else signs in in another tab; this one is still Dina's when the signal comes back.
    sign_in(phone_context, server.url, driver=road.other.token)
    phone_context.set_offline(False)
    page.get_by_role("heading", name="Runs on offer").wait_for()
    page.get_by_role("link", name=re.compile("Account")).click()
    page.get_by_role("link", name="Steps on this phone").click()
    kept = page.get_by_text("1 step of another driver is kept on this phone")
    expect(kept).to_be_visible()
    assert road.count(EventType.STOP_ARRIVED) == arrived

    sign_in(phone_context, server.url, driver=road.scene.driver.token)
    page.reload()
    expect(kept).to_have_count(0)
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    wait_until(page, lambda: road.count(EventType.STOP_ARRIVED) == arrived + 1)


def test_step_whose_answer_got_lost_counts_once(
    stage: dict[str, Road], phone_context: BrowserContext, server: Server
):
    road = stage["lost"]
    page = open_run(phone_context, server.url, road.scene.driver)
    arrived = road.count(EventType.STOP_ARRIVED)
    lost: list[str] = []

    def lose_first_answer(route: Route) -> None:
        answer = route.fetch()
        lost.append(route.request.post_data or "")
        route.abort() if len(lost) == 1 else route.fulfill(response=answer)

    page.route("**/arrive", lose_first_answer)
    page.get_by_role("button", name="I am at the door").click()

    expect(page.get_by_role("button", name="Cleo has the parcels: delivered")).to_be_visible()
    expect(page.locator("[data-action=unsent]")).to_have_count(0)
    assert len(lost) == 2
    assert lost[0] == lost[1]
    assert road.count(EventType.STOP_ARRIVED) == arrived + 1
