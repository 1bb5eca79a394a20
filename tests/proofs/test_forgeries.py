"""Whole events, keys and logs exchanged by somebody who knows how it works: found all the same."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import verify_proof
from app import keys
from app.domain.checkpoint import Checkpoint, note_of
from app.domain.custody_chain import EMPTY_HEAD, canonical, leaf_hash, merkle_root, next_head
from tests.personas import base64url
from tests.proofs.checking import holds, run
from tests.proofs.conftest import Story


class TestWholeEvents:
    def test_missing_event_in_the_middle_is_found(self, story: Story):
        document = story.document()
        for gone in range(len(document["events"]) - 1):
            rest = [each for place, each in enumerate(document["events"]) if place != gone]
            assert not holds(document | {"events": rest})

    def test_swapped_events_are_found(self, story: Story):
        document = story.document()
        for place in range(len(document["events"]) - 1):
            events = list(document["events"])
            events[place], events[place + 1] = events[place + 1], events[place]
            assert not holds(document | {"events": events})

    def test_repeated_event_is_found(self, story: Story):
        document = story.document()
        assert not holds(document | {"events": [*document["events"], document["events"][-1]]})

    def test_deleted_newest_event_is_found_by_who_noted_its_head(self, story: Story):
        document = story.document()
        head = document["events"][-1]["head"]
        cut = document | {"events": document["events"][:-1]}

        assert holds(document, noted=head)
        assert holds(cut)
        assert not holds(cut, noted=head)

    def test_rewritten_history_of_one_delivery_is_not_in_the_signed_log(self, story: Story):
        document = story.document()
        head = EMPTY_HEAD
        for event in document["events"]:
            if event["record"]:
                event["record"] = event["record"].replace("refused", "unsafe")
                event["leaf"] = leaf_hash(event["record"].encode()).hex()
            head = next_head(head, bytes.fromhex(event["leaf"]))
            event["head"] = head.hex()

        found = verify_proof.verify(json.dumps(document).encode())

        assert not found["holds"]
        assert "not in the signed log" in found["checks"][-1]["words"]


class TestNoted:
    def test_head_of_an_earlier_proof_is_in_the_later_one(self, story: Story, tmp_path: Path):
        head = json.loads(story.early)["events"][-1]["head"]

        found = run(tmp_path, story.proof(), "--anchor", head.upper())

        assert found.returncode == 0
        assert "none before is gone" in found.stdout

    def test_anchor_of_an_earlier_checkpoint_is_a_beginning(self, story: Story, tmp_path: Path):
        for anchor in story.anchors():
            found = run(tmp_path, story.proof(f"?anchor={anchor}"), "--anchor", anchor)
            assert found.returncode == 0, found.stdout

    def test_anchor_that_was_not_asked_for_says_how_to_ask(self, story: Story, tmp_path: Path):
        found = run(tmp_path, story.proof(), "--anchor", story.anchors()[0])

        assert found.returncode == 1
        assert "?anchor=" in found.stdout

    def test_checkpoint_of_another_log_is_no_beginning(self, story: Story):
        document = story.document()
        other = forged_checkpoint(story, merkle_root([bytes(32)]), size=1)

        assert not holds(document | {"earlier": other | {"path": []}})

    def test_path_that_proves_no_beginning_is_found(self, story: Story):
        document = story.document(f"?anchor={story.anchors()[0]}")
        for path in ([], document["earlier"]["path"][:-1], document["earlier"]["path"] * 2):
            assert not holds(document | {"earlier": document["earlier"] | {"path": path}})


def forged_checkpoint(story: Story, root: bytes, size: int) -> dict[str, str]:
    """Sign a checkpoint by the server's own key, for another history."""
    note = note_of(Checkpoint("127.0.0.1:8765", size, root))
    signature = story.mall.keys.sign(note.encode())
    return {"note": note, "kid": "000000a1", "signature": signature.hex()}


class TestDevices:
    def signed(self, story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the document, and its event that a device has signed."""
        document = story.document()
        (event,) = [each for each in document["events"] if each["envelope"]]
        return document, event

    def test_statement_that_was_signed_is_said(self, story: Story, tmp_path: Path):
        found = run(tmp_path, story.proof())

        assert "A device of driver or store has signed 1 of them." in found.stdout

    def test_another_envelope_than_the_records_is_found(self, story: Story):
        for envelope in ("", "a.b.c", "é", "\ud800"):
            document, event = self.signed(story)
            event["envelope"] = envelope
            assert not holds(document)

    def test_envelope_without_its_record_is_found(self, story: Story):
        document, event = self.signed(story)
        event["record"] = None
        assert not holds(document)

    def test_key_of_another_device_is_found(self, story: Story):
        document, _event = self.signed(story)
        other = keys.public_bytes(keys.new_private_key()).hex()
        document["devices"][0]["public_key"] = other
        assert not holds(document)
        assert not holds(document | {"devices": []})

    def test_key_that_signed_nothing_is_found(self, story: Story):
        document, event = self.signed(story)
        event["envelope"] = None
        assert not holds(document)
        assert holds(document | {"devices": []})

    def test_envelope_of_somebody_elses_making_is_found_even_if_the_record_names_it(
        self, story: Story
    ):
        document, event = self.signed(story)
        record = json.loads(event["record"])
        signed, _, _signature = event["envelope"].rpartition(".")
        forged = f"{signed}.{base64url(bytes(range(64)))}"
        record["facts"]["statement_sha256"] = sha256(forged.encode()).hexdigest()
        event |= {"envelope": forged, "record": canonical(record).decode()}
        event["leaf"] = leaf_hash(event["record"].encode()).hex()

        found = verify_proof.verify(json.dumps(document).encode())

        assert "the signature of the device does not hold" in found["checks"][-1]["words"]


class TestKey:
    def test_the_servers_key_is_accepted(self, story: Story, tmp_path: Path):
        key = story.mall.keys.server_public.hex()

        found = run(tmp_path, story.proof(), "--key", key)

        assert found.returncode == 0
        assert "the key that you gave" in found.stdout

    def test_log_signed_by_somebody_else_fails_only_for_who_knows_the_key(self, story: Story):
        document, mallorys = story.document(), keys.new_private_key()
        note = document["checkpoint"]["note"].encode()
        document["checkpoint"]["signature"] = keys.sign_es256(mallorys, note).hex()
        document["server_keys"][0]["public_key"] = keys.public_bytes(mallorys).hex()

        assert holds(document)
        assert not holds(document, key=story.mall.keys.server_public.hex())

    @pytest.mark.parametrize("change", [{"server_keys": []}, {"checkpoint": None}])
    def test_key_or_checkpoint_that_is_missing_is_found(self, story: Story, change):
        assert not holds(story.document() | change)

    def test_two_keys_of_one_number_are_refused(self, story: Story):
        document = story.document()
        assert not holds(document | {"server_keys": document["server_keys"] * 2})

    def test_key_that_is_no_point_is_refused(self, story: Story):
        document = story.document()
        document["server_keys"][0]["public_key"] = "04" + "11" * 64
        assert not holds(document)
