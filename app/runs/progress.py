"""A held run moving on: arrivals, finished stops, departure from the site, and the end."""

from collections.abc import Sequence
from datetime import datetime

from app.accounts import people
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ON_THE_WAY, DeliveryStatus, Mover
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.run import LEGAL_NEXT, RunStatus, StopKind, StopStatus
from app.eventlog.service import NewEvent, record
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import ledger, queries, reordering, schedule
from app.runs.claims import require_held
from app.runs.models import Run, Stop

_CLOSED = frozenset({StopStatus.DONE.value, StopStatus.SKIPPED.value})


def stop_of_driver(stop_id: str, driver_id: str, *, epoch: int | None = None) -> tuple[Run, Stop]:
    """Return a stop and its run, held by this driver and locked.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`.
    """
    stop = queries.stop(stop_id)
    if stop is None:
        raise DomainError("not_found")
    run = require_held(stop.run_id, driver_id, epoch=epoch)
    if stop.status in _CLOSED:
        raise DomainError("stop_closed")
    return run, stop


def arrive(stop_id: str, *, driver_id: str, act: Act) -> None:
    """Mark a driver's arrival at a stop. Arriving twice is answered as if it were once.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `stop_not_next` at a door before
            the parcels are collected.
    """
    run, stop = stop_of_driver(stop_id, driver_id)
    if stop.status == StopStatus.ARRIVED.value:
        return
    concerned = deliveries_of_stop(stop)
    after = _ARRIVED_STATUS[StopKind(stop.kind)]
    if stop.kind == StopKind.DROPOFF.value and run.status != RunStatus.DELIVERING.value:
        raise DomainError("stop_not_next")
    moving = [
        row
        for row in concerned
        # Who has gone elsewhere first comes a second time.
        if DeliveryStatus(row.status) not in {DeliveryStatus.CANCELLED, after}
    ]
    for row in moving:
        delivery_service.move(row, after, Mover.DRIVER, now=act.now)
    stop.status = StopStatus.ARRIVED.value
    stop.arrived_at = act.at
    work = schedule.work_of(run, deliveries.deliveries_of_run(run.id))
    schedule.plan_again(queries.stops_of_run(run.id), work, now=act.now)
    session().flush()
    # At a counter that is not ready another store may be better first.
    reordering.want_look(run.id, now=act.now)
    record(
        [
            NewEvent(
                EventType.STOP_ARRIVED,
                deliveries.subject(row, driver_id=driver_id),
                {"stop": stop.kind},
            )
            for row in moving
        ],
        act=act,
    )


_ARRIVED_STATUS = {
    StopKind.PICKUP: DeliveryStatus.ARRIVED_AT_PICKUP,
    StopKind.DROPOFF: DeliveryStatus.ARRIVED_AT_DROPOFF,
    StopKind.RETURN: DeliveryStatus.ARRIVED_AT_RETURN,
}


def deliveries_of_stop(stop: Stop) -> list[Delivery]:
    """Return the deliveries that a stop still has work with.

    One at a door; at a store those of the run that are not past it.
    """
    if stop.delivery_id is not None:
        row = deliveries.delivery(stop.delivery_id)
        return [row] if row is not None else []
    return _work_at_store(stop, deliveries.deliveries_of_run(stop.run_id))


def _work_at_store(stop: Stop, rows: Sequence[Delivery]) -> list[Delivery]:
    wanted = TO_GIVE_BACK if stop.kind == StopKind.RETURN.value else TO_COLLECT
    return [
        row
        for row in rows
        if row.store_id == stop.store_id and DeliveryStatus(row.status) in wanted
    ]


TO_COLLECT = frozenset({DeliveryStatus.ENROUTE_TO_PICKUP, DeliveryStatus.ARRIVED_AT_PICKUP})
TO_GIVE_BACK = frozenset({DeliveryStatus.ENROUTE_TO_RETURN, DeliveryStatus.ARRIVED_AT_RETURN})


def go_on(run: Run, *, driver_id: str, act: Act) -> None:
    """Bring a run up to date after something changed at one of its stops.

    Closes stops with nothing left to do, departs when everything is collected, adds returns,
    finishes after the last stop.
    """
    rows = deliveries.deliveries_of_run(run.id)
    by_id = {row.id: row for row in rows}
    stops = list(queries.stops_of_run(run.id))
    for stop in stops:
        if stop.status in _CLOSED:
            continue
        if stop.kind == StopKind.DROPOFF.value and stop.delivery_id is not None:
            _close_dropoff(stop, DeliveryStatus(by_id[stop.delivery_id].status), act.at)
        elif not _work_at_store(stop, rows):
            _close(stop, act.at)
    work = schedule.work_of(run, rows)
    stops += _missing_returns(run, work, stops, act.now)
    pickups_left = [
        stop for stop in stops if stop.kind == StopKind.PICKUP.value and stop.status not in _CLOSED
    ]
    if not pickups_left:
        _depart(run, rows, driver_id=driver_id, act=act)
    if all(stop.status in _CLOSED for stop in stops):
        _finish(run, stops, driver_id=driver_id, now=act.now)
    else:
        schedule.plan_again(stops, work, now=act.now)
    session().flush()


