"""Keys and lines for a shop are copied with one tap, where the browser has a clipboard."""

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.hands import sign_in
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> str:
    """Mia's sign-in."""
    mall = factories.a_mall(app)
    merchant_id = mall.store.merchant_id
    with mall.writing():
        person_id = factories.a_person("Mia Moreno", ("merchant", merchant_id))
        return factories.a_session("merchant", person_id=person_id).token


def test_key_and_lines_are_copied(
    stage: str, phone: Page, phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, merchant=stage)
    phone_context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.goto("/merchant/keys")
    phone.get_by_label("Name").fill("Web shop")
    phone.get_by_role("button", name="Make key").click()
    key = phone.locator("#key").inner_text()
    phone.get_by_role("button", name="Copy").click()
    expect(phone.get_by_text("Copied.")).to_be_visible()
    assert clipboard(phone) == key

    phone.goto("/merchant/promise")
    phone.get_by_role("button", name="Copy").first.click()
    expect(phone.get_by_text("Copied.")).to_be_visible()
    assert clipboard(phone) == phone.get_by_label("Lines for your shop").first.input_value()


def test_without_a_clipboard_there_is_no_button(
    stage: str, phone: Page, phone_context: BrowserContext, server: Server
):
    sign_in(phone_context, server.url, merchant=stage)
    phone.add_init_script("delete Navigator.prototype.clipboard")
    phone.goto("/merchant/promise")

    expect(phone.get_by_label("Lines for your shop").first).to_be_visible()
    expect(phone.get_by_role("button", name="Copy")).to_have_count(0)


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")
