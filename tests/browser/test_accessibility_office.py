"""The pages that are no app: start, sign-in and console of a seeded demo, for everybody."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from app import clock
from app.demo.seed import seed
from app.demo.tools import DemoTools
from app.persistence.transaction import transaction
from tests import factories
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection, see_title
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> str:
    """Seed the demo; the value is the sign-in of somebody who may see the whole console."""
    with app.app_context(), transaction():
        seed(DemoTools.of(app.extensions), now=clock.now())
        office = factories.a_person("Olga Ortiz", ("admin", ""))
        return factories.a_session("console", person_id=office).token


def test_pages_before_any_sign_in(customer: Page, inspection: Inspection):
    for screen, address, title in (
        ("start", "/", "From the shops"),
        ("driver's login", "/driver/login", "Sign in to drive"),
        ("console's login", "/console/login", "Sign in to the console"),
        ("no such link", "/t/0123456789abcdefAAAAAAAA", "Nothing to see here"),
        ("no such page", "/nothing", ""),
    ):
        customer.goto(address)
        see_title(customer, title)
        inspection.look(customer, screen)
        inspection.walk(customer, screen)
    inspection.end()


def test_console_pages(
    stage: str,
    tablet: Page,
    tablet_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, console=stage)
    for screen, address, title in (
        ("stores", "/console/stores", "Stores"),
        ("today", "/console/today", ""),
        ("new place", "/console/sites/new", "Open a place"),
    ):
        tablet.goto(address)
        see_title(tablet, title)
        inspection.look(tablet, screen)
        inspection.walk(tablet, screen)
    tablet.goto("/console/stores")
    tablet.get_by_role("link", name="Chandler Fashion Center").click()
    see_title(tablet, "Chandler Fashion Center")
    inspection.look(tablet, "place")
    inspection.walk(tablet, "place")
    tablet.goto("/console/stores")
    tablet.locator(".console-stores a").first.click()
    tablet.get_by_role("heading", name="Desks").wait_for()
    inspection.look(tablet, "store")
    inspection.walk(tablet, "store")
    store = tablet.url
    tablet.get_by_role("button", name=re.compile("^Show enrolment code")).click()
    see_title(tablet, "")
    inspection.look(tablet, "enrolment")
    for screen in ("Change code", "Remove"):
        tablet.goto(store)
        tablet.get_by_role("link", name=re.compile(f"^{screen}")).first.click()
        see_title(tablet, "")
        inspection.look(tablet, screen)
    inspection.end()
