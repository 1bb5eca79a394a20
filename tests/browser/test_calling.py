"""Calling the dispatcher where the app says so: the phone by a tap, the tablet by words."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app import clock
from app.blocks import service as blocks
from app.blocks.service import NewBlock
from app.domain.act import Act
from app.domain.block import Hours
from app.sites import queries as sites
from tests import personas
from tests.browser.cast import Scene, a_scene
from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.flights import COLLECT, change_phones, wait_until, written_by
from tests.browser.hands import IS_KEPT, OpensBrowser, see_problem, sign_in
from tests.browser.inspection import Inspection
from tests.conflicts import both_prove_it
from tests.factories import Mall
from tests.personas import Driver
from tests.promises.serving import Server

NUMBER = "+1 (480) 555-0160"
DIALLED = "tel:+14805550160"


@dataclass(frozen=True, slots=True, repr=False)
class Stage:
    held: Driver
    replaced: Scene
    refused: Scene
    nobody: Scene
    counter: Counter


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    held, replaced, refused, nobody = (a_scene(app) for _ in range(4))
    counter = a_counter(app)
    for scene in (held, replaced, refused, counter.scene):
        has_number(scene.mall)
    dina, dan = (personas.a_driver(held.mall, name) for name in ("Dina Diaz", "Dan Dow"))
    both_prove_it(dina, dan, held.clerk)
    for scene in (replaced, refused, nobody):
        scene.claims()
    takes_block(refused.driver)
    return Stage(dina, replaced, refused, nobody, counter)


def has_number(mall: Mall) -> None:
    with mall.writing():
        site = sites.site(mall.site_id)
        assert site is not None
        site.dispatcher_phone = NUMBER


def takes_block(driver: Driver) -> None:
    """Let a driver have a block that begins soon: too late to give it back."""
    begins, act = clock.now() + timedelta(hours=2), Act.of_system(clock.now())
    new = NewBlock(
        hours=Hours(begins, begins + timedelta(hours=2)),
        places=1,
        hourly_minor=2_000,
        return_before=timedelta(hours=3),
    )
    with driver.mall.writing():
        block_id = blocks.open_block(driver.mall.site_id, new, act=act)
        blocks.take(block_id, driver_id=driver.person_id, act=act)


def links(place: Page | Locator) -> Locator:
    return place.get_by_role("link", name="Call the dispatcher")


def test_hold_and_foot_of_the_run_call_the_dispatcher_also_without_signal(
    stage: Stage, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    sign_in(phone_context, server.url, driver=stage.held.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    # What is kept for the time without signal is kept on the phone that counts.
    page.get_by_role("button", name="Use this phone").click()
    expect(page.locator("[data-banner=other_phone]")).to_have_count(0)
    wait_until(page, lambda: any(line.startswith("state: ") for line in written_by(page)))
    assert page.evaluate(IS_KEPT)

    phone_context.set_offline(True)
    page.reload()

    page.get_by_text(re.compile("Offline. Last heard at")).wait_for()
    expect(page.locator("[data-banner=hold] + [data-action=call-dispatcher]")).to_be_visible()
    expect(links(page)).to_have_count(2)
    assert {link.get_attribute("href") for link in links(page).all()} == {DIALLED}
    inspection.look(page, "held with a number")
    page.get_by_role("link", name="Dina").click()
    page.get_by_role("link", name="Earnings").wait_for()
    expect(links(page)).to_have_attribute("href", DIALLED)
    inspection.look(page, "account with a number")
    inspection.end()


def test_driver_whose_phone_was_replaced_by_somebody_calls_from_the_banner(
    stage: Stage, opens: OpensBrowser, server: Server, inspection: Inspection
):
    old, new = opens(), opens()

    pages = change_phones(old, new, server.url, stage.replaced.driver.token)

    see_problem(pages[0], "phone_replaced")
    banner = pages[0].locator("[data-problem=phone_replaced]")
    expect(links(banner)).to_have_attribute("href", DIALLED)
    inspection.look(pages[0], "phone replaced with a number")
    inspection.end()


def test_refusal_with_another_next_step_has_no_link(
    stage: Stage, phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, driver=stage.refused.driver.token)
    phone_context.clear_permissions()
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", name=COLLECT).wait_for()

    see_problem(page, "position_refused")

    expect(links(page)).to_have_count(1)
    expect(links(page.locator("[data-problem=position_refused]"))).to_have_count(0)


def test_place_without_a_number_shows_nothing(
    stage: Stage, phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, driver=stage.nobody.driver.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("link", name="Give this run back").wait_for()
    expect(links(page)).to_have_count(0)

    page.get_by_role("link", name="Dina").click()

    page.get_by_role("link", name="Earnings").wait_for()
    expect(links(page)).to_have_count(0)


def test_clerk_reads_the_number_on_the_board_and_where_a_refusal_says_to_call(
    stage: Stage, tablet_context: BrowserContext, inspection: Inspection
):
    counter = stage.counter
    tablet = open_counter(tablet_context, counter)
    said = tablet.get_by_text(f"Dispatcher: {NUMBER}", exact=True)
    expect(said).to_have_count(1)
    inspection.look(tablet, "board with a number")
    tablet.get_by_role("link", name=re.compile("Cleo")).first.click()
    tablet.get_by_text("Cancel this delivery").click()
    tablet.get_by_label("It was entered by mistake").check()
    # The tablet has not heard yet that the driver has gone with the parcels.
    tablet.route("**/desk/api/state*", lambda route: route.abort())
    counter.dina.collect("The tablet is off or broken", kind="assertion")

    tablet.get_by_role("button", name=re.compile("Cancel for good")).click()

    see_problem(tablet, "delivery_not_cancellable")
    refusal = tablet.locator("[data-problem=delivery_not_cancellable]")
    expect(refusal.get_by_text(f"Dispatcher: {NUMBER}")).to_be_visible()
    inspection.look(tablet, "refusal with a number")
    inspection.end()
    tablet.unroute_all()
    tablet.get_by_role("button", name="Close").click()
    tablet.get_by_role("button", name=re.compile("Lock")).click()
    tablet.get_by_text("Enter your code").wait_for()
    expect(tablet.get_by_text(NUMBER)).to_have_count(0)


def test_block_that_cannot_be_given_back_any_more_says_whom_to_call(
    stage: Stage, phone_context: BrowserContext, server: Server, inspection: Inspection
):
    sign_in(phone_context, server.url, driver=stage.refused.driver.token)
    page = phone_context.new_page()

    page.goto("/driver/#/blocks")

    mine = page.locator("[data-blocks=mine] [data-block]")
    expect(mine.get_by_text("call the dispatcher if you cannot come")).to_be_visible()
    expect(links(mine)).to_have_attribute("href", DIALLED)
    inspection.look(page, "block with a number")
    inspection.end()
