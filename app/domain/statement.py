"""What a device states about a handoff, and the strict reading of it.

The members and their ranges are the wire form; `frontend/lib/statement.ts` writes the same. Source:
handoff protocol MP1, "Event envelope".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from app.domain.strict_json import MAX_INTEGER, Members

MAX_STATED_DELIVERIES: Final = 20
MAX_PARCELS: Final = 20
MAX_EVIDENCE: Final = 40
MAX_SHOWN: Final = 200
#: The longest scanned text that a reader of codes looks at.
MAX_TEXT: Final = 600

_UUID7: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ACTOR: Final = re.compile(r"(?:per|clk)_[a-z2-7]{26}")
_SCANNED: Final = re.compile(rf"(?s).{{1,{MAX_TEXT}}}")
_U32: Final = 2**32 - 1
_LATEST_MS: Final = 2**42


class StatementType(StrEnum):
    """What a device can state."""

    PICKED_UP = "handoff.picked_up"
    RELEASED = "handoff.released"
    DELIVERED = "handoff.delivered"
    FAILED = "handoff.failed"
    RETURNED = "handoff.returned"
    CORRECTION = "correction"


#: Kinds of evidence that carry the text of a code, and those that say all by their name.
CODES: Final = frozenset({"release_code", "presence", "ticket", "customer_code", "label"})
_KINDS: Final = CODES | {"short_code", "photo", "pin", "assertion", "none", "manager_code"}
COMMITTED: Final = frozenset({"geo", "pin", "note", "manager_code"})
REASONS: Final = frozenset(
    {"nobody_home", "wrong_address", "refused", "damaged", "unsafe", "other"}
)


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence: its kind, and a code's text, six characters or a photo's SHA-256."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """What the device knew of its own clock.

    Attributes:
        offset_ms: Server's time less the device's, as last learned.
        sync_age_s: Seconds since it was learned.
        jump: The clock was moved by hand since then.
    """

    offset_ms: int
    sync_age_s: int
    jump: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an envelope says. Hex is lower case; handles are 16 digits, commitments 64."""

    event_id: str
    type: StatementType
    parcels: Mapping[str, int]
    occurred_at: datetime
    clock: DeviceClock
    anchor: str
    device: int
    seq: int
    prev: str
    assignment_epoch: int | None
    actor_id: str
    is_online: bool
    evidence: tuple[EvidenceItem, ...]
    shown: tuple[str, ...]
    reason: str | None
    commitments: Mapping[str, str]
    refers_to: str | None

    def texts(self, kind: str) -> list[str]:
        """Return the texts of one kind of evidence, in order."""
        return [item.text for item in self.evidence if item.kind == kind]

    def has(self, kind: str) -> bool:
        """Tell whether some evidence is of this kind."""
        return any(item.kind == kind for item in self.evidence)


def read_statement(members: Members) -> Statement:
    """Take a payload apart.

    Raises:
        ValueError: For a member that is missing, unknown or out of its range.
    """
    members.integer("v", 1, 1)
    who = members.object("actor")
    read = Statement(
        event_id=members.text("event_id", _UUID7),
        type=StatementType(members.take("type")),
        parcels=_parcels(members),
        occurred_at=datetime.fromtimestamp(
            members.integer("occurred_at", 0, _LATEST_MS) / 1000, UTC
        ),
        clock=_clock(members.object("clock")),
        anchor=members.hex("anchor", 16),
        device=members.integer("device", 1, _U32),
        seq=members.integer("seq", 1),
        prev=members.hex("prev", 64),
        assignment_epoch=members.integer("assignment_epoch", 0, 2**16 - 1)
        if "assignment_epoch" in members
        else None,
        actor_id=who.text("id", _ACTOR),
        is_online=who.choice("auth", frozenset({"online", "offline"})) == "online",
        evidence=tuple(_evidence(each) for each in members.objects("evidence", MAX_EVIDENCE)),
        shown=members.hexes("shown", 16, MAX_SHOWN) if "shown" in members else (),
        reason=members.choice("reason", REASONS) if "reason" in members else None,
        commitments=_commitments(members),
        refers_to=members.text("refers_to", _UUID7) if "refers_to" in members else None,
    )
    who.end()
    members.end()
    return read


def _parcels(members: Members) -> Mapping[str, int]:
    handles = members.hexes("deliveries", 16, MAX_STATED_DELIVERIES)
    counts = members.object("parcels")
    if not handles:
        raise ValueError("deliveries")
    read = {each: counts.integer(each, 1, MAX_PARCELS) for each in handles}
    counts.end()
    return read


def _clock(members: Members) -> DeviceClock:
    read = DeviceClock(
        members.integer("offset_ms", -MAX_INTEGER),
        members.integer("sync_age_s"),
        members.flag("jump"),
    )
    members.end()
    return read


def _evidence(members: Members) -> EvidenceItem:
    kind = members.choice("kind", _KINDS)
    text = ""
    if kind in CODES or kind == "short_code":
        text = members.text("text", _SCANNED)
    elif kind == "photo":
        text = members.hex("sha256", 64)
    members.end()
    return EvidenceItem(kind, text)


def _commitments(members: Members) -> Mapping[str, str]:
    if "commitments" not in members:
        return {}
    given = members.object("commitments")
    names = given.names()
    if not COMMITTED.issuperset(names):
        raise ValueError("commitments")
    return {name: given.hex(name, 64) for name in names}
