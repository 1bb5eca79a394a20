"""The tablet without signal: who may open it, what it shows, and that nothing said is lost."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect
from sqlalchemy import select

from app import clock
from app.accounts import clerks, devices
from app.accounts import queries as accounts
from app.domain import tokens
from app.domain.events import EventType
from app.handoffs.models import StatementRow
from tests.browser.counters import Counter, a_counter, open_counter, sign_in_alone
from tests.browser.flights import wait_until
from tests.browser.hands import see_problem
from tests.factories import CARLS_CODE

#: No room for one more record, until `hasRoom` is called.
FULL = """() => {
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
  window.hasRoom = () => { IDBObjectStore.prototype.add = add; };
}"""
UNSENT = "1 step kept on this tablet, not sent yet"


@pytest.fixture(scope="module")
def stage(app: Flask) -> Callable[[str], Counter]:
    names = ("restart", "forgotten", "handover", "retired", "late", "clock", "full")
    counters = {name: a_counter(app) for name in names}
    counters["tabs"] = a_counter(app, recipients=("Cleo Cruz", "Ann Ames"))
    return counters.__getitem__


def show_release(tablet: Page) -> None:
    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()


def hand_over_alone(tablet: Page) -> None:
    """Show the code and say that the parcels are given."""
    show_release(tablet)
    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()
    expect(tablet.get_by_role("heading", name="You gave 2 parcels to Dina")).to_be_visible()
    tablet.get_by_role("button", name="Done").click()


def read_code(tablet: Page) -> str:
    """Read the release code from the tablet's screen, as a phone's camera does."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(tablet.screenshot())))
    return found.text


def is_state(answer: Response) -> bool:
    return answer.url.endswith("/desk/api/state")


