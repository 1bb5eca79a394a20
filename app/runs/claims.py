"""Claiming and releasing runs: one guarded UPDATE decides, and its row count is the only judge."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists, func, insert, or_, update

from app.accounts import people
from app.accounts import queries as accounts
from app.accounts.people import RunSlot
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import DeliveryStatus, Mover, status_before_claim
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.run import RELEASE_SPAN, ReleaseReason, RunStatus, StopStatus, pause_left
from app.eventlog.service import NewEvent, record
from app.notify import pushes
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, refresh_loaded, session
from app.runs import asks, forming, queries, schedule, showing
from app.runs.models import Claim, OfferAsk, Run

_RUN: Final = table_of(Run)
#: Made once: in the rush for a good run this is the statement that everybody sends.
_TAKE_RUN: Final = (
    update(_RUN)
    .where(
        _RUN.c.id == bindparam("wanted_run"),
        _RUN.c.status == RunStatus.OFFERED.value,
        _RUN.c.driver_id.is_(None),
        _RUN.c.window_until > bindparam("at"),
        or_(_RUN.c.crew_site_id.is_(None), _RUN.c.crew_site_id == bindparam("of_hub")),
    )
    .values(
        driver_id=bindparam("taker"),
        status=RunStatus.CLAIMED.value,
        epoch=_RUN.c.epoch + 1,
        version=_RUN.c.version + 1,
        claimed_at=bindparam("at"),
    )
    .returning(_RUN.c.epoch)
)
_ASK: Final = table_of(OfferAsk)
_OFFERED_AT: Final = func.coalesce(_RUN.c.offered_at, _RUN.c.created_at)
#: The same for whoever taps: not while askers are ranked, and after those who have asked.
_TAP_RUN: Final = _TAKE_RUN.where(
    # As `asks.ranked_until`: an offer from far ahead locks nobody out.
    or_(
        bindparam("offered_by") >= _OFFERED_AT,
        bindparam("offered_ahead") <= _OFFERED_AT,
    ),
    ~exists().where(_ASK.c.run_id == bindparam("asked_run"), _ASK.c.answered_at.is_(None)),
    # As `queries.shown_by`: it may still wait for more orders.
    or_(_RUN.c.shown_at.is_(None), _RUN.c.shown_at <= bindparam("at")),
)
#: Who ends a claim, where it is not the driver.
_RELEASED_BY: Final = {
    ReleaseReason.DISPATCHER: Mover.DISPATCHER,
    ReleaseReason.NO_PROGRESS: Mover.SYSTEM,
    ReleaseReason.STORE_NOT_READY: Mover.CLERK,
}
_NOTE_CLAIM: Final = insert(table_of(Claim))


def claim_run(run_id: str, *, driver_id: str, act: Act, window: timedelta = timedelta(0)) -> int:
    """Give a run on offer to a driver and return its epoch: exactly one of all who tap wins.

    Nobody does before the run has been on offer for `window`, or while somebody who asked for it
    waits for an answer (`offering`).

    The order of the writes (driver, run, deliveries) is the same everywhere, so that no two
    requests wait for each other.

    Raises:
        DomainError: `not_found`, `run_gone`, `already_claimed`, `run_limit`, `not_on_duty`,
            `driver_not_approved`, `claim_cool_down`, `offer_ranked`, `hub_drivers_only`,
            `run_not_shown`, `run_back_on_offer`.
    """
    require_no_pause(driver_id, act.now)
    slot = people.take_run_slot(driver_id)
    if slot is None:
        raise why_no_slot(driver_id, run_id)
    tap = {
        "offered_by": act.now - window,
        "offered_ahead": act.now + window,
        "asked_run": run_id,
    }
    tap |= _asked(run_id, driver_id, slot, act)
    won = execute(_TAP_RUN, tap).first()
    if won is None:
        refusal = why_lost(run_id, driver_id, now=act.now, window=window)
        # Somebody had it when this tap came, and gave it back before it was asked why.
        won = execute(_TAP_RUN, tap).first() if refusal.code == "run_back_on_offer" else None
        if won is None:
            raise refusal
    return _note(run_id, int(won.epoch), driver_id=driver_id, act=act)


def take_run(
    run_id: str, *, driver_id: str, slot: RunSlot, act: Act, reason: str = ""
) -> int | None:
    """Give a run on offer to a driver; return its epoch, or None if it is gone.

    Args:
        run_id: The run.
        driver_id: Who gets it, by an own claim or by somebody else's word.
        slot: The driver's place for it.
        act: Who does it, and when.
        reason: Why, when it is not the driver's own act.
    """
    won = execute(_TAKE_RUN, _asked(run_id, driver_id, slot, act)).first()
    if won is None:
        return None
    return _note(run_id, int(won.epoch), driver_id=driver_id, act=act, reason=reason)


def _asked(run_id: str, driver_id: str, slot: RunSlot, act: Act) -> dict[str, object]:
    return {"wanted_run": run_id, "taker": driver_id, "at": act.now, "of_hub": slot.hub_id}


def _note(run_id: str, epoch: int, *, driver_id: str, act: Act, reason: str = "") -> int:
    """Write down what follows from a run that was won just now; return its epoch."""
    claim = {
        "id": new_id("clm"),
        "run_id": run_id,
        "driver_id": driver_id,
        "epoch": epoch,
        "claimed_at": act.now,
    }
    execute(_NOTE_CLAIM, claim)
    subjects = delivery_service.send_driver(run_id, driver_id=driver_id)
    facts = {"driver": driver_id}
    personal = {"reason": reason} if reason else None
    record(
        [NewEvent(EventType.RUN_CLAIMED, subject, facts, personal) for subject in subjects],
        act=act,
    )
    schedule.plan_claimed(run_id, now=act.now)
    refresh_loaded()
    return epoch


def require_no_pause(driver_id: str, now: datetime) -> None:
    """Let nobody go on who claims and gives back again and again.

    Raises:
        DomainError: `claim_cool_down`.
    """
    left = pause_left(queries.release_ages(driver_id, now=now, span=RELEASE_SPAN))
    if left:
        raise DomainError("claim_cool_down", retry_after_s=int(left.total_seconds()) + 1)


def why_no_slot(driver_id: str, run_id: str) -> DomainError:
    """Return why a driver may take no run now."""
    driver = accounts.driver(driver_id)
    if driver is None:
        return DomainError("not_found")
    if not driver.is_approved:
        return DomainError("driver_not_approved")
    if not driver.is_on_duty:
        return DomainError("not_on_duty")
    if queries.run(run_id) is None:
        return DomainError("not_found")
    return DomainError("run_limit", max_active=driver.max_active_runs)


def why_lost(
    run_id: str, driver_id: str, *, now: datetime, window: timedelta = timedelta(0)
) -> DomainError:
    """Return why a run cannot be had, or not yet; `window` as for `claim_run`."""
    row = queries.run(run_id)
    if row is None:
        return DomainError("not_found")
    if row.crew_site_id is not None and row.crew_site_id != accounts.hub_of(driver_id):
        return DomainError("hub_drivers_only")
    if row.driver_id is not None and row.driver_id != driver_id:
        return DomainError("already_claimed")
    if row.status != RunStatus.OFFERED.value or row.window_until <= now:
        return DomainError("run_gone")
    return DomainError(_why_not_yet(row, now=now, window=window))


def _why_not_yet(run: Run, *, now: datetime, window: timedelta) -> str:
    """Return the code of why a run on offer could not be had a moment ago."""
    if not showing.is_shown(run, now):
        return "run_not_shown"
    if asks.ranked_until(run, window, now) is not None or asks.open_asks(run.id):
        return "offer_ranked"
    return "run_back_on_offer"


def release_run(run_id: str, *, driver_id: str, reason: ReleaseReason, note: str, act: Act) -> None:
    """Give a claimed run back before the first collection; it is on offer again at once.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `run_not_releasable`.
    """
    row = require_held(run_id, driver_id)
    if row.status != RunStatus.CLAIMED.value:
        raise DomainError("run_not_releasable")
    give_up(row, driver_id=driver_id, reason=reason, note=note, act=act)


def give_up(run: Run, *, driver_id: str, reason: ReleaseReason, note: str, act: Act) -> None:
    """Put a claimed run of which nothing is collected on offer again."""
    run.status = RunStatus.OFFERED.value
    run.driver_id = None
    run.claimed_at = None
    run.offered_at, run.shown_at = act.now, None
    claim = queries.live_claim(run.id)
    if claim is not None:
        claim.ended_at = act.now
        claim.end_reason = reason.value
    people.give_back_run_slot(driver_id)
    pushes.run_on_offer(run.id, now=act.now)
    for stop in queries.stops_of_run(run.id):
        if stop.status == StopStatus.ARRIVED.value:
            stop.status = StopStatus.AHEAD.value
            stop.arrived_at = None
    carried = deliveries.deliveries_of_run(run.id)
    rows = [each for each in carried if each.status != DeliveryStatus.CANCELLED.value]
    put_back(rows, driver_id=driver_id, reason=reason, note=note, act=act)
    if len(rows) < len(carried):
        _plan_without_cancelled(run, carried, now=act.now)


def put_back(
    rows: Sequence[Delivery], *, driver_id: str, reason: ReleaseReason, note: str, act: Act
) -> None:
    """Let deliveries that a driver was to collect wait for another one."""
    by = _RELEASED_BY.get(reason, Mover.DRIVER)
    for each in rows:
        after = status_before_claim(is_packed=each.packed_at is not None)
        delivery_service.move(each, after, by, now=act.now)
    session().flush()
    record(
        [
            NewEvent(
                EventType.RUN_RELEASED,
                deliveries.subject(each, driver_id=driver_id),
                {"driver": driver_id, "reason": reason.value},
                {"note": note} if note else None,
            )
            for each in rows
        ],
        act=act,
    )


def _plan_without_cancelled(run: Run, carried: Sequence[Delivery], *, now: datetime) -> None:
    """Plan an offer again, so that the next driver is not promised stops that are no more."""
    for each in carried:
        if each.status == DeliveryStatus.CANCELLED.value:
            each.run_id = None
    session().flush()
    forming.plan_offer(run, [each for each in carried if each.run_id is not None], now=now)


def require_run(run_id: str) -> Run:
    """Return a run.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.run(run_id)
    if row is None:
        raise DomainError("not_found")
    return row


def require_held(run_id: str, driver_id: str, *, epoch: int | None = None) -> Run:
    """Return a run that this driver holds, locked against other writers.

    Raises:
        DomainError: `not_found` when it never was the driver's, `run_reassigned` when it is no
            longer.
    """
    row = queries.run(run_id, lock=True)
    if row is None:
        raise DomainError("not_found")
    if row.driver_id == driver_id and row.status in {"claimed", "collecting", "delivering"}:
        if epoch is not None and epoch != row.epoch:
            raise DomainError("run_reassigned")
        return row
    if row.driver_id == driver_id:
        raise DomainError("stop_closed")
    raise DomainError("run_reassigned" if queries.was_held_by(run_id, driver_id) else "not_found")
