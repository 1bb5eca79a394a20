"""The badge in a shop's own page: another origin, a strict policy, keyboard, axe, no server."""

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from app import clock
from app.accounts import people
from app.domain.opening import Opening
from app.promise import service
from app.sites import hours as store_hours
from app.sites import queries as site_queries
from tests import factories
from tests.browser.hands import PHONE
from tests.browser.inspection import TWO_FRAMES, Inspection, press, see_title
from tests.factories import Mall
from tests.promises.serving import Server

STREET = "123 N Dobson Rd"
#: Counts how often the status says something else.
WATCH_WORDS = """() => {
  window.changes = 0;
  const words = document.querySelector("[data-mallrun-store]").shadowRoot.querySelector("p");
  new MutationObserver(() => { window.changes += 1; }).observe(words, { childList: true });
}"""


@pytest.fixture(scope="module")
def stage(app: Flask) -> Mall:
    mall = factories.a_mall(app)
    mall.knows(STREET)
    with mall.writing():
        site = site_queries.site(mall.site_id)
        assert site is not None
        # Where it is noon now, so that the day is never over.
        site.timezone = f"Etc/GMT{clock.now().hour - 12:+d}"
        week = {weekday: Opening(0, 1_440) for weekday in range(7)}
        for counter in (mall.store, mall.other_store):
            store_hours.set_hours(counter.store_id, week)
        driver = factories.a_driver("Dina Diaz")
        people.set_duty(driver, is_on_duty=True, site_id=mall.site_id, now=clock.now())
        service.switch_checkout(mall.store.store_id, is_on=True, now=clock.now())
    return mall


@contextmanager
def foreign_shop(server_url: str, div: str) -> Generator[str]:
    """Serve a page on another origin whose policy allows our script and our answers only."""
    policy = f"default-src 'none'; script-src {server_url}; connect-src {server_url}"
    html = (
        "<!doctype html><html lang=en><title>Shop</title><meta name=viewport "
        'content="width=device-width"><main><h1>Lamp</h1>'
        f'<script src="{server_url}/promise.js" async></script>{div}</main></html>'
    ).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - As above.
            del format, args

    served = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        served.server_close()
        thread.join()


@pytest.fixture
def shopper(browser: Browser) -> Generator[Page]:
    """A shopper's phone; whatever breaks the shop's policy is told at the end."""
    context = browser.new_context(viewport=PHONE)
    faults: list[str] = []
    context.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security" in message.text else None,
    )
    context.on("weberror", lambda error: faults.append(str(error.error)))
    page = context.new_page()
    yield page
    context.close()
    assert faults == []


def div(mall: Mall, more: str = "", **other: str) -> str:
    given = {"store": mall.store.store_id, "postal-code": "85224"} | other
    told = " ".join(f'data-mallrun-{name}="{value}"' for name, value in given.items())
    return f"<div {told} {more}></div>"


def test_badge_lives_under_a_strict_policy(
    stage: Mall, server: Server, shopper: Page, inspection: Inspection
):
    with foreign_shop(server.url, div(stage, ref="order-7")) as url:
        shopper.goto(url)
        expect(shopper.get_by_role("status")).to_contain_text("Order within")
        link = shopper.get_by_role("link", name="Get it today")
        expect(link).to_have_css("background-color", "rgb(11, 92, 63)")
        inspection.look(shopper, "badge")
        shopper.keyboard.press("Tab")
        expect(link).to_be_focused()
        expect(link).to_have_css("outline-style", "solid")
        kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        assert shopper.evaluate(kept) == '[{},{},""]'
        assert shopper.context.cookies() == []
    inspection.end()


