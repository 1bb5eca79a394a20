"""What one believed statement does: its event in each delivery's chain, and the new settlement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody import FindingKind, Stage
from app.domain.custody_chain import Json
from app.domain.envelope import Envelope
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.facts import Fact, FactKind
from app.domain.pin import MAX_PIN_TRIES
from app.domain.statement import StatementType
from app.eventlog.service import NewEvent, record
from app.handoffs import incidents, keeping
from app.handoffs.facts import facts_about
from app.handoffs.incidents import Found
from app.handoffs.judging import Heard, Judged, Secrets, judge, key_refusal
from app.handoffs.settling import Settled, settle
from app.jobs.queue import enqueue

#: A release that no driver's statement follows is asked about after this time.
ASK_AFTER: Final = timedelta(minutes=15)

_EVENTS: Final = {
    StatementType.PICKED_UP: EventType.HANDOFF_PICKED_UP,
    StatementType.RELEASED: EventType.HANDOFF_RELEASED,
    StatementType.DELIVERED: EventType.HANDOFF_DELIVERED,
    StatementType.FAILED: EventType.HANDOFF_FAILED,
    StatementType.RETURNED: EventType.HANDOFF_RETURNED,
}
#: Flags of a device's order that a person has to see.
_FORKED: Final = frozenset({"fork", "chain_broken"})


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a statement."""

    outcome: str
    refusal: DomainError | None = None
    level: str | None = None
    flags: tuple[str, ...] = ()
    leaf_hash: str | None = None


def take(
    heard: Heard,
    envelope: Envelope,
    flags: tuple[str, ...],
    *,
    secrets: Secrets,
    now: datetime | None = None,
) -> Taken:
    """Record a statement for each of its deliveries and settle them.

    Args:
        heard: The statement and its circumstances.
        envelope: Its exact form, named in the events.
        flags: What is odd about its place among the device's statements.
        secrets: For checking codes.
        now: The present, when the statement has waited since it was heard of.
    """
    statement = heard.statement
    rows = deliveries.deliveries_by_handle(statement.parcels)
    act = _act(heard, now or heard.now)
    judged = {handle: _judge(heard, rows.get(handle), secrets) for handle in statement.parcels}
    refusal = key_refusal(heard.device, heard) or next(
        (each.refusal for each in judged.values() if each.refusal is not None), None
    )
    everything = tuple(
        dict.fromkeys((*flags, *(f for each in judged.values() for f in each.flags)))
    )
    own = {rows[handle].id: handle for handle in sorted(statement.parcels) if handle in rows}
    events = [
        _event(heard, envelope, rows[handle], judged[handle], refusal, everything)
        for handle in own.values()
        if _is_own(heard, rows[handle], judged[handle])
    ]
    leaf = record(events, act=act)
    _count_wrong_pins(judged, rows, act=act)
    for handle in own.values():
        _open_incidents(rows[handle], heard, judged[handle], refusal, flags, now=act.now)
    if refusal is not None:
        waits = refusal.code == "needs_review" or any(each.waits for each in judged.values())
        return Taken("recorded" if waits else "rejected", refusal, None, everything, leaf)
    settled = [
        (rows[handle], judged[handle], settle(rows[handle], act=act)) for handle in own.values()
    ]
    for row, each, result in settled:
        keeping.keep_handoff(row, heard, each, result.settlement, act=act)
    objection = next(
        (
            found
            for _row, each, done in settled
            if (found := _objection(statement.type, each, done))
        ),
        None,
    )
    level = max((each.level for each in judged.values()), default=None)
    shown = level.value if level is not None else None
    return Taken("recorded" if objection else "applied", objection, shown, everything, leaf)


def _act(heard: Heard, now: datetime) -> Act:
    """Return who did it and when, never before the provable window nor after its end."""
    at = min(heard.statement.occurred_at, heard.now)
    if heard.not_before is not None:
        at = max(at, heard.not_before)
    role = "driver" if heard.device.kind == "phone" else "clerk"
    actor = heard.device.person_id if role == "driver" else heard.statement.actor_id
    return Act(f"{role}:{actor}", at, now)


def _judge(heard: Heard, row: Delivery | None, secrets: Secrets) -> Judged:
    if row is None:
        return Judged(refusal=DomainError("other_delivery"))
    known = facts_about(row.id)
    if heard.device.kind == "phone" and not _was_claimed(known, heard.device.person_id or ""):
        return Judged(refusal=DomainError("other_delivery"))
    judged = judge(heard, row, secrets)
    if judged.refusal is None and _has_counted(known, judged):
        return Judged(refusal=DomainError("duplicate_handoff"), driver_id=judged.driver_id)
    return judged


