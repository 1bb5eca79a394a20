"""The proof's document: everything a stranger needs, and nothing that the reader may not know."""

import json

import pytest
from flask import Flask

import verify_proof
from app.domain.envelope import read_envelope
from app.domain.events import FOR_PROOFS, EventType
from tests.devices import phone_of, picked_up
from tests.factories import Mall, handles_of
from tests.journeys import claimed
from tests.personas import a_clerk, a_driver, code_of
from tests.promises.statements import counting
from tests.proofs.conftest import Story
from tests.sealing import add_events, read, seal

pytestmark = pytest.mark.both_engines

#: What a person could be found by, in the world of these tests.
PERSONAL = ("Cleo", "Cruz", "480 555", "Dobson", "Apt 4", "Gate code", "Rang twice", "salt", "Dina")


def test_proof_has_every_event_of_the_delivery_in_order(story: Story):
    document = story.document()

    records = [json.loads(each["record"]) for each in document["events"] if each["record"]]
    stored = story.mall.events(story.delivery_id)
    assert len(document["events"]) == len(stored)
    assert [record["type"] for record in records] == [
        each for each in stored if EventType(each) in FOR_PROOFS
    ]
    assert {record["delivery"] for record in records} == {document["delivery"]}


def test_what_the_customer_may_not_know_is_there_as_a_hash_only(story: Story):
    document, stored = story.document(), story.mall.events(story.delivery_id)

    withheld = {
        each
        for each, event in zip(stored, document["events"], strict=True)
        if event["record"] is None
    }

    assert withheld == {"run.offered", "run.claimed", "pin.refused"}
    assert all(event["leaf"] and event["path"] for event in document["events"])


def test_no_personal_data_and_no_salt_is_in_it(story: Story):
    text = story.proof().decode()

    assert [word for word in PERSONAL if word in text] == []


def test_checkpoint_is_the_newest_and_carries_the_servers_key(story: Story):
    document = story.document()

    newest = "select note, signature from checkpoint order by size desc limit 1"
    note, signature = read(story.mall.app, newest)[0]
    (key,) = document["server_keys"]
    assert document["checkpoint"] == {"note": note, "kid": key["kid"], "signature": signature}
    assert key["public_key"] == story.mall.keys.server_public.hex()


def test_event_after_the_checkpoint_waits_without_a_place(story: Story):
    events = json.loads(story.early)["events"]

    assert [event["position"] is None for event in events[-2:]] == [False, True]
    assert events[-1]["path"] is None


def test_before_the_first_checkpoint_nothing_is_signed(own: Mall):
    delivery_id = own.places()

    answer = own.app.test_client().get(f"{own.link(delivery_id)}/proof")

    document = answer.get_json()
    assert (document["checkpoint"], document["earlier"]) == (None, None)
    assert [event["position"] for event in document["events"]] == [None]


def test_anchor_that_is_asked_for_comes_as_the_logs_beginning(story: Story):
    query = "select anchor, note from checkpoint order by size"
    for anchor, note in read(story.mall.app, query):
        assert story.document(f"?anchor={anchor}")["earlier"]["note"] == note


def test_anchor_that_nobody_knows_has_no_answer(story: Story):
    assert story.document(f"?anchor={'00' * 8}")["earlier"] is None


@pytest.mark.parametrize("anchor", ["x", "0" * 15, "0" * 64, "A" * 16])
def test_anchor_of_another_form_is_refused(story: Story, anchor: str):
    answer = story.mall.app.test_client().get(f"{story.link}/proof?anchor={anchor}")

    assert (answer.status_code, code_of(answer)) == (400, "bad_request")


def test_proof_of_a_wrong_link_is_refused_like_its_page(story: Story):
    answer = story.mall.app.test_client().get(f"{story.link[:-1]}!/proof")

    assert (answer.status_code, code_of(answer)) == (404, "link_ended")


def test_reading_a_proof_does_not_grow_with_the_log(story: Story):
    counts: list[int] = []
    for known in (0, 300):
        if known:
            add_events(story.mall.app, story.mall.places(), known)
            seal(story.mall.app)
        with counting(story.mall.app) as found:
            story.proof()
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_what_a_device_signed_goes_along_with_its_key(story: Story):
    document = story.document()

    signed = [each for each in document["events"] if each["envelope"]]
    (event,) = signed
    record = json.loads(event["record"])
    assert record["type"] == "handoff.picked_up"
    assert read_envelope(event["envelope"]).sha256 == record["facts"]["statement_sha256"]
    (device,) = document["devices"]
    assert int(device["kid"], 16) == record["facts"]["device"]


def test_envelope_that_names_another_customers_delivery_stays_here(own: Mall):
    dina, carl = a_driver(own, "Dina Diaz"), a_clerk(own, "Carl", own.store)
    run_id, phone = claimed(dina, {}, {"lat": 33.33}), phone_of(dina)
    rows = own.deliveries_of(run_id)
    picked_up(phone, carl.shows(dina, run_id), handles_of(rows))
    assert phone.results()[0]["outcome"] == "applied"

    mine, other = rows
    text = own.app.test_client().get(f"{own.link(mine.id)}/proof").text

    assert "handoff.picked_up" in text
    assert json.loads(text)["devices"] == []
    assert other.handle not in text
    assert verify_proof.verify(text.encode())["holds"]


def test_verifier_is_handed_out_as_it_is_here(app: Flask):
    with app.test_client().get("/verify_proof.py") as answer:
        assert answer.headers["Content-Disposition"] == "attachment; filename=verify_proof.py"
        assert b"def check_chain" in answer.data
