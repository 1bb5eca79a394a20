import base64
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checkpoint import Checkpoint, anchor_of, is_anchor, note_of, read_note

ROOT = sha256(b"root").digest()
B64 = base64.b64encode(ROOT).decode()
NOTE = f"mall.example\n42\n{B64}\n"


def test_note_is_origin_size_and_root_on_three_lines():
    assert note_of(Checkpoint("mall.example", 42, ROOT)) == NOTE


@given(
    st.from_regex(r"[a-z0-9.:/-]{1,40}", fullmatch=True),
    st.integers(0, 10**15),
    st.binary(min_size=32, max_size=32),
)
def test_a_note_reads_back_as_it_was_written(origin: str, size: int, root: bytes):
    written = Checkpoint(origin, size, root)

    assert read_note(note_of(written)) == written


@pytest.mark.parametrize(
    "note",
    [
        "",
        NOTE[:-1],
        NOTE + "\n",
        NOTE + "extension\n",
        NOTE.replace("mall.example", ""),
        NOTE.replace("mall.example", "two words"),
        NOTE.replace("mall.example", "a+b"),
        NOTE.replace("42", "042"),
        NOTE.replace("42", "-1"),
        NOTE.replace("42", "٤٢"),
        NOTE.replace(B64, B64[:-5] + "="),
        NOTE.replace("\n", "\r\n"),
    ],
)
def test_any_other_form_is_refused(note: str):
    with pytest.raises(ValueError, match="no checkpoint"):
        read_note(note)


def test_a_root_has_one_spelling():
    # The last character before the sign carries two bits that no byte uses.
    spelled = NOTE.replace(B64, B64[:-2] + chr(ord(B64[-2]) + 1) + "=")

    assert base64.b64decode(spelled.split("\n")[2]) == ROOT
    with pytest.raises(ValueError, match="more than one way"):
        read_note(spelled)


@pytest.mark.parametrize(
    "written",
    [Checkpoint("two words", 1, ROOT), Checkpoint("a", -1, ROOT), Checkpoint("a", 1, ROOT[1:])],
)
def test_what_cannot_stand_in_a_note_is_refused(written: Checkpoint):
    with pytest.raises(ValueError, match="no checkpoint"):
        note_of(written)


def test_anchor_is_the_beginning_of_the_notes_hash():
    assert anchor_of(NOTE) == sha256(NOTE.encode()).hexdigest()[:16]


def test_anchor_has_one_form():
    assert is_anchor(anchor_of(NOTE))
    for text in ("", "0" * 15, "0" * 17, "0" * 15 + "G", "A" * 16, "0" * 16 + "\n"):
        assert not is_anchor(text)
