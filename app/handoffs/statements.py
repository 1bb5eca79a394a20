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
from app.domain.envelope import Envelope, read_envelope, verify_envelope
from app.domain.errors import DomainError
from app.handoffs import applying, ordering, queries
from app.handoffs.anchors import anchored
from app.handoffs.applying import Taken
from app.handoffs.device_keys import key_of
from app.handoffs.judging import Heard, Secrets
from app.handoffs.models import StatementBeside, StatementResult, StatementRow
from app.handoffs.policy import without_code
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
    code_hashes: Mapping[str, str] | None = None,
) -> Result:
    """Take one statement, in a transaction of its own.

    Args:
        envelope: What `read` returned.
        beside: Name -> (salt, value), as uploaded.
        owner: Who uploads.
        secrets: For checking signatures, PINs and labels.
        now: The present, UTC.
        code_hashes: A told manager's code, hashed for each store of `policy.stores_to_ask`.

    Raises:
        DomainError: `unknown_device`, `envelope_forged`, `event_id_reused`, `envelope_unreadable`
            (a value that was not committed to): nothing was kept, for it proves nothing.
    """
    statement = envelope.statement
    device = accounts.device(statement.device)
    if device is None or not owner.has(device):
        raise DomainError("unknown_device")
    verify_envelope(envelope, key_of(device), secrets.check)
    opened = without_code(open_commitments(statement.commitments, beside), code_hashes or {})
    known = queries.statement(statement.event_id)
    if known is not None:
        return _again(known, envelope)
    chain = ordering.chain_of(device.kid)
    row = _keep(envelope, opened, now=now)
    place = ordering.place_of(envelope, chain)
    applying.open_forks(place.two_histories, device, now=now)
    if ordering.is_early(envelope, chain):
        _wait(device.kid, now=now)
        return _finish(row, Taken("held", DomainError("held_for_earlier")), now=now)
    heard = Heard(statement, device, opened, now, *anchored(statement))
    result = _finish(row, applying.take(heard, envelope, place.flags, secrets=secrets), now=now)
    ordering.advance(envelope, chain)
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
    taken, chain = 0, ordering.chain_of(kid)
    for row in queries.held_statements(kid):
        envelope = read_envelope(row.envelope)
        if only_next and ordering.is_early(envelope, chain):
            break
        flags = ordering.place_of(envelope, chain).flags + (() if only_next else ("gap",))
        statement, beside = envelope.statement, queries.beside(row.event_id)
        heard = Heard(statement, device, beside, row.received_at, *anchored(statement))
        _finish(row, applying.take(heard, envelope, flags, secrets=secrets, now=now), now=now)
        ordering.advance(envelope, chain)
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


def _wait(kid: int, *, now: datetime) -> None:
    key = f"take_held:{kid}"
    enqueue("take_held", {"kid": kid}, key=key, run_at=now + HELD_FOR, now=now)


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
