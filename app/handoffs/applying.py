"""What one believed statement does: its event in each delivery's chain, and the new settlement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.accounts.queries import Device
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody import Settlement, Stage
from app.domain.custody_chain import Json
from app.domain.envelope import Envelope
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.facts import Fact, FactKind, of_kind
from app.domain.findings import FindingKind
from app.domain.onward import early_s
from app.domain.pin import MAX_PIN_TRIES
from app.domain.statement import Statement, StatementType
from app.eventlog.service import NewEvent, record
from app.handoffs import incidents
from app.handoffs.facts import AGAIN, facts_about
from app.handoffs.incidents import Found
from app.handoffs.judging import Heard, Judged, Secrets, judge, key_refusal
from app.handoffs.settling import settle
from app.jobs.queue import enqueue
from app.persistence.transaction import session
from app.sites import queries as sites
from app.sites import service as site_service

#: A release that no driver's statement follows is asked about after this time.
ASK_AFTER: Final = timedelta(minutes=15)

_EVENTS: Final = {
    StatementType.PICKED_UP: EventType.HANDOFF_PICKED_UP,
    StatementType.RELEASED: EventType.HANDOFF_RELEASED,
    StatementType.DELIVERED: EventType.HANDOFF_DELIVERED,
    StatementType.FAILED: EventType.HANDOFF_FAILED,
    StatementType.RETURNED: EventType.HANDOFF_RETURNED,
}


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
    own = sorted(
        ((rows[handle], each) for handle, each in judged.items() if each.is_own),
        key=lambda pair: pair[0].id,
    )
    refusal = _refusal(heard, list(judged.values()))
    found = tuple(dict.fromkeys((*flags, *(f for each in judged.values() for f in each.flags))))
    leaf = record(
        [_event(heard, envelope, row, each, refusal or each.refusal, flags) for row, each in own],
        act=act,
    )
    _count_manager_codes(own)
    for row, each in own:
        _count_wrong_pin(row, each, act=act)
        _open_incidents(row, heard, each, refusal, now=act.now)
    if refusal is not None and refusal.code not in AGAIN:
        is_kept = refusal.code == "needs_review"
        return Taken("recorded" if is_kept else "rejected", refusal, None, found, leaf)
    objections: list[DomainError | None] = []
    for row, each in own:
        settled = settle(row, act=act)
        if each.refusal is None:
            objections.append(_objection(heard, each, settled.settlement))
    if refusal is not None:
        return Taken("recorded", refusal, None, found, leaf)
    objection = next(filter(None, objections), None)
    level = max(each.level for each in judged.values() if each.refusal is None)
    return Taken("recorded" if objection else "applied", objection, level.value, found, leaf)


def _refusal(heard: Heard, judged: Sequence[Judged]) -> DomainError | None:
    """Return why a statement does not count; a part of it that had counted before is no reason."""
    refusal = key_refusal(heard.device, heard)
    refusals = [each.refusal for each in judged if each.refusal is not None]
    grave = [each for each in refusals if each.code not in AGAIN]
    if refusal is not None or grave:
        return refusal or grave[0]
    return refusals[0] if len(refusals) == len(judged) else None


def _act(heard: Heard, now: datetime) -> Act:
    """Return who did it and when."""
    role = "driver" if heard.device.kind == "phone" else "clerk"
    actor = heard.device.person_id if role == "driver" else heard.statement.actor_id
    return Act(f"{role}:{actor}", _at(heard), now)


def _at(heard: Heard) -> datetime:
    """Return when it was, never before the provable window nor after its end."""
    at = min(heard.statement.occurred_at, heard.now)
    return max(at, heard.not_before) if heard.not_before is not None else at


def may_speak(device: Device, row: Delivery, known: Sequence[Fact]) -> bool:
    """Tell whether a device has to do with a delivery: its driver ever claimed it, or its store's.

    Args:
        device: Who states something.
        row: The delivery.
        known: The facts about it.
    """
    if device.kind == "phone":
        return _was_claimed(known, device.person_id or "")
    desk = sites.desk(device.desk_id or "")
    return desk is not None and desk.store_id == row.store_id


def _judge(heard: Heard, row: Delivery | None, secrets: Secrets) -> Judged:
    known = facts_about(row.id) if row is not None else []
    if row is None or not may_speak(heard.device, row, known):
        return Judged(refusal=DomainError("other_delivery"), is_own=False)
    judged = judge(heard, row, secrets)
    if judged.refusal is not None:
        return judged
    return replace(judged, refusal=_refuse_by(known, heard, judged))


def _refuse_by(known: Sequence[Fact], heard: Heard, judged: Judged) -> DomainError | None:
    """Return what earlier facts say against a statement whose codes hold."""
    mine = [fact for fact in known if fact.driver_id == judged.driver_id]
    if judged.driver_id and not _was_claimed(known, judged.driver_id):
        return DomainError("not_addressee")
    if judged.token is not None and any(fact.token == judged.token for fact in mine):
        return DomainError("duplicate_handoff")
    has_labels_only = judged.evidence == "label" and heard.statement.type is StatementType.PICKED_UP
    if has_labels_only and of_kind(mine, FactKind.PICKED_UP):
        return DomainError("already_used")
    return None


def _was_claimed(known: Sequence[Fact], driver_id: str) -> bool:
    return any(fact.kind is FactKind.CLAIMED and fact.driver_id == driver_id for fact in known)


def _event(
    heard: Heard,
    envelope: Envelope,
    row: Delivery,
    judged: Judged,
    refusal: DomainError | None,
    flags: tuple[str, ...],
) -> NewEvent:
    statement = heard.statement
    is_delivered = statement.type is StatementType.DELIVERED
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
        "flags": [*flags, *judged.flags],
    }
    optional: dict[str, Json] = {
        "approved": judged.approval is True,
        "early_s": early_s(_at(heard), row.window_from) if is_delivered else 0,
        "told_parcels": judged.told_parcels,
        "driver": judged.driver_id,
        "photos": statement.texts("photo"),
        "shown": list(statement.shown),
        "reason": statement.reason,
        "refers_to": statement.refers_to,
    }
    facts |= {name: value for name, value in optional.items() if value}
    if judged.token is not None:
        facts |= {"token_kid": judged.token[0], "nonce": judged.token[1]}
    note = heard.beside.get("note")
    personal = {"note": note.value} if note is not None and note.value else None
    subject = deliveries.subject(row, driver_id=judged.driver_id or None)
    if refusal is None and statement.type in _EVENTS:
        return NewEvent(_EVENTS[statement.type], subject, facts, personal)
    facts |= {"type": statement.type.value, "code": refusal.code if refusal is not None else None}
    return NewEvent(EventType.STATEMENT_RECORDED, subject, facts, personal)


def _count_wrong_pin(row: Delivery, judged: Judged, *, act: Act) -> None:
    if not judged.is_wrong_pin or row.pin_tries >= MAX_PIN_TRIES:
        return
    row.pin_tries += 1
    session().flush()
    left = MAX_PIN_TRIES - row.pin_tries
    subject = deliveries.subject(row, driver_id=judged.driver_id or None)
    record([NewEvent(EventType.PIN_REFUSED, subject, {"tries_left": left})], act=act)


def _count_manager_codes(own: Sequence[tuple[Delivery, Judged]]) -> None:
    """Count a told manager's code once for its store, however many deliveries it was told for."""
    told = {row.store_id: each.approval for row, each in own if each.approval is not None}
    for store_id, is_right in told.items():
        site_service.count_manager_code(store_id, is_right=is_right)


