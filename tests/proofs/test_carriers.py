"""The proof of a parcel that a carrier's phone has signed for: checked without any server."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pytest

import verify_proof
from app import keys
from app.domain import tokens
from app.domain.custody_chain import EMPTY_HEAD, canonical, leaf_hash, next_head
from app.domain.visit import BRINGS
from tests.devices import presence_of
from tests.factories import Mall
from tests.inbound import label, opened
from tests.personas import Clerk, Driver, a_driver
from tests.proofs.checking import holds

Document = dict[str, Any]


@pytest.fixture
def dora(mall: Mall) -> Driver:
    return a_driver(mall, "Dora Dean")


@pytest.fixture
def document(hub: Mall, hanna: Clerk, dora: Driver) -> Document:
    """The proof of a parcel that Dora has brought to Hanna's hub."""
    delivery_id = hub.places(parcel_count=1)
    visit_id = opened(dora, hanna)
    answer = hanna.post(
        f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id), visit_id=visit_id
    )
    assert answer.status_code == 200, answer.get_json()
    return json.loads(hub.app.test_client().get(f"{hub.link(delivery_id)}/proof").data)


def retold(document: Document, facts: Mapping[str, Any]) -> Document:
    """Return the proof with other facts of the carrier, by somebody who makes the chain anew."""
    head = EMPTY_HEAD
    events: list[Any] = []
    for event in document["events"]:
        record = json.loads(event["record"])
        if record["type"] == "handoff.taken_in":
            record["facts"] |= facts
        text = canonical(record)
        leaf = leaf_hash(text)
        head = next_head(head, leaf)
        changed = {"record": text.decode(), "leaf": leaf.hex(), "head": head.hex()}
        events.append(event | changed)
    return document | {"events": events}


@pytest.mark.both_engines
def test_carriers_phone_is_checked_with_its_key(document: Document, dora: Driver):
    found = verify_proof.verify(json.dumps(document).encode())

    assert found["holds"], found
    assert "A device of driver or store has signed 1 of them." in found["checks"][0]["words"]
    assert [each["kid"] for each in document["devices"]] == [f"{dora.kid:08x}"]


def test_proof_without_the_phones_key_does_not_hold(document: Document):
    assert not holds(document | {"devices": []})


def test_what_the_phone_did_not_sign_is_found(document: Document, dora: Driver, hub: Mall):
    other = keys.new_private_key()
    token = tokens.parse(presence_of(dora, hub.store.number, [])).token
    collects = presence_of(dora, hub.store.number, ["00112233aabbccdd"])
    forged = tokens.encode(token, keys.sign_es256(other, tokens.signed_bytes(token)))

    assert holds(retold(document, {}))
    for facts in (
        {"presence": forged},
        {"presence": collects},
        {"presence": "MP1:"},
        {"presence": "MP1::::"},
        {"presence": "1Z999"},
        {"presence": None},
        {"phone_kid": dora.kid ^ 1},
    ):
        assert not holds(retold(document, facts)), facts


def test_every_changed_letter_of_the_code_is_found(document: Document):
    (text,) = [
        json.loads(event["record"])["facts"]["presence"]
        for event in document["events"]
        if "handoff.taken_in" in event["record"]
    ]
    for place in range(len(text)):
        other = "0" if text[place] != "0" else "1"
        changed = retold(document, {"presence": text[:place] + other + text[place + 1 :]})
        assert not holds(changed), place


def test_script_and_product_name_nothing_alike():
    assert sha256(b"").digest()[:4] == BRINGS
