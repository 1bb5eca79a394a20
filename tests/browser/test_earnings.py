"""A driver looks at what a finished run earned: its week, its lines and stops, the table."""

import csv
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app import clock
from tests import factories, personas
from tests.browser.hands import sign_in
from tests.journeys import collected
from tests.personas import Driver
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> Driver:
    mall = factories.a_mall(app)
    driver, clerk = personas.a_driver(mall, "Dina Diaz"), personas.a_clerk(mall, "Carl", mall.store)
    collected(driver, clerk, {"tip_minor": 500})
    assert driver.deliver(driver.stops("dropoff")[0]).status_code == 200
    return driver


@pytest.fixture
def phone(phone_context: BrowserContext, server: Server, stage: Driver) -> Iterator[Page]:
    sign_in(phone_context, server.url, driver=stage.token)
    page = phone_context.new_page()
    page.goto("/driver/#/earnings")
    yield page
    page.close()


def test_week_leads_to_the_run_and_its_lines_to_their_stops(phone: Page):
    total = phone.locator("[data-total]")
    expect(total).to_contain_text("$")
    amount = total.inner_text()
    phone.locator("[data-earned]").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text(amount)
    expect(phone.locator("[data-finished]")).to_contain_text("stop 2: All of it is yours")
    expect(phone.locator("[data-stops] li")).to_have_count(2)
    phone.get_by_role("button", name="Back", exact=True).click()
    expect(total).to_have_text(amount)


def test_week_without_runs_says_what_appears_here(phone: Page):
    phone.get_by_role("button", name="The week before").click()

    expect(phone.locator("[data-empty=earnings]")).to_be_visible()
    phone.get_by_role("button", name="The week after").click()
    expect(phone.locator("[data-earned]")).to_have_count(1)


def test_table_is_downloaded(phone: Page):
    with phone.expect_download() as download:
        phone.get_by_role("link", name="This week as a table").click()

    content = download.value.path().read_text()
    assert f"{clock.now().year}" in download.value.suggested_filename
    *_, last = csv.reader(content.splitlines())
    assert last.count("tip") == 1


def test_without_signal_the_page_says_so_and_goes_on_by_itself(
    phone: Page, phone_context: BrowserContext
):
    phone.locator("[data-earned]").wait_for()
    phone_context.set_offline(True)
    phone.get_by_role("button", name="The week before").click()

    expect(phone.get_by_role("alert")).to_contain_text("No connection")
    expect(phone.locator("[data-earned]")).to_have_count(1)
    phone_context.set_offline(False)

    # By itself, as soon as the server is heard again.
    expect(phone.get_by_role("alert")).to_have_count(0)
