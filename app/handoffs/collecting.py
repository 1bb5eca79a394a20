"""Parcels from the store to the driver.

By the code on the tablet, its short form, or an assertion; and the desk's own word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.custody import is_approved
from app.domain.delivery import DeliveryStatus, Mover
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.handoff import Evidence, EvidenceLevel, level_of
from app.domain.run import RunStatus, StopKind
from app.domain.tokens import KeyRole, parse, verify
from app.eventlog import queries as eventlog
from app.eventlog.service import NewEvent, facts_of, record
from app.handoffs import evidence as codes
from app.handoffs import incidents, queries
from app.handoffs.device_keys import active_key
from app.handoffs.facts import facts_about
from app.handoffs.incidents import NO_MANAGER_CODE, Found
from app.handoffs.models import Handoff, ShownRelease
from app.handoffs.policy import needs_code, policy_for
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import progress
from app.runs import queries as runs
from app.runs.queries import Run
from app.sites import queries as sites


@dataclass(frozen=True, slots=True)
class CodeShown:
    """What the driver brings as evidence at a counter."""

    kind: Literal["release_code", "short_code", "assertion"]
    #: The scanned or typed text, or the reason of an assertion.
    text: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection came to."""

    parcel_count: int
    level: str


@dataclass(frozen=True, slots=True)
class _Basis:
    """On what a collection rests; an assertion has no release."""

    shown: CodeShown
    release: codes.CheckedRelease | None
    level: EvidenceLevel


def dear_store(stop_id: str, *, driver_id: str) -> str:
    """Return the store of a driver's pickup whose goods need a manager's code.

    Nobody else has a reason to try one.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `manager_code_unset`.
    """
    run, stop = progress.stop_of_driver(stop_id, driver_id)
    store = sites.store(stop.store_id or "")
    if store is None or stop.kind != StopKind.PICKUP.value:
        raise DomainError("not_found")
    rows = deliveries.deliveries_of_run(run.id)
    if not any(row.store_id == store.id and needs_code(row, store) for row in rows):
        raise DomainError("manager_code_unset")
    return store.id


def collect(
    stop_id: str,
    shown: CodeShown,
    *,
    driver_id: str,
    epoch: int,
    check: codes.Check,
    act: Act,
) -> Collected:
    """Move the parcels of a pickup stop to the driver, on evidence.

    A code may give only some of the stop's deliveries; the stop stays open for the rest.

    Args:
        stop_id: The pickup at which the driver stands.
        shown: What the driver brings as evidence.
        driver_id: The driver.
        epoch: The claim the driver believes in.
        check: `keys.check_es256`.
        act: Who does it and when.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `already_used`,
            `delivery_cancelled` and the refusals of `evidence`.
    """
    run, stop = progress.stop_of_driver(stop_id, driver_id, epoch=epoch)
    if stop.kind != StopKind.PICKUP.value or stop.store_id is None:
        raise DomainError("wrong_code_kind", expected="This stop is not a pickup.")
    here = [row for row in deliveries.deliveries_of_run(run.id) if row.store_id == stop.store_id]
    release = _release(shown, stop.store_id, driver_id, here, check=check, act=act)
    given = _given(release, here)
    is_signed = release is not None and shown.kind == "release_code"
    nonce = bytes.fromhex(release.nonce) if release is not None and is_signed else None
    basis = _Basis(shown, release, level_of(Evidence(token_nonce=nonce)))
    _take(run, given, basis, driver_id=driver_id, act=act)
    return Collected(sum(row.parcel_count for row in given), basis.level.value)


def _release(
    shown: CodeShown,
    store_id: str,
    driver_id: str,
    here: Sequence[Delivery],
    *,
    check: codes.Check,
    act: Act,
) -> codes.CheckedRelease | None:
    if shown.kind == "assertion":
        return None
    if shown.kind == "short_code":
        found = codes.check_short_code(
            shown.text, driver_id=driver_id, store_id=store_id, now=act.now
        )
    else:
        found = codes.check_release(
            shown.text, driver_id=driver_id, store_id=store_id, mine=here, check=check, act=act
        )
    if queries.used_nonces([found.nonce]):
        raise DomainError("already_used")
    return found


def _given(release: codes.CheckedRelease | None, here: Sequence[Delivery]) -> list[Delivery]:
    open_rows = [row for row in here if DeliveryStatus(row.status) in progress.TO_COLLECT]
    if release is None:
        given = open_rows
    else:
        by_handle = {row.handle: row for row in here}
        given = [by_handle[handle] for handle in release.handles if handle in by_handle]
        if any(row.status == DeliveryStatus.CANCELLED.value for row in given):
            raise DomainError("delivery_cancelled")
        given = [row for row in given if row in open_rows]
    if not given:
        raise DomainError("already_used")
    return given


def _take(run: Run, given: Sequence[Delivery], basis: _Basis, *, driver_id: str, act: Act) -> None:
    for row in given:
        delivery_service.move(row, DeliveryStatus.PICKED_UP, Mover.DRIVER, now=act.now)
        row.picked_up_at = act.at
        row.verification = basis.level.value
        _note_policy(row, basis.level, driver_id, now=act.now)
        handoff = _handoff(run, row, basis, driver_id=driver_id, act=act)
        given_at = _given_at(row, basis.release)
        if given_at is not None:
            _raise_level(handoff, row, given_at)
        session().add(handoff)
    delivery_service.hold_parcels(
        [row.id for row in given], holder_kind="driver", holder_id=driver_id, now=act.now
    )
    if run.status == RunStatus.CLAIMED.value:
        progress.set_status(run, RunStatus.COLLECTING)
    session().flush()
    record([_picked_up(row, basis, driver_id) for row in given], act=act)
    progress.go_on(run, driver_id=driver_id, act=act)