def test_restart_without_signal_shows_the_board_only_after_a_sign_in(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    tablet = open_counter(tablet_context, stage("restart"))

    tablet_context.set_offline(True)
    tablet.reload()
    tablet.get_by_text("Enter your code").wait_for()
    expect(tablet.get_by_text(re.compile("Cleo|Dina"))).to_have_count(0)
    expect(tablet.locator("img")).to_have_count(0)
    sign_in_alone(tablet)

    expect(tablet.get_by_role("link", name=re.compile("^Cleo"))).to_be_visible()
    face = tablet.get_by_role("img", name="Photo of Dina")
    expect(face).to_be_visible()
    assert face.evaluate("image => image.naturalWidth") > 0
    expect(tablet.get_by_text(re.compile("No connection. As of"))).to_be_visible()

    with tablet.expect_response("**/desk/api/sign-in") as signed_in:
        tablet_context.set_offline(False)
    assert signed_in.value.ok
    expect(tablet.get_by_text("No connection")).to_have_count(0)
    assert tablet_context.request.get("/desk/api/state").json()["clerk"]["first_name"] == "Carl"


def test_clerk_who_was_removed_meanwhile_is_locked_out_when_signal_returns(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("forgotten")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    tablet.reload()
    sign_in_alone(tablet)
    with counter.scene.mall.writing():
        clerks.remove_clerk(counter.scene.clerk.clerk_id, now=clock.now())

    tablet_context.set_offline(False)

    expect(tablet.get_by_text("Enter your code")).to_be_visible()
    see_problem(tablet, "clerk_code_wrong")
    tablet_context.set_offline(True)
    tablet.keyboard.type(CARLS_CODE)
    see_problem(tablet, "no_clerk_known_here")


def test_what_the_desk_says_without_signal_is_sent_while_it_is_locked(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("handover")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    tablet.reload()
    sign_in_alone(tablet)

    hand_over_alone(tablet)
    gone = tablet.get_by_role("region", name=re.compile("Gone today"))
    expect(gone.locator("[data-mark=tablet]")).to_be_visible()
    expect(
        tablet.get_by_role("region", name=re.compile("Ready at the counter"))
    ).not_to_contain_text("Cleo")
    tablet.get_by_role("button", name="Lock").click()
    tablet.reload()
    expect(tablet.get_by_text("Enter your code")).to_be_visible()
    expect(tablet.get_by_text(UNSENT)).to_be_visible()
    assert counter.scene.mall.count(counter.run_id, EventType.HANDOFF_RELEASED) == 0

    tablet_context.set_offline(False)
    expect(tablet.get_by_text(UNSENT)).to_have_count(0)
    expect(tablet.get_by_text("Enter your code")).to_be_visible()
    assert counter.scene.mall.count(counter.run_id, EventType.HANDOFF_RELEASED) == 1

    tablet.keyboard.type(CARLS_CODE)
    expect(gone.locator("[data-mark=server]")).to_be_visible()


def test_phone_with_signal_scans_what_a_tablet_without_signal_shows(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("late")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    show_release(tablet)
    assert counter.dina.collect(read_code(tablet)).status_code == 200
    assert counter.level == "E2"

    # The battery ends between scan and Given: what was scanned was still shown.
    tablet.reload()
    tablet.get_by_text("Enter your code").wait_for()
    tablet.keyboard.type(CARLS_CODE)
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.locator("[data-release-qr]").wait_for()

    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()
    tablet.get_by_role("button", name="Done").click()
    tablet_context.set_offline(False)

    gone = tablet.get_by_role("region", name=re.compile("Gone today"))
    expect(gone.locator("[data-mark=both]")).to_be_visible()
    assert counter.level == "E3"


def test_tablet_retired_without_signal_keeps_what_was_said_and_forgets_the_store(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("retired")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    hand_over_alone(tablet)
    with counter.scene.mall.writing():
        devices.retire_desk_device(counter.scene.mall.store.desk_id, now=clock.now())

    tablet_context.set_offline(False)

    expect(tablet.get_by_role("heading", name="Make this tablet a store's desk")).to_be_visible()
    expect(tablet.get_by_text(re.compile("1 step"))).to_be_visible()
    tablet.reload()
    expect(tablet.get_by_text(re.compile("1 step"))).to_be_visible()
    expect(tablet.get_by_text(re.compile("Cleo|Dina"))).to_have_count(0)

    with counter.scene.mall.writing():
        code = devices.make_desk_enrolment(counter.scene.mall.store.desk_id, now=clock.now())
    tablet.get_by_label("Enrolment code").fill(code)
    tablet.get_by_role("button", name="Enrol this tablet").click()
    sign_in_alone(tablet)
    expect(tablet.get_by_text("1 step was refused")).to_be_visible()
    tablet.get_by_role("link", name="Show").click()
    see_problem(tablet, "needs_review")
    assert counter.scene.mall.count(counter.run_id, EventType.HANDOFF_RELEASED) == 0


def test_two_tabs_of_one_tablet_number_what_they_say_one_after_the_other(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("tabs")
    first = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    second = tablet_context.new_page()
    second.goto("/desk/")
    sign_in_alone(second)

    for tab, left in ((first, "Ann"), (second, "Cleo")):
        tab.get_by_role("link", name=re.compile("Hand over")).click()
        tab.get_by_role("checkbox", name=re.compile(left)).uncheck()
        tab.get_by_role("button", name=re.compile("show the code")).click()
        tab.locator("[data-release-qr]").wait_for()
    for tab in (first, second):
        tab.get_by_role("button", name="Given: Dina has 2 parcels").click()
    for tab in (first, second):
        tab.get_by_role("heading", name="You gave 2 parcels to Dina").wait_for()
    tablet_context.set_offline(False)

    expect(first.get_by_text(re.compile("kept on this tablet"))).to_have_count(0)
    expect(second.get_by_text(re.compile("kept on this tablet"))).to_have_count(0)
    wait_until(
        first, lambda: counter.scene.mall.count(counter.run_id, EventType.HANDOFF_RELEASED) == 2
    )
    with counter.scene.mall.reading() as session:
        device = accounts.active_desk_device(counter.scene.mall.store.desk_id)
        assert device is not None
        numbers = select(StatementRow.seq).where(StatementRow.device_kid == device.kid)
        assert sorted(session.scalars(numbers)) == [1, 2]


def test_tablet_whose_clock_is_a_day_ahead_shows_codes_of_the_servers_time(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    tablet_context.clock.install(time=clock.now() + timedelta(days=1))
    counter = stage("clock")
    with tablet_context.expect_event("response", lambda answer: answer.ok and is_state(answer)):
        tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    tablet.reload()
    sign_in_alone(tablet)

    show_release(tablet)

    release = tokens.parse(read_code(tablet)).token
    assert isinstance(release, tokens.Release)
    assert abs(release.iat - clock.now().timestamp()) < 30


def test_full_tablet_does_not_say_given(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("full")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)
    show_release(tablet)
    tablet.evaluate(FULL)

    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()

    see_problem(tablet, "storage_full")
    expect(tablet.get_by_role("heading", name="For Dina")).to_be_visible()
    expect(tablet.get_by_text("You gave")).to_have_count(0)
    tablet.evaluate("window.hasRoom()")
    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()
    expect(tablet.get_by_role("heading", name="You gave 2 parcels to Dina")).to_be_visible()
