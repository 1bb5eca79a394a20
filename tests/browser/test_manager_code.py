"""Dear goods: nothing is handed over before a manager has entered the code."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.handoffs import incidents
from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.flights import enrolled_as, wait_until
from tests.browser.hands import see_problem, sign_in
from tests.promises.serving import Server

CODE, WRONG = "730164", "111111"


@pytest.fixture(scope="module")
def stage(app: Flask) -> Callable[[str], Counter]:
    return {
        name: a_counter(app, value_minor=24_990, manager_code=CODE)
        for name in ("right", "alone", "phone")
    }.__getitem__


def row_of(counter: Counter) -> Any:
    return counter.scene.mall.only_delivery(counter.run_id)


def questions(counter: Counter) -> list[str]:
    """Return what waits for a person about the run's delivery."""
    with counter.scene.mall.reading():
        return [each.kind for each in incidents.open_incidents([row_of(counter).id])]


def choose(tablet: Page) -> None:
    tablet.get_by_role("link", name=re.compile("Hand over 2 parcels")).click()
    tablet.get_by_role("button", name=re.compile("show the code")).click()
    tablet.get_by_role("heading", name="A manager's code is needed").wait_for()
    expect(tablet.locator("[data-release-qr]")).to_have_count(0)


def give(tablet: Page) -> None:
    tablet.locator("[data-release-qr]").wait_for()
    tablet.get_by_role("button", name="Given: Dina has 2 parcels").click()


def test_code_is_shown_only_after_the_managers(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("right")
    tablet = open_counter(tablet_context, counter)
    tablet.get_by_role("link", name=re.compile("^Cleo")).click()
    expect(tablet.get_by_text("$249.90")).to_be_visible()
    expect(tablet.get_by_text("With a manager's code only")).to_be_visible()
    tablet.go_back()

    choose(tablet)
    tablet.keyboard.type(WRONG)
    see_problem(tablet, "manager_code_wrong")
    expect(tablet.get_by_text("Tries left, on all devices together: 4")).to_be_visible()
    tablet.keyboard.type(CODE)
    give(tablet)

    counter.dina.collect("The tablet is off", kind="assertion")
    wait_until(tablet, lambda: row_of(counter).status == "enroute_to_dropoff")
    wait_until(tablet, lambda: questions(counter) == [])


def test_without_signal_the_code_is_noted_and_checked_later(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    counter = stage("alone")
    tablet = open_counter(tablet_context, counter)
    tablet_context.set_offline(True)

    choose(tablet)
    tablet.keyboard.type(WRONG)
    expect(tablet.get_by_role("heading", name="The code is noted, not checked")).to_be_visible()
    tablet.get_by_role("button", name="Enter it again").click()
    tablet.keyboard.type(CODE)
    tablet.get_by_role("button", name="Go on: 2 parcels for Dina").click()
    give(tablet)
    expect(tablet.get_by_role("heading", name="You gave 2 parcels to Dina")).to_be_visible()
    tablet_context.set_offline(False)

    counter.dina.collect("The tablet is off", kind="assertion")
    wait_until(tablet, lambda: questions(counter) == [])


def test_driver_without_a_tablet_asks_the_manager(
    stage: Callable[[str], Counter], phone_context: BrowserContext, server: Server
):
    counter = stage("phone")
    sign_in(phone_context, server.url, driver=counter.dina.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name="Use this phone").click()
    wait_until(page, lambda: enrolled_as(phone_context) != counter.dina.kid)
    page.get_by_role("button", name="I am at the counter").click()
    page.get_by_role("link", name="I can neither scan nor type a code").click()
    page.get_by_label("The tablet is off or broken").check()

    page.get_by_role("button", name="I have 2 parcels").click()
    see_problem(page, "manager_code_needed")
    page.get_by_label("Manager’s code of Lumen").fill(WRONG)
    page.get_by_role("button", name="I have 2 parcels").click()
    see_problem(page, "manager_code_wrong")
    page.get_by_label("Manager’s code of Lumen").fill(CODE)
    page.get_by_role("button", name="I have 2 parcels").click()

    expect(page.get_by_role("heading", name=re.compile("Bring 2 parcels"))).to_be_visible()
    wait_until(page, lambda: row_of(counter).status == "enroute_to_dropoff")
    assert questions(counter) == []
