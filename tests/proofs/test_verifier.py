"""The stand-alone script: it holds for a real proof and for nothing else."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import verify_proof
from app import keys
from app.domain.checkpoint import Checkpoint, anchor_of, note_of
from app.domain.custody_chain import EMPTY_HEAD, leaf_hash, merkle_root, next_head
from tests.proofs.conftest import Story

SCRIPT = Path(verify_proof.__file__)


def run(folder: Path, content: bytes, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the script on a file, without anything of the product to import."""
    file = folder / "proof.json"
    file.write_bytes(content)
    command = [sys.executable, "-I", str(SCRIPT), str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


def holds(content: bytes | dict[str, Any], **given: str) -> bool:
    """Ask the script as a module: a process for each of some thousand questions takes too long."""
    if isinstance(content, dict):
        content = json.dumps(content).encode()
    return verify_proof.verify(content, **given)["holds"]


def test_real_proof_holds_without_a_server(story: Story, tmp_path: Path):
    found = run(tmp_path, story.proof())

    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.endswith("The proof holds.\n")
    assert "of 3 more you get the hashes only" in found.stdout


def test_earlier_proof_with_a_waiting_event_holds(story: Story, tmp_path: Path):
    found = run(tmp_path, story.early)

    assert found.returncode == 0
    assert "1 event will be in the next checkpoint" in found.stdout


def test_proof_before_the_first_checkpoint_holds_and_says_so(story: Story):
    document = json.loads(story.early) | {"checkpoint": None}
    for event in document["events"]:
        event |= {"position": None, "path": None}

    found = verify_proof.verify(json.dumps(document).encode())

    assert found["holds"]
    assert "Nothing is signed yet." in [check["words"] for check in found["checks"]]
    assert not holds(document, key=story.mall.keys.server_public.hex())


def test_answer_as_json(story: Story, tmp_path: Path):
    found = run(tmp_path, story.proof(), "--json")

    answer = json.loads(found.stdout)
    assert answer["holds"] is True
    assert [set(check) for check in answer["checks"]] == [{"holds", "words"}] * 4


def places(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every member: `events/3/path/0`."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for name, each in inside:
        here = f"{path}/{name}".lstrip("/")
        if isinstance(each, dict | list):
            yield from places(each, here)
        elif each is not None:
            yield here


def flipped(document: dict[str, Any], place: str) -> dict[str, Any]:
    """Return a copy with one bit of one member turned, in the middle of its text."""
    copy = json.loads(json.dumps(document))
    *way, last = place.split("/")
    inside: Any = copy
    for step in way:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    key: Any = int(last) if isinstance(inside, list) else last
    value = inside[key]
    if isinstance(value, int):
        inside[key] = value ^ 1
    else:
        middle = len(value) // 2
        inside[key] = f"{value[:middle]}{chr(ord(value[middle]) ^ 1)}{value[middle + 1 :]}"
    return copy


def test_flip_in_any_member_is_found(story: Story):
    (anchor, *_rest) = story.anchors()
    document = story.document(f"?anchor={anchor}")
    members = list(places(document))

    unnoticed = [place for place in members if holds(flipped(document, place))]

    assert len(members) > 60
    assert unnoticed == []


@pytest.mark.slow
def test_flip_in_each_kind_of_member_ends_the_script_with_one(story: Story, tmp_path: Path):
    document = story.document(f"?anchor={story.anchors()[0]}")
    kinds = {
        place.translate(str.maketrans("", "", "0123456789")): place for place in places(document)
    }

    for place in kinds.values():
        found = run(tmp_path, json.dumps(flipped(document, place)).encode())
        assert (found.returncode, found.stderr) == (1, ""), place
        assert found.stdout.endswith("The proof does NOT hold.\n")


def test_flip_of_any_byte_of_the_file_is_found(story: Story):
    content = story.proof()
    step = 3  # Every third byte, and each bit in turn: the whole of it is as slow as it is dull.

    unnoticed = [
        (place, bit)
        for bit, place in enumerate(range(0, len(content) - 1, step))
        if holds(with_bit_turned(content, place, bit % 7))
    ]

    # Beside the values there is nothing but punctuation, and a line's end that means nothing.
    assert unnoticed == []


def with_bit_turned(content: bytes, place: int, bit: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]


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


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"v":1,"v":1}', b'{"v":true}'],
)
def test_what_is_no_proof_is_said_to_be_none(content: bytes, tmp_path: Path):
    found = run(tmp_path, content)

    assert (found.returncode, found.stderr) == (1, "")


def test_missing_file_and_odd_options_are_explained(tmp_path: Path):
    for options in (["nothing.json"], ["x", "--anchor", "zz"], ["x", "--key", "04"], []):
        command = [sys.executable, "-I", str(SCRIPT), *options]
        found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert (found.returncode, found.stdout) == (2, "")
        assert "usage:" in found.stderr


def test_script_needs_no_newer_python_than_it_says():
    ast.parse(SCRIPT.read_text(), feature_version=(3, 9))


def test_anchor_is_computed_as_the_product_does(story: Story):
    note = story.document()["checkpoint"]["note"]

    checkpoint = verify_proof.read(story.proof()).checkpoint

    assert checkpoint is not None
    assert checkpoint.anchor == anchor_of(note)
