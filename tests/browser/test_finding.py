"""At a full counter: an order is found in one field, and a step too much is taken back."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.domain.tokens import encode_label, short_code
from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.inspection import Inspection

NAMES = ("Cleo Cruz", "Zoë Ziegler", "Ann Archer")


@pytest.fixture(scope="module")
def stage(app: Flask) -> Callable[[str], Counter]:
    stages = {name: a_counter(app, recipients=NAMES) for name in ("find", "undo", "back")}
    stages["long"] = a_counter(app, recipients=("A" * 120, "Cleo Cruz"))
    return stages.__getitem__


def named(page: Page, name: str):
    return page.locator("main .row-title", has_text=name)


def test_order_is_found_by_what_the_clerk_knows(
    stage: Callable[[str], Counter], tablet_context: BrowserContext, inspection: Inspection
):
    counter = stage("find")
    mall, row = counter.scene.mall, counter.scene.mall.deliveries_of(counter.run_id)[0]
    label = encode_label(row.handle, 2, 2, mall.keys.mac("label"))
    tablet = open_counter(tablet_context, counter)
    field = tablet.get_by_label("Find an order")

    for typed, found in (("zoe", 1), (short_code(label).lower(), 1), ("dina", 3), ("nobody", 0)):
        field.fill(typed)
        expect(tablet.get_by_role("heading", name=f"Found {found}")).to_be_visible()
        expect(tablet.locator("main .row-title")).to_have_count(found)

    field.fill("dina")
    expect(tablet.get_by_role("link", name=re.compile("Hand over 6 parcels"))).to_be_visible()
    inspection.look(tablet, "found")
    field.press("Escape")
    expect(tablet.get_by_role("heading", name=re.compile("Ready at the counter 3"))).to_be_visible()


def test_packed_by_mistake_is_taken_back_in_one_tap(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    tablet = open_counter(tablet_context, stage("undo"))
    named(tablet, "Zoë").get_by_role("link").click()
    tablet.get_by_role("button", name="Not packed after all").click()
    expect(tablet.get_by_role("heading", name="To pack 1")).to_be_visible()

    tablet.get_by_role("button", name="Mark packed Zoë").click()
    expect(tablet.get_by_role("heading", name="To pack 0")).to_be_visible()
    tablet.locator(".toast").get_by_role("button", name="Not packed after all").click()

    expect(tablet.get_by_role("heading", name="To pack 1")).to_be_visible()


def test_driver_goes_without_what_is_not_complete(
    stage: Callable[[str], Counter], tablet_context: BrowserContext, inspection: Inspection
):
    counter = stage("back")
    tablet = open_counter(tablet_context, counter)
    tablet.get_by_role("link", name=re.compile("Hand over 6 parcels")).click()
    tablet.get_by_label("Ann").uncheck()
    inspection.look(tablet, "left-out")

    tablet.get_by_role("button", name="Let Dina go without Ann").click()

    expect(tablet.get_by_text("Dina goes without Ann's parcels.")).to_be_visible()
    expect(tablet.get_by_role("button", name="show the code for 4 parcels")).to_be_visible()
    tablet.get_by_role("link", name="Back to the counter").click()
    expect(tablet.get_by_role("heading", name="To pack 1")).to_be_visible()
    assert len(counter.scene.mall.deliveries_of(counter.run_id)) == 2


def test_longest_name_pushes_nothing_off_the_screen(
    stage: Callable[[str], Counter], tablet_context: BrowserContext
):
    tablet = open_counter(tablet_context, stage("long"))
    expect(named(tablet, "A" * 120)).to_have_count(1)

    for width in (1180, 820):
        tablet.set_viewport_size({"width": width, "height": 820})

        assert tablet.evaluate("document.documentElement.scrollWidth") == width
