"""The console's pages about custody, for everybody: what waits, who says so, what to decide."""

from dataclasses import asdict, dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from app import clock
from tests import factories, personas
from tests.browser.hands import PHONE, OpensBrowser, sign_in
from tests.browser.inspection import Inspection, see_title
from tests.conflicts import both_prove_it
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Stage:
    """A dispatcher's sign-in, a delivery that two drivers hold, and a doubtful statement.

    `run` is the run of that statement's driver, `offer` one that nobody has yet.
    """

    token: str
    held: str
    doubted: str
    statement: str
    driver: str
    run: str
    offer: str
    store: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    mall = factories.a_mall(app)
    dina, dan = (personas.a_driver(mall, name) for name in ("Dina Diaz", "Dan Dow"))
    carl = personas.a_clerk(mall, "Carl", mall.store)
    held = both_prove_it(dina, dan, carl)
    dee = personas.a_driver(mall, "Dee Dix")
    (row,) = mall.deliveries_of(claimed(dee))
    phone, at = phone_of(dee), clock.now() - timedelta(minutes=30)
    (result,) = phone.results(
        picked_up(phone, carl.shows(dee, row.run_id), handles_of([row]), at=at)
    )
    with mall.writing():
        office = factories.a_person("Olga Ortiz", ("dispatcher", ""))
        token = factories.a_session("console", person_id=office).token
    (offer,) = set(_offers(mall)) - {row.run_id}
    return Stage(
        token,
        held.id,
        row.id,
        result["event_id"],
        dee.person_id,
        row.run_id,
        offer,
        mall.store.store_id,
    )


def _offers(mall: Mall) -> list[str]:
    mall.places(merchant_ref="B-2")
    return mall.forms_runs()


@pytest.fixture
def desktop(tablet: Page, tablet_context: BrowserContext, server: Server, stage: Stage) -> Page:
    sign_in(tablet_context, server.url, console=stage.token)
    return tablet


PAGES = {
    "today": ("today", "Today"),
    "two proofs": ("deliveries/{held}", "Lumen to Cleo"),
    "doubtful times": ("deliveries/{doubted}", "Lumen to Cleo"),
    "does it count": ("deliveries/{doubted}/statements/{statement}", "Does this step count"),
    "lost": ("deliveries/{held}/lost", "Mark this delivery as lost"),
    "show the customer": ("deliveries/{held}/recipient", "Show name"),
    "run": ("runs/{run}", "Run of Dee Dix"),
    "take back": ("runs/{run}/take-back", "Take this run back"),
    "offer": ("runs/{offer}", "Run on offer"),
    "drivers": ("drivers", "Drivers"),
    "end a phone": ("drivers/{driver}/phone", "End the phone"),
    "store": ("stores/{store}", "Lumen"),
    "store's deliveries": ("stores/{store}/deliveries", "Deliveries of Lumen"),
}


@pytest.mark.parametrize("screen", PAGES)
def test_page(desktop: Page, stage: Stage, inspection: Inspection, screen: str):
    address, title = PAGES[screen]
    desktop.goto(f"/console/{address.format(**asdict(stage))}")
    see_title(desktop, title)

    inspection.look(desktop, screen)
    inspection.walk(desktop, screen)

    inspection.end()


def test_pages_fit_a_phone_in_spanish(opens: OpensBrowser, server: Server, stage: Stage):
    context = opens(viewport=PHONE, locale="es-US")
    sign_in(context, server.url, console=stage.token)
    page = context.new_page()
    for address, _title in PAGES.values():
        page.goto(f"/console/{address.format(**asdict(stage))}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address


def test_decision_by_keyboard_and_without_scripts(
    opens: OpensBrowser, server: Server, stage: Stage
):
    context = opens(java_script_enabled=False)
    sign_in(context, server.url, console=stage.token)
    page = context.new_page()
    page.goto("/console/today")
    page.get_by_role("link", name="Two drivers have proof of the same parcels").press("Enter")
    reason = page.get_by_label("What you were told, and by whom")
    reason.press_sequentially("Dan read the label out")
    page.get_by_role("button", name="Dan Dow has the parcels").press("Enter")

    page.get_by_role("status").filter(has_text="Decided.").wait_for()
    assert page.get_by_text("Dan read the label out").count() >= 1
    assert page.locator("td", has_text="Dan Dow").count() >= 2
