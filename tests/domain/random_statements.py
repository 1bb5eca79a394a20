"""Random statements with every member; the ends of a range come more often than by chance."""

import random
from typing import Any, Final

from app.domain.statement import (
    CODES,
    COMMITTED,
    MAX_EVIDENCE,
    MAX_PARCELS,
    MAX_SHOWN,
    MAX_STATED_DELIVERIES,
    MAX_TEXT,
    REASONS,
    EvidenceItem,
    Statement,
    StatementType,
)
from app.domain.strict_json import MAX_INTEGER

#: Whatever a camera may read: QR's own alphabet, line ends, quotes, other scripts, beyond U+FFFF.
_LETTERS: Final = 'AZ09 $%*+-./:\n\t"\\\u0000\u007fäß€漢\u2028\ufeff\U0001f4e6\U00010ffff'
_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
_LATEST_MS: Final = 2**42
_END_SHARE: Final = 0.1


class RandomStatements:
    """Payloads from one seed; the types take turns."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - Made-up statements, not secrets.
        self._made = 0

    def next(self) -> dict[str, Any]:
        """Return the payload of another statement, as it travels."""
        kinds = list(StatementType)
        kind = kinds[self._made % len(kinds)]
        self._made += 1
        parcels = {
            self._hex(8): self._number(1, MAX_PARCELS)
            for _ in range(self._number(1, MAX_STATED_DELIVERIES))
        }
        return {
            "v": 1,
            "event_id": self._uuid7(),
            "type": kind.value,
            "deliveries": list(parcels),
            "parcels": parcels,
            "occurred_at": self._number(0, _LATEST_MS),
            "clock": {
                "offset_ms": self._number(-MAX_INTEGER, MAX_INTEGER),
                "sync_age_s": self._number(0, MAX_INTEGER),
                "jump": self._chance.random() < 0.5,
            },
            "anchor": self._hex(8),
            "device": self._number(1, 2**32 - 1),
            "seq": self._number(1, MAX_INTEGER),
            "prev": self._hex(32),
            "actor": {
                "id": self._chance.choice(("per_", "clk_")) + self._letters(_BASE32, 26),
                "auth": self._chance.choice(("online", "offline")),
            },
            "evidence": [self._evidence() for _ in range(self._number(0, MAX_EVIDENCE))],
            **self._optional(),
        }

    def personal(self) -> dict[str, str]:
        """Return values that travel beside an envelope, by name."""
        names = self._chance.sample(sorted(COMMITTED), self._number(0, len(COMMITTED)))
        return {name: self._letters(_LETTERS, self._number(0, 60)) for name in names}

    def _optional(self) -> dict[str, Any]:
        members: dict[str, Any] = {
            "assignment_epoch": self._number(0, 2**16 - 1),
            "shown": [self._hex(8) for _ in range(self._number(0, MAX_SHOWN))],
            "reason": self._chance.choice(sorted(REASONS)),
            "commitments": {name: self._hex(32) for name in self.personal()},
            "refers_to": self._uuid7(),
        }
        return {name: value for name, value in members.items() if self._chance.random() < 0.5}

    def _evidence(self) -> dict[str, str]:
        kinds = (*sorted(CODES), "short_code", "photo", "pin", "assertion", "none", "manager_code")
        kind = self._chance.choice(kinds)
        if kind in CODES or kind == "short_code":
            # Most are as long as codes are; now and then one takes all the room.
            longest = MAX_TEXT if self._chance.random() < _END_SHARE else 60
            return {"kind": kind, "text": self._letters(_LETTERS, self._number(1, longest))}
        return {"kind": kind} | ({"sha256": self._hex(32)} if kind == "photo" else {})

    def _number(self, least: int, most: int) -> int:
        if self._chance.random() < _END_SHARE:
            return self._chance.choice((least, most))
        return self._chance.randint(least, most)

    def _hex(self, size: int) -> str:
        return self._chance.randbytes(size).hex()

    def _letters(self, alphabet: str, count: int) -> str:
        return "".join(self._chance.choices(alphabet, k=count))

    def _uuid7(self) -> str:
        made = self._hex(16)
        variant = self._chance.choice("89ab")
        return f"{made[:8]}-{made[8:12]}-7{made[13:16]}-{variant}{made[17:20]}-{made[20:]}"


def payload_of(statement: Statement) -> dict[str, Any]:
    """Return a statement that was read as it travels."""
    optional = {
        "assignment_epoch": statement.assignment_epoch,
        "reason": statement.reason,
        "refers_to": statement.refers_to,
        "commitments": dict(statement.commitments) or None,
        "shown": list(statement.shown) or None,
    }
    return {
        "v": 1,
        "event_id": statement.event_id,
        "type": statement.type.value,
        "deliveries": list(statement.parcels),
        "parcels": dict(statement.parcels),
        "occurred_at": round(statement.occurred_at.timestamp() * 1000),
        "clock": {
            "offset_ms": statement.clock.offset_ms,
            "sync_age_s": statement.clock.sync_age_s,
            "jump": statement.clock.jump,
        },
        "anchor": statement.anchor,
        "device": statement.device,
        "seq": statement.seq,
        "prev": statement.prev,
        "actor": {
            "id": statement.actor_id,
            "auth": "online" if statement.is_online else "offline",
        },
        "evidence": [_evidence_of(item) for item in statement.evidence],
        **{name: value for name, value in optional.items() if value is not None},
    }


def without_empty(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a payload without the members that say nothing: they are read as left out."""
    return {
        name: value
        for name, value in payload.items()
        if not (name in {"shown", "commitments"} and not value)
    }


def _evidence_of(item: EvidenceItem) -> dict[str, str]:
    member = "sha256" if item.kind == "photo" else "text"
    return {"kind": item.kind} | ({member: item.text} if item.text else {})
