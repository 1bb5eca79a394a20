"""The stand-alone script: it holds for a real proof, and no bit of it can be turned."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import verify_proof
from app.domain.checkpoint import anchor_of
from tests.proofs.checking import SCRIPT, holds, run
from tests.proofs.conftest import Story


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


def test_script_and_custody_page_are_held_to_the_same_vectors():
    vectors = json.loads((Path(__file__).parents[1] / "vectors" / "proof.json").read_text())
    early, whole = vectors["early"].encode(), vectors["proof"].encode()
    head = json.loads(early)["events"][-1]["head"]

    assert holds(early, key=vectors["key"])
    for noted in (vectors["anchor"], head):
        assert holds(whole, key=vectors["key"], noted=noted)


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
