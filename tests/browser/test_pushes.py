"""A phone that is told of runs while it is locked: turned on, shown, tapped, turned off."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from app.domain.push import PushKind
from app.jobs.pushes import message_of
from app.notify.models import PushSubscription
from app.persistence.transaction import session
from tests import factories, personas
from tests.browser.hands import IS_KEPT, PHONE, sign_in
from tests.browser.inspection import Inspection
from tests.personas import Driver
from tests.promises.serving import Server
from tests.web.bodies import POINT, PUSHED_TO

#: Stands in for the browser's own message service, which is on the internet.
SUBSCRIBES = f"""
  const made = () => ({{
    endpoint: "{PUSHED_TO}",
    toJSON: () => ({{
      endpoint: "{PUSHED_TO}",
      keys: {{ p256dh: "{POINT}", auth: "{"A" * 22}" }},
    }}),
    unsubscribe: async () => {{ sessionStorage.removeItem("subscribed"); return true; }},
  }});
  PushManager.prototype.subscribe = async () => {{
    sessionStorage.setItem("subscribed", "1");
    return made();
  }};
  PushManager.prototype.getSubscription = async () =>
    sessionStorage.getItem("subscribed") ? made() : null;
"""
UNDECIDED = "Object.defineProperty(Notification, 'permission', { get: () => 'default' })"
#: Waits until so many are shown; what is not shown by then never comes.
SHOWN = """async (count) => {
  const registration = await navigator.serviceWorker.getRegistration("/driver/");
  const until = Date.now() + 10_000;
  let shown = [];
  while (shown.length < count && Date.now() < until) {
    await new Promise((done) => setTimeout(done, 50));
    shown = await registration.getNotifications();
  }
  return shown.map(({ title, body, tag }) => [title, body, tag]);
}"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> tuple[Driver, Driver]:
    """Two drivers on duty without a run."""
    mall = factories.a_mall(app)
    return personas.a_driver(mall, "Dina Diaz"), personas.a_driver(mall, "Dan Dorn")


@pytest.fixture(scope="module")
def whole_browser(
    browser_type: BrowserType, whole_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """The whole Chromium: the shell shows no notifications."""
    launched = browser_type.launch(**whole_launch_args)
    yield launched
    launched.close()


@pytest.fixture
def context(whole_browser: Browser, server: Server) -> Iterator[BrowserContext]:
    with whole_browser.new_context(base_url=server.url, viewport=PHONE, locale="en-US") as made:
        made.add_init_script(SUBSCRIBES)
        made.grant_permissions(["notifications"])
        yield made


def waits(context: BrowserContext, url: str, driver: Driver) -> Page:
    """Open the app of a driver on duty without a run."""
    sign_in(context, url, driver=driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_text("right now.").wait_for()
    return page


def addresses(app: Flask) -> list[str]:
    """Return where phones take messages."""
    with app.app_context():
        found = [row.address for row in session().query(PushSubscription)]
        session().rollback()
        return found


def push(page: Page, words: tuple[str, str], kind: PushKind, run_id: str) -> None:
    """Let a message come in, as the browser's message service hands it to the service worker."""
    cdp = page.context.new_cdp_session(page)
    ids: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: ids.extend(each["registrationId"] for each in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    page.evaluate("1")
    cdp.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.evaluate("location.origin"),
            "registrationId": ids[0],
            "data": message_of(kind, run_id, "en", words).decode(),
        },
    )


def test_driver_turns_it_on_and_off(
    app: Flask,
    stage: tuple[Driver, Driver],
    context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    page = waits(context, server.url, stage[0])
    card = page.locator("[data-part=pushes]")
    page.get_by_role("link", name="Account: Dina").click()
    card.get_by_role("button", name="Turn on").wait_for()
    inspection.look(page, "account, not told of new runs")
    card.get_by_role("button", name="Turn on").click()
    expect(page.locator(".toasts")).to_contain_text("tells you of new runs now")
    assert addresses(app) == [PUSHED_TO]

    expect(card).to_contain_text("also while it is locked")
    inspection.look(page, "account, told of new runs")
    card.get_by_role("button", name="Turn off").click()
    expect(card.get_by_role("button", name="Turn on")).to_be_visible()
    assert addresses(app) == []


def test_who_waits_and_has_not_decided_is_led_to_it(
    stage: tuple[Driver, Driver], context: BrowserContext, server: Server
):
    context.add_init_script(UNDECIDED)
    page = waits(context, server.url, stage[0])
    page.get_by_role("link", name="Hear of new runs with the phone locked").click()

    page.locator("[data-part=pushes]").get_by_role("button", name="Turn on").wait_for()


def test_sign_out_ends_it(stage: tuple[Driver, Driver], context: BrowserContext, server: Server):
    page = waits(context, server.url, stage[1])
    page.get_by_role("link", name="Account: Dan").click()
    page.locator("[data-part=pushes]").get_by_role("button", name="Turn on").click()
    expect(page.locator(".toasts")).to_contain_text("tells you of new runs now")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()

    assert page.evaluate("sessionStorage.getItem('subscribed')") is None
    assert page.evaluate("localStorage.getItem('mallrun-driver-pushes')") is None


def test_message_is_shown_unless_the_app_is_in_front(
    stage: tuple[Driver, Driver], context: BrowserContext, server: Server
):
    page = waits(context, server.url, stage[0])
    assert page.evaluate(IS_KEPT)
    push(page, ("Are you on your way?", "At 4"), PushKind.CLAIM_LAPSES, "run_b")

    # The start page is not the app's: its worker is alone with what comes now.
    page.goto("/")
    push(page, ("New run: There", "$14.00"), PushKind.NEW_RUN, "run_c")
    push(page, ("The run is yours: There", "At 5"), PushKind.RUN_IS_YOURS, "run_a")

    assert sorted(page.evaluate(SHOWN, 2)) == [
        ["New run: There", "$14.00", "offers"],
        ["The run is yours: There", "At 5", "run_a"],
    ]
