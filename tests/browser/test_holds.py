"""What a driver sees of a delivery that another driver proves to have as well."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from app.handoffs import incidents
from tests import factories, personas
from tests.browser.cast import Scene, a_scene
from tests.browser.hands import OpensBrowser, sign_in
from tests.conflicts import both_prove_it
from tests.personas import Driver
from tests.promises.serving import Server

ON_HOLD = "On hold: the dispatcher decides"


class Held:
    """Two drivers with proof of one delivery, and the dispatcher who decides."""

    def __init__(self, app: Flask) -> None:
        self.scene: Scene = a_scene(app)
        mall = self.scene.mall
        self.dina: Driver = personas.a_driver(mall, "Dina Diaz")
        dan = personas.a_driver(mall, "Dan Dow")
        self.row = both_prove_it(self.dina, dan, self.scene.clerk)
        with mall.writing():
            person = factories.a_person("Desmond Day", ("dispatcher", ""))
            self.desmond: str = factories.a_session("console", person_id=person).token

    def decides(self, office: BrowserContext, url: str) -> None:
        """Let the dispatcher say that Dina has the parcels."""
        with self.scene.mall.reading():
            (incident,) = incidents.open_incidents([self.row.id])
            path = f"/console/deliveries/{self.row.id}/incidents/{incident.id}/rule"
        form: dict[str, str | float | bool] = {
            "choice": f"has:{self.dina.person_id}",
            "reason": "She has shown them",
        }
        sign_in(office, url, console=self.desmond)
        answer = office.request.post(path, form=form, headers={"Origin": url}, max_redirects=0)
        assert answer.status == 303, answer.text()


@pytest.fixture(scope="module")
def stage(app: Flask) -> Held:
    return Held(app)


def test_no_step_is_offered_until_the_dispatcher_has_decided(
    stage: Held, phone_context: BrowserContext, opens: OpensBrowser, server: Server
):
    sign_in(phone_context, server.url, driver=stage.dina.token)
    page = phone_context.new_page()
    page.goto("/driver/")
    page.get_by_role("button", name=re.compile("I am at the door")).click()

    held = page.get_by_role("button", name=ON_HOLD)
    expect(held).to_have_attribute("aria-disabled", "true")
    expect(held).to_have_accessible_description(re.compile("Another driver has proof"))
    held.focus()
    expect(held).to_be_focused()
    expect(
        page.locator("[data-action=pin], [data-action=scan], [data-action=cannot]")
    ).to_have_count(0)
    page.goto(page.url.split("#")[0] + f"#/stop/{stage.dina.stops('dropoff')[0]['id']}/pin")
    expect(page.get_by_role("button", name=ON_HOLD)).to_be_visible()
    page.goto(page.url.split("#")[0] + "#/")

    stage.decides(opens(), server.url)

    expect(page.locator("[data-banner=hold]")).to_have_count(0)
    expect(page.get_by_role("button", name=ON_HOLD)).to_have_count(0)
    expect(page.locator("[data-action=cannot]")).to_be_visible()
