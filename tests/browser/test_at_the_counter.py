"""What a clerk must not miss: somebody has come, and the labels need a connection."""

import re

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, expect

from tests.browser.counters import Counter, a_counter, open_counter
from tests.browser.hands import OpensBrowser, send, sign_in
from tests.promises.serving import Server


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, Counter]:
    return {name: a_counter(app) for name in ("arrival", "labels")}


def test_driver_who_comes_is_told_while_the_clerk_types(
    stage: dict[str, Counter],
    tablet_context: BrowserContext,
    opens: OpensBrowser,
    server: Server,
):
    counter = stage["arrival"]
    tablet = open_counter(tablet_context, counter)
    tablet.get_by_role("link", name="New delivery").click()
    tablet.get_by_label("Recipient").fill("Nora")
    driver = opens()
    sign_in(driver, server.url, driver=counter.dina.token)
    (stop,) = counter.dina.stops("pickup")

    send(driver, f"/driver/api/stops/{stop['id']}/arrive", position=None)

    expect(tablet.get_by_text("Dina is at the counter.")).to_be_visible()
    expect(tablet.get_by_label("Recipient")).to_have_value("Nora")


def test_labels_without_connection_are_explained(
    stage: dict[str, Counter], tablet_context: BrowserContext
):
    tablet = open_counter(tablet_context, stage["labels"])
    tablet_context.set_offline(True)
    expect(tablet.get_by_text("No connection. As of")).to_be_visible()

    tablet.get_by_role("link", name=re.compile("Print labels")).click()

    expect(tablet.get_by_text("Labels are made by the server")).to_be_visible()
    assert len(tablet_context.pages) == 1
