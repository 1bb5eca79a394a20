"""The merchant's pages and the API's description, for everybody."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from app import clock
from app.domain.api_key import Mode
from app.domain.webhooks import Payload
from app.webhooks import service as webhooks
from tests import factories, merchants
from tests.browser.hands import sign_in
from tests.browser.inspection import Inspection, see_title
from tests.promises.serving import Server


@dataclass(frozen=True, slots=True)
class Stage:
    """Mia's sign-in, one of her deliveries and her webhook."""

    token: str
    delivery_id: str
    webhook_id: str
    key_id: str


@pytest.fixture(scope="module")
def stage(app: Flask) -> Stage:
    mall = factories.a_mall(app)
    merchant_id = mall.store.merchant_id
    key = merchants.a_key(mall, mall.store, mode=Mode.TEST)
    delivery_id = mall.places(merchant_ref="L-77")
    with mall.writing():
        person_id = factories.a_person("Mia Moreno", ("merchant", merchant_id))
        row = webhooks.add(
            "https://shop.example/mallrun",
            merchant_id=merchant_id,
            payload=Payload.FULL,
            types=[],
            allows_loopback=False,
            now=clock.now(),
        )
        token = factories.a_session("merchant", person_id=person_id).token
        return Stage(token, delivery_id, row.id, key.id)


def test_merchant_pages(
    stage: Stage,
    tablet: Page,
    tablet_context: BrowserContext,
    server: Server,
    inspection: Inspection,
):
    sign_in(tablet_context, server.url, merchant=stage.token)
    for screen, address, title in (
        ("today", "", "Today"),
        ("found", "?q=L-7", "Found"),
        ("delivery", f"deliveries/{stage.delivery_id}", "L-77"),
        ("new-order", "order", "New order"),
        ("webhooks", "webhooks", "Webhooks"),
        ("webhook", f"webhooks/{stage.webhook_id}", "shop.example"),
        ("keys", "keys", "Keys"),
        ("revoke", f"keys/{stage.key_id}/revoke", "Revoke"),
        ("promise", "promise", "Get it today"),
        ("team", "team", "Team"),
        ("invoices", "invoices", "Invoices"),
        ("invoice", f"invoices/{clock.now():%Y-%m}", ""),
    ):
        tablet.goto(f"/merchant/{address}")
        see_title(tablet, title)
        inspection.look(tablet, screen)
        inspection.walk(tablet, screen)
    tablet.goto("/merchant/uploads")
    inspection.look(tablet, "upload")
    inspection.walk(tablet, "upload")
    table = b"order,name,phone,street,city,zip\n1,Cleo,call me,5 E Elm St,Chandler,85225\n"
    tablet.get_by_label("File").set_input_files(
        {"name": "orders.csv", "mimeType": "text/csv", "buffer": table}
    )
    tablet.get_by_role("button", name="Upload and look at it").click()
    see_title(tablet, "orders.csv")
    inspection.look(tablet, "preview")
    inspection.walk(tablet, "preview")
    inspection.end()


def test_description_of_the_api(customer: Page, inspection: Inspection):
    customer.goto("/api/v1/docs")
    see_title(customer, "Mallrun for merchants")
    inspection.look(customer, "description")
    inspection.end()
