#!/usr/bin/env python3
"""Check a delivery's proof without any server.

    python3 verify_proof.py proof.json
    python3 verify_proof.py proof.json --key 04ab… --anchor 9f86d081884c7d65

The proof is the file that a delivery's custody page offers for download. This script needs Python
3.9 or newer and the package `cryptography`; nothing of Mallrun, and no connection.

What is checked, in this order:

1. Each record has the hash (leaf) that stands for it, and is about this delivery. Where a phone or
   tablet has signed what happened, the record names exactly that, and the signature holds. Where
   a carrier's phone was scanned, the record holds its code, and that phone has signed it.
2. The events follow one another without a gap, and each head is made of the head before it.
3. Each event that a checkpoint covers is in the tree that the checkpoint signs.
4. The checkpoint is signed by the server's key; with --key, by that very key.
5. With --anchor, what somebody noted down earlier is a beginning of what this file says. An anchor
   (16 digits) names a checkpoint: download the proof with ?anchor= and it at the end of the
   address. A head (64 digits) names the newest event at that time, and shows if that is gone.

A changed, missing or inserted byte breaks one of them. Ends with status 0 when everything holds,
with 1 when something does not, with 2 when it was called wrongly.

Source: handoff protocol MP1, "Tamper-evident log"; RFC 6962, section 2.1; RFC 9162, section
2.1.3.2; c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

VERSION = 1
EMPTY_HEAD = bytes(32)
# Each kind of hash begins with its own byte, so that none can pass for another.
LEAF, NODE, HEAD = b"\x00", b"\x01", b"\x02"

#: Of the codes that phones and tablets show: a phone's own, with which a carrier signs.
PRESENCE, PRESENCE_BYTES = 0x11, 97
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

#: Every value has one spelling only, so that not even a letter's case can be changed unseen.
HASH = re.compile(r"[0-9a-f]{64}")
HANDLE = re.compile(r"[0-9a-f]{16}")
KID = re.compile(r"[0-9a-f]{8}")
POINT = re.compile(r"04[0-9a-f]{128}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")
NOTE = re.compile(r"([^\s+]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")
ANCHOR = re.compile(r"[0-9a-f]{16}|[0-9a-f]{64}")


class BrokenError(Exception):
    """Something does not hold; the message says what, in words."""


# --- What is in a proof


@dataclass(frozen=True)
class Checkpoint:
    """What the server signed; an earlier one comes with its path to the newest."""

    note: str
    kid: str
    signature: bytes
    path: tuple[bytes, ...]
    origin: str
    size: int
    root: bytes

    @property
    def anchor(self) -> str:
        """What devices and people note down of it."""
        return sha256(self.note.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Event:
    """One event; the record of one that the reader may not see is None.

    The envelope is what a device signed about it: JSON in compact JWS form, or None.
    """

    number: int
    record: str | None
    leaf: bytes
    head: bytes
    position: int | None
    path: tuple[bytes, ...]
    envelope: str | None

    @property
    def name(self) -> str:
        """For people: "Event 3 (handoff.picked_up)". The type is shown here, not believed."""
        found = re.search(r'"type":"([a-z._]{1,40})"', self.record or "")
        return f"Event {self.number} ({found[1]})" if found else f"Event {self.number}"


@dataclass(frozen=True)
class Proof:
    """A whole proof."""

    delivery: str
    keys: dict[str, bytes]
    devices: dict[str, bytes]
    checkpoint: Checkpoint | None
    earlier: Checkpoint | None
    events: tuple[Event, ...]


# --- Reading: exactly the members that belong there


def read(content: bytes) -> Proof:
    """Read a proof; believe nothing of it yet."""
    try:
        found = json.loads(content.decode(), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        raise BrokenError("This file is not a proof: it is not JSON.") from None
    names = ("v", "delivery", "server_keys", "devices", "checkpoint", "earlier", "events")
    members = _members(found, *names)
    if type(members["v"]) is not int or members["v"] != VERSION:
        raise BrokenError("This file is a proof of another version than this script knows.")
    checkpoint, earlier = members["checkpoint"], members["earlier"]
    events = [_event(each, place) for place, each in enumerate(_list(members["events"]))]
    if not events:
        raise BrokenError("The proof has no events.")
    return Proof(
        delivery=_text(members["delivery"], HANDLE),
        keys=_keys(members["server_keys"]),
        devices=_keys(members["devices"]),
        checkpoint=None if checkpoint is None else _checkpoint(checkpoint),
        earlier=None if earlier is None else _checkpoint(earlier, "path"),
        events=tuple(events),
    )


def _keys(found: object) -> dict[str, bytes]:
    keys = [_members(each, "kid", "public_key") for each in _list(found)]
    by_kid = {_text(each["kid"], KID): _hex(each["public_key"], POINT) for each in keys}
    if len(by_kid) != len(keys):
        raise BrokenError("Two keys in the file have one number.")
    return by_kid


def _checkpoint(found: object, *more: str) -> Checkpoint:
    members = _members(found, "note", "kid", "signature", *more)
    note = _text(members["note"], NOTE)
    origin, size, root = note.rstrip("\n").split("\n")
    return Checkpoint(
        note=note,
        kid=_text(members["kid"], KID),
        signature=_hex(members["signature"], SIGNATURE),
        path=_path(members["path"]) if more else (),
        origin=origin,
        size=int(size),
        root=base64.b64decode(root),
    )


def _event(found: object, place: int) -> Event:
    members = _members(found, "record", "leaf", "head", "position", "path", "envelope")
    record, position, envelope = members["record"], members["position"], members["envelope"]
    if not (record is None or isinstance(record, str)):
        raise BrokenError("A record in the file is not a text.")
    if not (envelope is None or isinstance(envelope, str)):
        raise BrokenError("A signed statement in the file is not a text.")
    if not (position is None or type(position) is int):
        raise BrokenError("A position in the file is not a number.")
    if (position is None) != (members["path"] is None):
        raise BrokenError("A path in the file has no position, or a position no path.")
    return Event(
        number=place + 1,
        record=record,
        leaf=_hex(members["leaf"], HASH),
        head=_hex(members["head"], HASH),
        position=position,
        path=() if position is None else _path(members["path"]),
        envelope=envelope,
    )


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BrokenError("The file says something twice.")
    return found


def _members(found: object, *names: str) -> dict[str, object]:
    if not isinstance(found, dict) or set(cast("dict[str, object]", found)) != set(names):
        raise BrokenError(f"A part of the file should have exactly: {', '.join(names)}.")
    return cast("dict[str, object]", found)


def _list(found: object) -> list[object]:
    if not isinstance(found, list):
        raise BrokenError("A part of the file should be a list.")
    return cast("list[object]", found)


def _text(found: object, form: re.Pattern[str]) -> str:
    if not isinstance(found, str) or form.fullmatch(found) is None:
        raise BrokenError("A value in the file does not have the right form.")
    return found


def _hex(found: object, form: re.Pattern[str]) -> bytes:
    return bytes.fromhex(_text(found, form))


def _path(found: object) -> tuple[bytes, ...]:
    return tuple(_hex(each, HASH) for each in _list(found))


# --- Checking: each returns what holds, in words, or raises


def check_records(proof: Proof) -> str:
    """Hold every record to its leaf, to this delivery and to its place."""
    signers = [_check_event(event, proof) for event in proof.events]
    if set(proof.devices) != set(signers) - {None}:
        raise BrokenError("The file brings a device's key along that has signed nothing in it.")
    shown = sum(event.record is not None for event in proof.events)
    hidden, signed = len(proof.events) - shown, len(signers) - signers.count(None)
    words = f"{_counted(shown, 'record')} of this delivery, each as it was when it was written"
    words += f"; of {hidden} more you get the hashes only." if hidden else "."
    by_devices = f" A device of driver or store has signed {signed} of them."
    return words + (by_devices if signed else "")


def _check_event(event: Event, proof: Proof) -> str | None:
    """Check an event by itself; return the number of the device that signed what it is about."""
    if event.record is None:
        if event.envelope is not None:
            raise BrokenError(f"{event.name}: it has a signed statement, but no record.")
        return None
    members = _check_record(event, event.record, proof.delivery)
    facts = members.get("facts")
    named = cast("dict[str, object]", facts) if isinstance(facts, dict) else {}
    if event.envelope is not None:
        return _check_envelope(event, event.envelope, named, proof)
    return _check_presence(event, named, proof) if "presence" in named else None


def _check_record(event: Event, record: str, delivery: str) -> dict[str, object]:
    if sha256(LEAF + record.encode("utf-8", "surrogatepass")).digest() != event.leaf:
        raise BrokenError(f"{event.name}: its text is not the one that was recorded.")
    try:
        said = json.loads(record, object_pairs_hook=_without_repeats)
    except ValueError:
        raise BrokenError(f"{event.name}: its record cannot be read.") from None
    members = cast("dict[str, object]", said) if isinstance(said, dict) else {}
    if members.get("delivery") != delivery:
        raise BrokenError(f"{event.name}: it is about another delivery.")
    if type(members.get("seq")) is not int or members["seq"] != event.number - 1:
        raise BrokenError(f"{event.name}: its place is another; an event is missing or moved.")
    return members


def _check_envelope(event: Event, envelope: str, named: dict[str, object], proof: Proof) -> str:
    if sha256(envelope.encode("utf-8", "surrogatepass")).hexdigest() != named.get(
        "statement_sha256"
    ):
        raise BrokenError(f"{event.name}: what a device signed is not what the record names.")
    signed, _, signature = envelope.rpartition(".")
    try:
        header, payload = (json.loads(_unpadded(part)) for part in signed.split("."))
        kid, algorithm, about = header["kid"], header["alg"], payload["deliveries"]
        is_right = algorithm == "ES256" and proof.delivery in about
        is_right = is_right and int(kid, 16) == named.get("device")
        point, raw = proof.devices[kid], _unpadded(signature)
    except (ValueError, KeyError, TypeError):
        raise BrokenError(f"{event.name}: what a device signed cannot be read.") from None
    if not is_right or not _is_signed(point, raw, signed.encode()):
        raise BrokenError(f"{event.name}: the signature of the device does not hold.")
    return str(kid)


def _check_presence(event: Event, named: dict[str, object], proof: Proof) -> str:
    """Check the code of a carrier's phone: "I am at this counter, and I take nothing away"."""
    try:
        raw = _base45(str(named["presence"]))
        kid, (signed, signature) = raw[1:5], (raw[:-64], raw[-64:])
        is_right = len(raw) == PRESENCE_BYTES and raw[0] == PRESENCE
        is_right = is_right and signed[-4:] == sha256(b"").digest()[:4]
        is_right = is_right and int.from_bytes(kid, "big") == named.get("phone_kid")
        point = proof.devices[kid.hex()]
    except (ValueError, KeyError, IndexError):
        raise BrokenError(
            f"{event.name}: the code of the carrier's phone cannot be read."
        ) from None
    if not is_right or not _is_signed(point, signature, b"MP1\0" + signed):
        raise BrokenError(f"{event.name}: the signature of the carrier's phone does not hold.")
    return kid.hex()


