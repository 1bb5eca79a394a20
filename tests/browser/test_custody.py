"""The custody page checks its proof on the reader's device, and says exactly what does not hold."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

import verify_proof
from tests import factories, personas
from tests.browser.hands import PHONE, OpensBrowser
from tests.browser.inspection import Inspection, see_title
from tests.journeys import collected
from tests.sealing import seal


@pytest.fixture(scope="module")
def stage(app: Flask) -> dict[str, str]:
    """Tracking links: of parcels that came back, and of some that the customer has."""
    back, delivered = factories.a_mall(app), factories.a_mall(app)
    links: dict[str, str] = {}
    for name, mall in (("back", back), ("delivered", delivered)):
        dina, carl = (
            personas.a_driver(mall, "Dina Diaz"),
            personas.a_clerk(mall, "Carl", mall.store),
        )
        run_id = collected(dina, carl, {"proof": "pin"})
        (stop,) = dina.stops("dropoff")
        delivery_id = stop["delivery"]["id"]
        links[name] = mall.link(delivery_id)
        seal(app)
        dina.arrive(stop)
        if name == "delivered":
            assert dina.deliver(stop, "pin", pin=mall.pin(delivery_id)).status_code == 200
            continue
        assert dina.fail(stop, "refused").status_code == 200
        answer = carl.post("returns", run_id=run_id, delivery_ids=[delivery_id])
        assert answer.status_code == 200
    seal(app)
    return links


def open_page(page: Page, link: str) -> None:
    page.goto(f"{link}/custody")
    expect(verdict(page)).not_to_have_text("Checking…")


def verdict(page: Page):
    return page.get_by_role("main").get_by_role("status")


def change_proof(page: Page, change: Callable[[dict[str, Any]], object]) -> None:
    """Let the next proofs come changed on their way."""

    def answer(route: Route) -> None:
        response = route.fetch()
        document = response.json()
        change(document)
        route.fulfill(response=response, body=json.dumps(document))

    page.unroute_all()
    page.route("**/proof*", answer)


def test_story_is_told_and_verified_on_this_device(stage: dict[str, str], customer: Page):
    customer.goto(stage["delivered"])
    customer.get_by_role("link", name="Who had the parcels").click()
    see_title(customer, "You have your parcels")

    hands = customer.get_by_role("list", name="Who had the parcels").get_by_role("heading")
    expect(hands).to_have_text(["At Lumen", "From Lumen to Dina", "From Dina to you"])
    expect(verdict(customer)).to_have_text("Verified on this device")
    checks = customer.get_by_role("list", name="What this device checks").get_by_role("listitem")
    expect(checks).to_have_count(4)

    customer.reload()

    expect(verdict(customer)).to_have_text("Verified on this device")
    expect(checks).to_have_count(5)
    expect(checks.nth(4)).to_contain_text("Nothing that this device saw before is gone")


def test_way_back_is_told(stage: dict[str, str], customer: Page):
    open_page(customer, stage["back"])

    see_title(customer, "Lumen has your parcels")
    hands = customer.get_by_role("list", name="Who had the parcels")
    expect(hands).to_contain_text("It was refused at the door.")
    expect(hands).to_contain_text("The store said that it has them back.")


def shift_a_record(document: dict[str, Any]) -> None:
    event = document["events"][0]
    event["record"] = event["record"].replace('"parcels":2', '"parcels":1')


def take_one_away(document: dict[str, Any]) -> None:
    del document["events"][2]


def forge_signature(document: dict[str, Any]) -> None:
    document["checkpoint"]["signature"] = "11" * 64


@pytest.mark.parametrize(
    ("change", "words", "states"),
    [
        (shift_a_record, "The text of event 1 is not the one", ["Fails", *["Not checked"] * 3]),
        (take_one_away, "an event is missing or moved", ["Fails", *["Not checked"] * 3]),
        (forge_signature, "The signature under the log", [*["Holds"] * 3, "Fails"]),
    ],
)
def test_change_is_named(stage, customer: Page, change, words: str, states: list[str]):
    change_proof(customer, change)

    open_page(customer, stage["delivered"])

    expect(verdict(customer)).to_contain_text(words)
    expect(customer.get_by_text("keep it, and tell the store")).to_be_visible()
    badges = customer.get_by_role("list", name="What this device checks").locator(".badge")
    expect(badges).to_have_text(states)


def test_newest_event_that_vanishes_is_missed_by_the_device_that_saw_it(stage, customer: Page):
    open_page(customer, stage["delivered"])
    change_proof(customer, lambda document: document["events"].pop())

    customer.reload()

    expect(verdict(customer)).to_have_text("An event that this device has seen is gone or changed.")


def test_proof_that_does_not_come_can_be_asked_for_again(stage, customer: Page):
    customer.route("**/proof*", lambda route: route.fulfill(status=429))

    open_page(customer, stage["delivered"])
    expect(verdict(customer)).to_contain_text("The proof could not be loaded.")
    customer.unroute_all()
    customer.get_by_role("button", name="Check again").click()

    expect(verdict(customer)).to_have_text("Verified on this device")


def test_without_script_the_files_check_the_same(stage, opens: OpensBrowser, tmp_path: Path):
    page = opens(viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{stage['delivered']}/custody")
    see_title(page, "You have your parcels")
    expect(page.get_by_text("With JavaScript switched on")).to_be_visible()
    names: list[Path] = []
    for button in ("Download the proof", "Download the script"):
        with page.expect_download() as download:
            page.get_by_role("link", name=button).click()
        names.append(tmp_path / download.value.suggested_filename)
        download.value.save_as(names[-1])

    proof, script = names
    command = [sys.executable, "-I", str(script), str(proof)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (script.name, found.returncode) == ("verify_proof.py", 0), found.stdout
    assert script.read_bytes() == Path(verify_proof.__file__).read_bytes()


def test_custody_page_is_for_everybody(stage, customer: Page, inspection: Inspection):
    for language, words in (
        ("en", "Verified on this device"),
        ("es", "Comprobado en este aparato"),
    ):
        for name, link in stage.items():
            customer.goto(f"{link}/custody?lang={language}")
            expect(verdict(customer)).to_have_text(words)
            customer.get_by_role("main").locator("summary").click()
            inspection.look(customer, f"custody, {name}, {language}")
    inspection.walk(customer, "custody")
    change_proof(customer, take_one_away)
    customer.reload()
    expect(verdict(customer)).to_contain_text("falta un suceso")
    inspection.look(customer, "custody that does not hold")
    inspection.end()