def _note_policy(row: Delivery, level: EvidenceLevel, driver_id: str, *, now: datetime) -> None:
    """Mark what the store wants better evidenced.

    A command carries no manager's code; the tablet's statement may have brought one before.
    """
    policy = policy_for(row)
    is_code_lacking = policy.needs_code(row.value_minor) and not is_approved(
        facts_about(row.id), driver_id
    )
    row.is_verification_pending = not policy.is_enough(level) or is_code_lacking
    if is_code_lacking:
        found = Found(NO_MANAGER_CODE, "check", [driver_id], is_waiting=True)
        incidents.follow_check(row.id, found, is_there=True, now=now)


def _handoff(run: Run, row: Delivery, basis: _Basis, *, driver_id: str, act: Act) -> Handoff:
    release = basis.release
    return Handoff(
        id=new_id("hnd"),
        delivery_id=row.id,
        run_id=run.id,
        epoch=run.epoch,
        kind="pickup",
        level=basis.level.value,
        from_kind="store",
        from_id=row.store_id,
        to_kind="driver",
        to_id=driver_id,
        parcel_count=row.parcel_count,
        evidence_kind=basis.shown.kind,
        token=release.token if release else None,
        nonce=release.nonce if release else None,
        desk_kid=release.desk_kid if release else None,
        clerk_number=release.clerk_number if release else None,
        flags=",".join(release.flags) if release else "",
        occurred_at=act.at,
        received_at=act.now,
    )


def _given_at(row: Delivery, release: codes.CheckedRelease | None) -> datetime | None:
    """Return when the desk said that it gave this code's parcels, if it said so before the scan."""
    if release is None:
        return None
    for event in eventlog.timeline(row.id, {EventType.HANDOFF_RELEASED}):
        facts = facts_of(event.record)
        nonces = cast("Sequence[str]", facts["nonces"])
        if release.nonce in nonces and facts.get("desk_kid") == release.desk_kid:
            return event.occurred_at
    return None


def _picked_up(row: Delivery, basis: _Basis, driver_id: str) -> NewEvent:
    shown, release = basis.shown, basis.release
    facts = {
        "level": basis.level.value,
        "evidence": shown.kind,
        "parcels": row.parcel_count,
        "nonce": release.nonce if release else None,
        "token_kid": release.desk_kid if release else None,
    }
    personal = {"reason": shown.text} if shown.kind == "assertion" else None
    subject = deliveries.subject(row, driver_id=driver_id)
    return NewEvent(EventType.HANDOFF_PICKED_UP, subject, facts, personal)


def show_release(
    text: str, *, run_id: str, desk_kid: int, store_id: str, check: codes.Check, now: datetime
) -> str:
    """Keep a release code that a desk shows now; return its short code, so that it can be typed.

    Raises:
        DomainError: `not_found` when the run has no open pickup at this store, `unknown_desk` when
            another desk signed, `bad_signature`, and those of `parse`.
    """
    run = runs.run(run_id)
    if run is None or run.driver_id is None or not _has_open_pickup(run_id, store_id):
        raise DomainError("not_found")
    scanned = parse(text)
    release = codes.read_release(text)
    if release.kid != desk_kid:
        raise DomainError("unknown_desk")
    verify(scanned, active_key, check, KeyRole.DESK)
    code = codes.short_code_of(text)
    session().add(
        ShownRelease(
            id=new_id("rel"),
            run_id=run_id,
            store_id=store_id,
            driver_id=run.driver_id,
            desk_kid=desk_kid,
            clerk_number=release.clerk,
            short_code=code,
            nonce=release.nonce.hex(),
            token=text,
            issued_at=min(datetime.fromtimestamp(release.iat, UTC), now),
        )
    )
    session().flush()
    return code


def _has_open_pickup(run_id: str, store_id: str) -> bool:
    return any(stop.run_id == run_id for stop in runs.open_stops_at_store(store_id))


def give(
    run_id: str,
    *,
    delivery_ids: Sequence[str],
    nonces: Sequence[str],
    store_id: str,
    desk_kid: int,
    act: Act,
) -> None:
    """Record the desk's own statement that it gave parcels away; it raises a scanned handoff to E3.

    The driver's scan may come before or after; the statement alone moves nothing.

    Raises:
        DomainError: `not_found` for deliveries of another store.
    """
    rows = deliveries.deliveries_by_id(delivery_ids)
    if set(rows) != set(delivery_ids) or any(row.store_id != store_id for row in rows.values()):
        raise DomainError("not_found")
    run = runs.run(run_id)
    driver_id = run.driver_id if run is not None else None
    for handoff in queries.handoffs_of_kind(list(rows), "pickup"):
        if handoff.released_at is None and handoff.nonce in nonces and handoff.desk_kid == desk_kid:
            _raise_level(handoff, rows[handoff.delivery_id], act.at)
    session().flush()
    record(
        [
            NewEvent(
                EventType.HANDOFF_RELEASED,
                deliveries.subject(rows[delivery_id], driver_id=driver_id),
                {
                    "parcels": rows[delivery_id].parcel_count,
                    "nonces": list(nonces),
                    "desk_kid": desk_kid,
                },
            )
            for delivery_id in sorted(rows)
        ],
        act=act,
    )


def _raise_level(handoff: Handoff, row: Delivery, occurred_at: datetime) -> None:
    handoff.released_at = occurred_at
    if handoff.evidence_kind != "release_code":
        return
    handoff.level = EvidenceLevel.E3.value
    if row.status in {"picked_up", "enroute_to_dropoff", "arrived_at_dropoff"}:
        row.verification = EvidenceLevel.E3.value