def _base45(text: str) -> bytes:
    """Return what a code of ours says: `MP1:` and Base45 (RFC 9285)."""
    if not text.startswith("MP1:"):
        raise ValueError("not a code of ours")
    digits = [BASE45.index(each) for each in text[4:]]
    found = bytearray()
    for place in range(0, len(digits), 3):
        part = digits[place : place + 3]
        value = sum(digit * 45**power for power, digit in enumerate(part))
        try:
            found += value.to_bytes(len(part) - 1, "big")
        except OverflowError:
            raise ValueError("not Base45") from None
    return bytes(found)


def _unpadded(text: str) -> bytes:
    """Return what base64url without padding says."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_chain(proof: Proof) -> str:
    """Hold every head to the head before it."""
    head = EMPTY_HEAD
    for event in proof.events:
        head = sha256(HEAD + head + event.leaf).digest()
        if head != event.head:
            raise BrokenError(f"{event.name}: it does not follow from the events before it.")
    return f"They follow one another without a gap, up to head {head.hex()}."


def check_inclusion(proof: Proof) -> str:
    """Hold every event that the checkpoint covers to the checkpoint's root."""
    covered = [event for event in proof.events if event.position is not None]
    tree = proof.checkpoint
    if tree is None:
        if covered:
            raise BrokenError("There is no checkpoint, and events claim a place in one.")
        return "No checkpoint covers them yet; the next one is made within a minute or so."
    for event in covered:
        if root_by_inclusion(event, tree.size) != tree.root:
            raise BrokenError(f"{event.name}: it is not in the signed log.")
    if len({event.position for event in covered}) != len(covered):
        raise BrokenError("Two events claim one place in the log.")
    waiting = len(proof.events) - len(covered)
    rest = f" {_counted(waiting, 'event')} will be in the next checkpoint." if waiting else ""
    log = f"the log of {tree.origin} when it had {_counted(tree.size, 'event')}"
    return f"{_counted(len(covered), 'event')} of this delivery were in {log}.{rest}"