def _open_incidents(
    row: Delivery,
    heard: Heard,
    judged: Judged,
    refusal: DomainError | None,
    *,
    now: datetime,
) -> None:
    """Open what a person has to see, and see that a release without an answer is asked about."""
    kind = heard.statement.type
    wanted = {
        "needs_review": refusal is not None and refusal.code == "needs_review",
        "pin_unproved": "pin_wrong" in judged.flags,
        "clerk_removed": "actor_removed" in judged.flags,
        "disputed": kind is StatementType.CORRECTION,
    }
    drivers = [judged.driver_id] if judged.driver_id else []
    for name in (name for name, is_wanted in wanted.items() if is_wanted):
        incidents.open_incident(row.id, Found(name, "check", drivers, is_waiting=True), now=now)
    if kind is StatementType.CORRECTION:
        phone = heard.device.person_id
        by = f"driver:{phone}" if phone else f"clerk:{heard.statement.actor_id}"
        incidents.answer(row.id, FindingKind.UNCONFIRMED_RELEASE, by=by, now=now)
    if kind is StatementType.RELEASED and refusal is None:
        arguments = {"delivery_id": row.id}
        at = now + ASK_AFTER
        enqueue("ask_unconfirmed", arguments, key=f"ask:{row.id}", run_at=at, now=now)


def _objection(heard: Heard, judged: Judged, settlement: Settlement) -> DomainError | None:
    """Return why a believed statement did not come to what it says, or None."""
    kind = heard.statement.type
    if heard.device.kind == "desk":
        return DomainError("clerk_removed") if "actor_removed" in judged.flags else None
    kinds = {each.kind for each in settlement.findings}
    is_charge = settlement.custodian == judged.driver_id
    if kind is StatementType.DELIVERED:
        is_second = FindingKind.DOUBLE_DELIVERY in kinds and not is_charge
        counts = settlement.stage is Stage.DELIVERED and not is_second
    else:
        counts = is_charge or kind is StatementType.CORRECTION
    if counts:
        return None
    if kind is StatementType.PICKED_UP and FindingKind.DOUBLE_CUSTODY in kinds:
        return DomainError("already_collected")
    if settlement.stage is None and FindingKind.COLLECTED_AFTER_CANCEL in kinds:
        return DomainError("delivery_cancelled")
    is_over = settlement.stage in {Stage.DELIVERED, Stage.RETURNED}
    is_closed = is_over or FindingKind.LOST_BUT_DELIVERED in kinds
    return DomainError("delivery_closed" if is_closed else "run_reassigned")


def open_forks(others: Sequence[Statement], device: Device, *, now: datetime) -> None:
    """Let a person see every delivery that a device with two histories has spoken about."""
    drivers = [device.person_id] if device.person_id else []
    handles = {handle for each in others for handle in each.parcels}
    rows = deliveries.deliveries_by_handle(handles)
    for row in sorted(rows.values(), key=lambda row: row.id):
        if may_speak(device, row, facts_about(row.id)):
            found = Found("device_fork", "check", drivers, is_waiting=True)
            incidents.open_incident(row.id, found, now=now)
