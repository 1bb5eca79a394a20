"""Receiving signed statements: kept always, believed when they hold, counted once.

Source: handoff protocol MP1, "Server verification" and "Upload, replay, order".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.accounts import queries as accounts
from app.accounts.queries import Device
from app.domain.commitments import Opened, open_commitments
from app.domain.envelope import NO_ENVELOPE, Envelope, read_envelope, verify_envelope
from app.domain.errors import DomainError
from app.domain.tokens import DeviceKey, KeyRole
from app.handoffs import applying, queries
from app.handoffs.anchors import not_before
from app.handoffs.applying import Taken
from app.handoffs.judging import Heard, Secrets
from app.handoffs.models import DeviceChain, StatementBeside, StatementResult, StatementRow
from app.jobs.queue import enqueue
from app.persistence.transaction import session

#: A statement whose forerunner is missing waits this long for it.
HELD_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it was uploaded: its envelope, and name -> (salt, value) beside it."""

    envelope: str
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose devices may speak here: a driver's phones, or a desk's tablets."""

    person_id: str = ""
    desk_id: str = ""

    def has(self, device: Device) -> bool:
        """Tell whether a device is this owner's, retired ones too."""
        if device.kind == "phone":
            return bool(self.person_id) and device.person_id == self.person_id
        return bool(self.desk_id) and device.desk_id == self.desk_id


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one uploaded statement; `original` is set for one that came again."""

    event_id: str | None
    outcome: str
    original: str | None = None
    code: str | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    level: str | None = None
    flags: tuple[str, ...] = ()
    server_seq: int | None = None
    leaf_hash: str | None = None


def read(sent: Sent) -> Envelope:
    """Read an uploaded statement, before any transaction.

    Raises:
        DomainError: As `read_envelope`.
    """
    return read_envelope(sent.envelope)


def refused(envelope: Envelope | None, refusal: DomainError) -> Result:
    """Return the result of a statement that could not be taken at all."""
    event_id = envelope.statement.event_id if envelope is not None else None
    return Result(event_id, "rejected", code=refusal.code, facts=refusal.facts)


def receive(
    envelope: Envelope,
    beside: Mapping[str, tuple[str, str]],
    *,
    owner: Owner,
    secrets: Secrets,
    now: datetime,
) -> Result:
    """Take one statement, in a transaction of its own.

    Args:
        envelope: What `read` returned.
        beside: Name -> (salt, value), as uploaded.
        owner: Who uploads.
        secrets: For checking signatures, PINs and labels.
        now: The present, UTC.

    Raises:
        DomainError: `unknown_device`, `envelope_forged`, `event_id_reused`, `envelope_unreadable`
            (a value that was not committed to): nothing was kept, for it proves nothing.
    """
    statement = envelope.statement
    device = accounts.device(statement.device)
    if device is None or not owner.has(device):
        raise DomainError("unknown_device")
    role = KeyRole.DESK if device.kind == "desk" else KeyRole.PHONE
    key = DeviceKey(device.kid, role, bytes.fromhex(device.public_key))
    verify_envelope(envelope, key, secrets.check)
    opened = open_commitments(statement.commitments, beside)
    known = queries.statement(statement.event_id)
    if known is not None:
        return _again(known, envelope)
    row = _keep(envelope, opened, now=now)
    if _must_wait(envelope, now=now):
        return _finish(row, Taken("held", DomainError("held_for_earlier")), now=now)
    heard = Heard(statement, device, opened, now, not_before(statement))
    taken = applying.take(heard, envelope, _order_flags(envelope), secrets=secrets)
    result = _finish(row, taken, now=now)
    _advance(envelope)
    take_held(device.kid, secrets=secrets, now=now, only_next=True)
    return result


def take_held(kid: int, *, secrets: Secrets, now: datetime, only_next: bool = False) -> int:
    """Take statements of a device that waited; return how many.

    Args:
        kid: The device.
        secrets: As for `receive`.
        now: The present, UTC.
        only_next: Only those whose forerunner has come; otherwise all, flagged `gap`.
    """
    device = accounts.device(kid)
    if device is None:
        return 0
    taken = 0
    for row in queries.held_statements(kid):
        envelope = read_envelope(row.envelope)
        if only_next and _must_wait(envelope, now=now):
            break
        flags = _order_flags(envelope) if only_next else (*_order_flags(envelope), "gap")
        statement, beside = envelope.statement, queries.beside(row.event_id)
        heard = Heard(statement, device, beside, row.received_at, not_before(statement))
        _finish(row, applying.take(heard, envelope, flags, secrets=secrets, now=now), now=now)
        _advance(envelope)
        taken += 1
    return taken


def _again(known: StatementRow, envelope: Envelope) -> Result:
    if known.sha256 != envelope.sha256:
        raise DomainError("event_id_reused")
    found = queries.statement_result(known.event_id)
    if found is None:
        # It came twice in one breath, and the first is still being taken.
        raise DomainError("event_id_reused")
    return Result(
        known.event_id,
        "duplicate",
        found.outcome,
        found.code,
        json.loads(found.facts),
        found.level,
        tuple(flag for flag in found.flags.split(",") if flag),
        known.server_seq,
        found.leaf_hash,
    )


def _keep(envelope: Envelope, opened: Mapping[str, Opened], *, now: datetime) -> StatementRow:
    statement = envelope.statement
    row = StatementRow(
        event_id=statement.event_id,
        device_kid=statement.device,
        seq=statement.seq,
        prev=statement.prev,
        sha256=envelope.sha256,
        type=statement.type.value,
        envelope=envelope.text,
        occurred_at=statement.occurred_at,
        received_at=now,
    )
    session().add(row)
    session().flush()
    session().add_all(
        StatementBeside(event_id=statement.event_id, name=name, salt=value.salt, value=value.value)
        for name, value in opened.items()
    )
    return row


def _must_wait(envelope: Envelope, *, now: datetime) -> bool:
    statement = envelope.statement
    chain = queries.device_chain(statement.device)
    if statement.seq <= (chain.seq if chain is not None else 0) + 1:
        return False
    enqueue(
        "take_held",
        {"kid": statement.device},
        key=f"take_held:{statement.device}",
        run_at=now + HELD_FOR,
        now=now,
    )
    return True


def _order_flags(envelope: Envelope) -> tuple[str, ...]:
    """Flag what a copied or emptied device would send.

    `fork`: another envelope with the same number; `chain_broken`: it does not follow the one before
    it; `late`: its place was given up as a gap.
    """
    statement = envelope.statement
    chain = queries.device_chain(statement.device)
    reached = chain.seq if chain is not None else 0
    if queries.statements_numbered(statement.device, statement.seq) > 1:
        return ("fork",)
    if statement.seq <= reached:
        return ("late",)
    if statement.seq == reached + 1:
        expected = chain.sha256 if chain is not None else NO_ENVELOPE
        return () if statement.prev == expected else ("chain_broken",)
    return ()


def _advance(envelope: Envelope) -> None:
    statement = envelope.statement
    chain = queries.device_chain(statement.device)
    if chain is None:
        chain = DeviceChain(device_kid=statement.device, seq=0, sha256=NO_ENVELOPE)
        session().add(chain)
    if statement.seq > chain.seq:
        chain.seq, chain.sha256 = statement.seq, envelope.sha256
    session().flush()


def _finish(row: StatementRow, taken: Taken, *, now: datetime) -> Result:
    found = queries.statement_result(row.event_id)
    if found is None:
        found = StatementResult(event_id=row.event_id, device_kid=row.device_kid)
        session().add(found)
    refusal = taken.refusal
    found.outcome = taken.outcome
    found.code = refusal.code if refusal is not None else None
    found.facts = json.dumps(refusal.facts if refusal is not None else {})
    found.level = taken.level
    found.flags = ",".join(taken.flags)
    found.leaf_hash = taken.leaf_hash
    found.decided_at = now
    session().flush()
    return Result(
        row.event_id,
        taken.outcome,
        code=found.code,
        facts=refusal.facts if refusal is not None else {},
        level=taken.level,
        flags=taken.flags,
        server_seq=row.server_seq,
        leaf_hash=taken.leaf_hash,
    )