def check_signatures(proof: Proof, pinned: bytes | None) -> str:
    """Hold the checkpoints to the server's key, or to the one that was given."""
    newest = proof.checkpoint
    if newest is None:
        if proof.earlier is not None or pinned is not None:
            raise BrokenError("There is no checkpoint yet, so nothing is signed.")
        return "Nothing is signed yet."
    for checkpoint in (newest, proof.earlier):
        if checkpoint is not None:
            _check_signature(checkpoint, proof.keys.get(checkpoint.kid), pinned)
    if pinned is not None:
        return "The checkpoint is signed by the key that you gave."
    key = proof.keys[newest.kid].hex()
    return f"The checkpoint is signed by the key that this file brings along: {key}"


def _check_signature(
    checkpoint: Checkpoint, public_key: bytes | None, pinned: bytes | None
) -> None:
    if public_key is None:
        raise BrokenError("The key that signed a checkpoint is not in the file.")
    if pinned not in (None, public_key):
        raise BrokenError("A checkpoint is signed by another key than the one that you gave.")
    if not _is_signed(public_key, checkpoint.signature, checkpoint.note.encode()):
        raise BrokenError("The signature of a checkpoint does not hold.")


def _is_signed(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an ES256 signature, r and s of 32 bytes each, holds."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public_key)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return len(signature) == 64


def check_beginning(proof: Proof, noted: str | None) -> str | None:
    """Hold the log to its earlier checkpoint, and both to what was noted down outside."""
    if proof.earlier is not None and not _is_beginning(proof.earlier, proof.checkpoint):
        raise BrokenError("The earlier checkpoint is not a beginning of the present log.")
    if noted is None:
        return None
    if len(noted) == len(EMPTY_HEAD.hex()):
        return _found_head(proof, noted)
    known = [each.anchor for each in (proof.checkpoint, proof.earlier) if each is not None]
    if noted not in known:
        raise BrokenError(
            "The anchor that you noted is not in this file. Download the proof again with ?anchor="
            " and it. If it is missing even then, this log is not the one that you saw."
        )
    return "The log that you noted is a beginning of this one: nothing in it was changed."


def _found_head(proof: Proof, noted: str) -> str:
    for event in proof.events:
        if event.head.hex() == noted:
            return f"The head that you noted is that of event {event.number}: none before is gone."
    raise BrokenError("The head that you noted is not in this chain: an event is gone or changed.")


def _is_beginning(old: Checkpoint, new: Checkpoint | None) -> bool:
    if new is None or not 0 < old.size <= new.size:
        return False
    rest = list(old.path)
    try:
        sums = both_roots(old.size, new.size, rest, old.root)
    except IndexError:
        return False
    return not rest and sums == (old.root, new.root)


# --- The tree


def root_by_inclusion(event: Event, size: int) -> bytes | None:
    """Return the root that an event's path leads to, or None when it cannot be one."""
    here, last, root = event.position or 0, size - 1, event.leaf
    if not 0 <= here < size:
        return None
    for sibling in event.path:
        if not last:
            return None
        if here & 1 or here == last:
            root = _node(sibling, root)
            # A node at the right edge has no sibling of its own until it is a right child.
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            root = _node(root, sibling)
        here, last = here >> 1, last >> 1
    return None if last else root


def both_roots(old: int, size: int, rest: list[bytes], whole: bytes | None) -> tuple[bytes, bytes]:
    """Return the old and the new root of a subtree, taking the path's hashes from its end."""
    if old == size:
        same = rest.pop() if whole is None else whole
        return same, same
    sibling, split = rest.pop(), 1 << (size - 1).bit_length() - 1
    if old <= split:
        left = both_roots(old, split, rest, whole)
        return left[0], _node(left[1], sibling)
    right = both_roots(old - split, size - split, rest, None)
    return _node(sibling, right[0]), _node(sibling, right[1])


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()


# --- Saying


def verify(content: bytes, *, noted: str | None = None, key: str | None = None) -> dict[str, Any]:
    """Return `{holds, checks: [{holds, words}]}`; it ends with the first that does not hold."""
    pinned = bytes.fromhex(key) if key is not None else None
    checks: list[dict[str, Any]] = []
    try:
        proof = read(content)
        steps: tuple[Callable[[], str | None], ...] = (
            lambda: check_records(proof),
            lambda: check_chain(proof),
            lambda: check_inclusion(proof),
            lambda: check_signatures(proof, pinned),
            lambda: check_beginning(proof, noted),
        )
        for step in steps:
            words = step()
            if words is not None:
                checks.append({"holds": True, "words": words})
    except BrokenError as broken:
        checks.append({"holds": False, "words": str(broken)})
    return {"holds": checks[-1]["holds"], "checks": checks}


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _given(form: re.Pattern[str], what: str) -> Callable[[str], str]:
    def value(text: str) -> str:
        found = text.strip().lower()
        if form.fullmatch(found) is None:
            raise argparse.ArgumentTypeError(f"should be {what}")
        return found

    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file that is named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("proof", type=Path, help="the downloaded file")
    anchor = _given(ANCHOR, "16 or 64 hex digits")
    parser.add_argument("--anchor", type=anchor, help="what you noted down: an anchor or a head")
    key = _given(POINT, "130 hex digits that begin with 04")
    parser.add_argument("--key", type=key, help="the server's public key, from where you trust it")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    given = parser.parse_args(arguments)
    try:
        content = given.proof.read_bytes()
    except OSError as error:
        parser.error(f"{given.proof} cannot be read: {error.strerror}")
    found = verify(content, noted=given.anchor, key=given.key)
    if given.json:
        print(json.dumps(found, indent=2))
        return 0 if found["holds"] else 1
    for check in found["checks"]:
        print("ok" if check["holds"] else "NO", "", check["words"])
    print("The proof holds." if found["holds"] else "The proof does NOT hold.")
    return 0 if found["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