def test_button_leads_to_the_checkout_and_on_to_the_tracking_page(
    stage: Mall, server: Server, shopper: Page, inspection: Inspection
):
    with foreign_shop(server.url, div(stage, "lang=es")) as url:
        shopper.goto(url)
        expect(shopper.get_by_role("status")).to_contain_text("Pida en los próximos")
        shopper.get_by_role("link", name="Recíbalo hoy").press("Enter")
    see_title(shopper, "Recíbalo hoy")
    shopper.goto(shopper.url.replace("lang=es", "lang=en"))
    see_title(shopper, "Get it today")
    inspection.look(shopper, "checkout")
    inspection.walk(shopper, "checkout")
    shopper.get_by_label("Your name").fill("Cleo Cruz")
    shopper.get_by_label("Phone").fill("+1 480 555 0101")
    shopper.get_by_label("Street and number").fill(STREET)
    shopper.get_by_label("City").fill("Chandler")
    press(shopper, shopper.get_by_role("button", name="Order for today"))
    see_title(shopper, "Ordered: it comes today")
    inspection.look(shopper, "ordered")
    shopper.get_by_role("link", name="Watch your delivery").click()
    expect(shopper).to_have_url(re.compile("/t/"))
    inspection.end()


def test_shop_takes_the_promise_into_its_cart(stage: Mall, server: Server, shopper: Page):
    mine = div(stage, 'data-style="none"', store=stage.other_store.store_id, action="choose")
    with foreign_shop(server.url, mine) as url:
        shopper.goto(url)
        button = shopper.get_by_role("button", name="Get it today")
        expect(button).to_be_visible()
        # The shop's own style reaches what is not in a shadow.
        assert shopper.evaluate("document.querySelector('.mallrun-act') !== null")
        shopper.evaluate(
            "document.addEventListener('mallrun:chosen', (e) => { window.chosen = e.detail; })"
        )
        button.press("Enter")
        chosen = shopper.evaluate("window.chosen")
    assert (chosen["today"], chosen["postal_code"]) == (True, "85224")
    assert chosen["checkout_url"] is None
    assert chosen["window"]["from"] < chosen["window"]["until"]


def test_another_postal_code_is_asked_about_at_once(stage: Mall, server: Server, shopper: Page):
    with foreign_shop(server.url, div(stage, reasons="yes")) as url:
        shopper.goto(url)
        expect(shopper.get_by_role("link")).to_be_visible()
        shopper.evaluate(
            "document.querySelector('[data-mallrun-store]').dataset.mallrunPostalCode = '90210'"
        )
        expect(shopper.get_by_role("status")).to_have_text(
            "We do not know this postal code. Check it, or order for another day."
        )
        expect(shopper.get_by_role("link")).to_have_count(0)


def test_time_goes_on_by_whole_minutes_until_nothing_is_said(
    stage: Mall, server: Server, shopper: Page
):
    shopper.clock.install()
    with foreign_shop(server.url, div(stage)) as url:
        shopper.goto(url)
        status = shopper.get_by_role("status")
        expect(status).to_contain_text("Order within")
        shopper.evaluate(WATCH_WORDS)
        before = status.text_content()
        # From here on nobody answers: the last answer counts down by itself.
        shopper.route("**/promise?*", lambda route: route.abort())
        shopper.clock.run_for(3 * 60_000)
        assert status.text_content() != before
        assert 2 <= shopper.evaluate("window.changes") <= 4
        shopper.clock.run_for(24 * 3_600_000)
        expect(shopper.get_by_role("status")).to_have_count(0)
        expect(shopper.get_by_role("link")).to_have_count(0)


@pytest.mark.parametrize("status", [0, 429, 500])
def test_nothing_is_shown_when_the_server_does_not_answer(
    stage: Mall, server: Server, shopper: Page, status: int
):
    def answer(route: Route) -> None:
        route.fulfill(status=status, body="no") if status else route.abort()

    shopper.route("**/promise?*", answer)
    with foreign_shop(server.url, div(stage)) as url:
        outcome = "requestfinished" if status else "requestfailed"
        with shopper.expect_event(outcome, lambda request: "/promise?" in request.url):
            shopper.goto(url)
        shopper.evaluate(TWO_FRAMES)
        place = "document.querySelector('[data-mallrun-store]')"
        assert shopper.evaluate(f"{place}.shadowRoot === null && {place}.childNodes.length === 0")
        assert shopper.evaluate(f"{place}.getBoundingClientRect().height") == 0
