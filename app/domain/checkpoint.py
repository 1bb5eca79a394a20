"""A checkpoint: what the log was at one instant, as a text that is signed and an anchor to it.

The text is a C2SP `tlog-checkpoint` without its signature lines: origin, size and base64 root, each
on a line of its own. The anchor is what tokens, statements and receipts carry of it: eight bytes
that nobody can know before the checkpoint exists, and that bind the server to the whole log.

Source: c2sp.org/tlog-checkpoint v1; handoff protocol MP1, "Tokens" and "Tamper-evident log".
"""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

#: Leaves after which a checkpoint is made, however young the one before; none adds more.
LEAVES_MAX: Final = 1000
#: Seconds between checkpoints while there is something to add.
EVERY_S: Final = 60

_ANCHOR_BYTES: Final = 8
#: Spaces and plus signs would end an origin within a signature line.
_ANCHOR: Final = re.compile(r"[0-9a-f]{16}")
_FORM: Final = re.compile(r"([^\s+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log of one origin: how many leaves it has and their root."""

    origin: str
    size: int
    root: bytes


def note_of(checkpoint: Checkpoint) -> str:
    """Return the text that is signed.

    Raises:
        ValueError: On an origin that cannot stand in a note, and on a root that is none.
    """
    root = base64.b64encode(checkpoint.root).decode()
    note = f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"
    read_note(note)
    return note


def read_note(note: str) -> Checkpoint:
    """Return what a note says.

    Raises:
        ValueError: When it is not exactly in the form that `note_of` writes.
    """
    form = _FORM.fullmatch(note)
    if form is None:
        raise ValueError("no checkpoint")
    origin, size, root = form.groups()
    raw = base64.b64decode(root, validate=True)
    if base64.b64encode(raw).decode() != root:
        raise ValueError("a root is written in more than one way")
    return Checkpoint(origin, int(size), raw)


def anchor_of(note: str) -> str:
    """Return the anchor to a checkpoint: eight bytes of the note's SHA-256 as hex."""
    return sha256(note.encode()).digest()[:_ANCHOR_BYTES].hex()


def is_anchor(text: str) -> bool:
    """Tell whether a text could be an anchor."""
    return _ANCHOR.fullmatch(text) is not None
