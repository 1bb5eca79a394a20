"""A phone whose run does not move: it is asked, answers, and is told when the run is gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from app.runs import lapsing
from tests import factories, personas
from tests.browser.hands import PHONE, OpensBrowser, sign_in
from tests.browser.inspection import Inspection
from tests.factories import Mall
from tests.journeys import claimed
from tests.personas import Driver
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Stage:
    mall: Mall
    driver: Driver
    run_id: str

    def look(self, minutes: int) -> None:
        """Let the job look, some minutes from now."""
        now = clock.now() + timedelta(minutes=minutes)
        with self.mall.writing():
            lapsing.watch(self.run_id, now=now)


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    mall = factories.a_mall(app)
    driver = personas.a_driver(mall, "Dina Diaz")
    with clock.frozen(clock.now() - timedelta(minutes=90)):
        run_id = claimed(driver)
    return Stage(mall, driver, run_id)


@pytest.fixture
def phone(opens: OpensBrowser, server: Server, stage: Stage) -> Iterator[Page]:
    # Without leave to say where it is: one at the entrance would have arrived, not stand still.
    context = opens(viewport=PHONE)
    sign_in(context, server.url, driver=stage.driver.token)
    page = context.new_page()
    page.goto("/driver/")
    page.get_by_role("heading", level=1).wait_for()
    yield page
    page.close()


def test_phone_is_asked_answers_and_is_told_with_the_way_back(
    phone: Page, stage: Stage, inspection: Inspection
):
    stage.look(0)
    phone.reload()

    expect(phone.get_by_role("alert")).to_contain_text("Are you on your way?")
    inspection.look(phone, "asked")
    phone.get_by_role("button", name="I am on my way").click()
    expect(phone.locator("[data-banner=lapse]")).to_have_count(0)

    stage.look(60)
    stage.look(80)
    phone.reload()

    banner = phone.locator("[data-banner=lapsed]")
    expect(banner).to_contain_text("is on offer again")
    expect(banner).to_contain_text("claim it again below")
    inspection.look(phone, "lapsed")
    phone.get_by_role("button", name="Claim this run").click()
    expect(banner).to_have_count(0)
    assert stage.mall.run(stage.run_id).driver_id == stage.driver.person_id
    inspection.end()