def _was_claimed(known: Sequence[Fact], driver_id: str) -> bool:
    return any(fact.kind is FactKind.CLAIMED and fact.driver_id == driver_id for fact in known)


def _has_counted(known: Sequence[Fact], judged: Judged) -> bool:
    """Tell whether the same driver's same code has counted before: it is one handoff."""
    return judged.token is not None and any(
        fact.token == judged.token and fact.driver_id == judged.driver_id for fact in known
    )


def _is_own(heard: Heard, row: Delivery, judged: Judged) -> bool:
    """Tell whether a statement may leave a trace in a delivery's history: not in a stranger's."""
    if judged.refusal is None or judged.refusal.code != "other_delivery":
        return True
    return heard.device.kind == "phone" and _was_claimed(
        facts_about(row.id), heard.device.person_id or ""
    )


def _event(
    heard: Heard,
    envelope: Envelope,
    row: Delivery,
    judged: Judged,
    refusal: DomainError | None,
    flags: tuple[str, ...],
) -> NewEvent:
    statement = heard.statement
    begin = int(heard.not_before.timestamp() * 1000) if heard.not_before is not None else 0
    facts: dict[str, Json] = {
        "statement": statement.event_id,
        "statement_sha256": envelope.sha256,
        "device": statement.device,
        "seq": statement.seq,
        "level": judged.level.value,
        "evidence": judged.evidence,
        "parcels": statement.parcels[row.handle],
        "window": [begin, int(heard.now.timestamp() * 1000)],
        "flags": list(flags),
    }
    if judged.driver_id:
        facts["driver"] = judged.driver_id
    if judged.token is not None:
        facts |= {"token_kid": judged.token[0], "nonce": judged.token[1]}
    if statement.shown:
        facts["shown"] = list(statement.shown)
    if statement.reason is not None:
        facts["reason"] = statement.reason
    if statement.refers_to is not None:
        facts["refers_to"] = statement.refers_to
    note = heard.beside.get("note")
    personal = {"note": note.value} if note is not None and note.value else None
    subject = deliveries.subject(row, driver_id=judged.driver_id or None)
    if refusal is None and statement.type in _EVENTS:
        return NewEvent(_EVENTS[statement.type], subject, facts, personal)
    facts |= {"type": statement.type.value, "code": refusal.code if refusal is not None else None}
    return NewEvent(EventType.STATEMENT_RECORDED, subject, facts, personal)


def _count_wrong_pins(judged: dict[str, Judged], rows: dict[str, Delivery], *, act: Act) -> None:
    for handle, each in judged.items():
        row = rows.get(handle)
        if row is None or not each.is_wrong_pin or row.pin_tries >= MAX_PIN_TRIES:
            continue
        row.pin_tries += 1
        left = MAX_PIN_TRIES - row.pin_tries
        subject = deliveries.subject(row, driver_id=each.driver_id or None)
        record([NewEvent(EventType.PIN_REFUSED, subject, {"tries_left": left})], act=act)


def _open_incidents(
    row: Delivery,
    heard: Heard,
    judged: Judged,
    refusal: DomainError | None,
    flags: tuple[str, ...],
    *,
    now: datetime,
) -> None:
    kinds: list[str] = []
    if _FORKED.intersection(flags):
        kinds.append("device_fork")
    if refusal is not None and refusal.code == "needs_review":
        kinds.append("needs_review")
    if "pin_wrong" in judged.flags:
        kinds.append("pin_unproved")
    if "actor_removed" in judged.flags:
        kinds.append("clerk_removed")
    if heard.statement.type is StatementType.CORRECTION:
        kinds.append("disputed")
    drivers = [judged.driver_id] if judged.driver_id else []
    for kind in kinds:
        incidents.open_incident(row.id, Found(kind, "check", drivers, is_waiting=True), now=now)
    if heard.statement.type is StatementType.RELEASED and refusal is None:
        arguments = {"delivery_id": row.id}
        at = now + ASK_AFTER
        enqueue("ask_unconfirmed", arguments, key=f"ask:{row.id}", run_at=at, now=now)


def _objection(kind: StatementType, judged: Judged, done: Settled) -> DomainError | None:
    """Return why a believed statement did not come to what it says, or None."""
    settlement = done.settlement
    if kind is StatementType.PICKED_UP and settlement.custodian != judged.driver_id:
        is_double = any(each.kind is FindingKind.DOUBLE_CUSTODY for each in settlement.findings)
        return DomainError("already_collected" if is_double else "run_reassigned")
    if kind is StatementType.DELIVERED and settlement.stage is not Stage.DELIVERED:
        return DomainError("delivery_closed" if settlement.stage is None else "run_reassigned")
    return None