def reopen_door(run: Run, delivery_id: str) -> None:
    """Let a run go to a door again that it had left out."""
    for stop in queries.stops_of_run(run.id):
        if stop.delivery_id == delivery_id and stop.status == StopStatus.SKIPPED.value:
            stop.status = StopStatus.AHEAD.value
            stop.done_at = None
    session().flush()


def set_status(run: Run, after: RunStatus) -> None:
    """Move a run along its table; staying is no move.

    Raises:
        DomainError: `stop_closed` for an illegal move.
    """
    before = RunStatus(run.status)
    if before is after:
        return
    if after not in LEGAL_NEXT[before]:
        raise DomainError("stop_closed")
    run.status = after.value


def _close_dropoff(stop: Stop, status: DeliveryStatus, at: datetime) -> None:
    if status is DeliveryStatus.DELIVERED:
        _close(stop, at)
    elif status not in _STILL_TO_BRING:
        stop.status = StopStatus.SKIPPED.value
        stop.done_at = at


_STILL_TO_BRING = frozenset(
    {
        DeliveryStatus.ENROUTE_TO_PICKUP,
        DeliveryStatus.ARRIVED_AT_PICKUP,
        DeliveryStatus.PICKED_UP,
        DeliveryStatus.ENROUTE_TO_DROPOFF,
        DeliveryStatus.ARRIVED_AT_DROPOFF,
    }
)


def _close(stop: Stop, at: datetime) -> None:
    """Close a stop at the instant at which it happened: a phone without signal tells it later."""
    stop.status = StopStatus.DONE.value
    arrived_at = stop.arrived_at or at
    stop.arrived_at = arrived_at
    # Two devices' clocks: nobody goes before they came.
    stop.done_at = max(at, arrived_at)


def _missing_returns(
    run: Run, work: schedule.Work, stops: Sequence[Stop], now: datetime
) -> list[Stop]:
    going_back = {
        row.store_id
        for row in work.rows.values()
        if row.status == DeliveryStatus.ENROUTE_TO_RETURN.value
    }
    served = {
        stop.store_id
        for stop in stops
        if stop.kind == StopKind.RETURN.value and stop.status not in _CLOSED
    }
    added: list[Stop] = []
    for store_id in sorted(going_back - served):
        before = [*stops, *added]
        leg = schedule.leg_to_store(before, store_id, now=now, travel=work.pace.travel)
        row = Stop(
            id=new_id("stp"),
            run_id=run.id,
            number=max(stop.number for stop in before) + 1,
            kind=StopKind.RETURN.value,
            status=StopStatus.AHEAD.value,
            store_id=store_id,
            travel_s=leg.seconds,
            distance_m=leg.metres,
            planned_at=schedule.reached_after(before, leg, work, now=now),
        )
        session().add(row)
        added.append(row)
    return added


def _depart(run: Run, rows: Sequence[Delivery], *, driver_id: str, act: Act) -> None:
    leaving = [row for row in rows if row.status == DeliveryStatus.PICKED_UP.value]
    # What came from another driver's run is on the way already.
    if leaving or any(DeliveryStatus(row.status) in ON_THE_WAY for row in rows):
        set_status(run, RunStatus.DELIVERING)
    if not leaving:
        return
    for row in leaving:
        delivery_service.move(row, DeliveryStatus.ENROUTE_TO_DROPOFF, Mover.SYSTEM, now=act.now)
    session().flush()
    record(
        [
            NewEvent(EventType.DELIVERY_DEPARTED, deliveries.subject(row, driver_id=driver_id))
            for row in leaving
        ],
        act=act,
    )


def _finish(run: Run, stops: Sequence[Stop], *, driver_id: str, now: datetime) -> None:
    set_status(run, RunStatus.FINISHED)
    run.finished_at = now
    claim = queries.live_claim(run.id)
    if claim is not None:
        claim.ended_at = now
        claim.end_reason = RunStatus.FINISHED.value
    people.give_back_run_slot(driver_id)
    session().flush()
    ledger.settle(run, stops, now=now)
