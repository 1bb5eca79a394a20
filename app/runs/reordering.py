"""Another order of a held run's stops: looked for, proposed, and taken only with consent.

Nothing here changes an order by itself, before or after the first drop-off: the driver reads why
and what it saves, and says yes or no. A no is heard for a quarter of an hour.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import WITH_STORE, DeliveryStatus, ProofKind
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.geo import Point
from app.domain.pay import PayKind, per_mile_line
from app.domain.pay_rules import PAY_RULES
from app.domain.reordering import NOT_READY_S, propose, timed
from app.domain.run import HELD, RunStatus, StopKind, StopStatus
from app.domain.stops_left import DoorLeft, Left, NextStop, PickupLeft
from app.domain.walking import Spot
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import claims, learning, ledger, queries
from app.runs.models import OrderProposal, Run, Stop
from app.runs.under_way import OpenProposal, RunStop
from app.sites import queries as sites
from app.sites.queries import Site, Store

LOOK: Final = "look_for_order"
#: Whoever has said no is not asked again for so long.
QUIET: Final = timedelta(minutes=15)
_OPEN: Final = frozenset({StopStatus.AHEAD.value, StopStatus.ARRIVED.value})
#: Above any number of a stop: while stops change places no two have one number.
_ASIDE: Final = 10_000


def ask_for_looks(*, now: datetime) -> int:
    """Ask for a look at every held run, each in a job of its own."""
    query = select(Run.id).where(Run.driver_id.is_not(None), Run.finished_at.is_(None))
    run_ids = session().scalars(query).all()
    for run_id in run_ids:
        want_look(run_id, now=now)
    return len(run_ids)


def want_look(run_id: str, *, now: datetime) -> None:
    """Ask for a look at one run, soon."""
    enqueue(LOOK, {"run_id": run_id}, key=f"{LOOK}:{run_id}", run_at=now, now=now)


def look(run_id: str, *, here: Point | None, now: datetime) -> bool:
    """Look whether another order is worth asking, and ask; tell whether something is asked now.

    Args:
        run_id: The run.
        here: Where the driver is, if anybody knows.
        now: The present.
    """
    run = queries.run(run_id, lock=True)
    if run is None or RunStatus(run.status) not in HELD:
        return False
    stops = queries.stops_of_run(run_id)
    asked = open_proposal(run_id)
    if is_at_door(stops):
        # Hands are full; what is proposed stands until the door is done.
        return asked is not None
    left = _left(run, stops, here, now)
    found = propose(left, now) if left is not None else None
    if asked is not None and found is not None and _stop_ids(asked) == found.stop_ids:
        return True
    if asked is not None:
        _end(asked, "over", now=now)
    if found is None or _said_no(run_id, since=now - QUIET):
        return False
    session().add(
        OrderProposal(
            id=new_id("ord"),
            run_id=run_id,
            epoch=run.epoch,
            stop_ids=json.dumps(found.stop_ids),
            reason=found.reason.value,
            about_stop_id=found.about,
            saved_s=found.saved_s,
            late_saved_s=found.late_saved_s,
            wait_s=found.wait_s,
            created_at=now,
        )
    )
    session().flush()
    _tell(EventType.RUN_ORDER_PROPOSED, run, {"reason": found.reason.value}, Act.of_system(now))
    return True


def open_proposal(run_id: str) -> OrderProposal | None:
    """Return what a run's driver is asked now, or None. One query."""
    query = select(OrderProposal).where(
        OrderProposal.run_id == run_id, OrderProposal.answered_at.is_(None)
    )
    return session().scalars(query).first()


def stop_ids_of(proposal: OrderProposal | OpenProposal) -> tuple[str, ...]:
    """Return the proposed order."""
    return _stop_ids(proposal)


def answer(proposal_id: str, *, driver_id: str, is_taken: bool, act: Act) -> None:
    """Take a driver's word on a proposed order; yes changes the order, no leaves it.

    Further miles are paid as lines of their own; what was promised stays. Answering twice in one
    way is answered as if it were once.

    Raises:
        DomainError: `not_found`, `run_reassigned`; `order_outdated` when stops have changed since.
    """
    row = session().get(OrderProposal, proposal_id)
    if row is None:
        raise DomainError("not_found")
    run = claims.require_held(row.run_id, driver_id, epoch=row.epoch)
    outcome = "taken" if is_taken else "kept"
    if row.outcome == outcome:
        return
    if row.outcome is not None:
        raise DomainError("order_outdated")
    if is_taken:
        _change(run, _stop_ids(row), now=act.now)
    _end(row, outcome, now=act.now)
    if is_taken:
        _tell(EventType.RUN_REORDERED, run, {"reason": row.reason}, act)


def _change(run: Run, stop_ids: Sequence[str], *, now: datetime) -> None:
    stops = queries.stops_of_run(run.id)
    left = _left(run, stops, None, now)
    moving = {stop.id: stop for stop in stops if stop.id in stop_ids and stop.status in _OPEN}
    known = {*(each.stop_id for each in (*left.pickups, *left.doors))} if left else set[str]()
    if left is None or is_at_door(stops) or known != set(stop_ids) or set(moving) != known:
        raise DomainError("order_outdated")
    before_m = sum(stop.distance_m for stop in moving.values() if stop.delivery_id is not None)
    numbers = sorted(stop.number for stop in moving.values())
    for stop in moving.values():
        stop.number += _ASIDE
    session().flush()
    planned = timed(left, stop_ids, now)
    for number, next_stop in zip(numbers, planned, strict=True):
        _move(moving[next_stop.stop_id], number, next_stop, is_next=number == numbers[0])
    session().flush()
    driven_m = sum(stop.distance_m for stop in moving.values() if stop.delivery_id is not None)
    _pay_further(run, driven_m - before_m, now=now)


def _move(stop: Stop, number: int, planned: NextStop, *, is_next: bool) -> None:
    stop.number, stop.planned_at = number, planned.planned_at
    stop.travel_s, stop.distance_m = planned.travel_s, planned.distance_m
    if stop.status == StopStatus.ARRIVED.value and not is_next:
        # He goes elsewhere first and will come again.
        stop.status, stop.arrived_at = StopStatus.AHEAD.value, None


def _pay_further(run: Run, further_m: int, *, now: datetime) -> None:
    """Pay the miles that a new order adds; one that is shorter takes nothing away."""
    line = per_mile_line(PAY_RULES[run.pay_rule], further_m) if further_m > 0 else None
    if line is None:
        return
    kept = [
        each for each in queries.pay_lines([run.id])[run.id] if each.kind == PayKind.PER_MILE.value
    ]
    corrected = {each.corrects_id for each in kept}
    last = next((each for each in kept if each.id not in corrected), None)
    ledger.add(run, line, now=now, corrected=last)
    run.distance_m += further_m
    session().flush()


def _left(run: Run, stops: Sequence[Stop], here: Point | None, now: datetime) -> Left | None:
    """Return what is left of a run; None when there is nothing to bring into another order."""
    site = sites.site(run.site_id)
    rows = {row.id: row for row in deliveries.deliveries_of_run(run.id)}
    stores = sites.stores_by_id({stop.store_id for stop in stops if stop.store_id is not None})
    pickups = [
        _pickup(stop, stores[stop.store_id or ""], rows.values(), now)
        for stop in stops
        if stop.kind == StopKind.PICKUP.value and stop.status in _OPEN
    ]
    doors = [
        _door(stop, rows[stop.delivery_id])
        for stop in stops
        if stop.kind == StopKind.DROPOFF.value and stop.status in _OPEN and stop.delivery_id in rows
    ]
    if site is None or max(len(pickups), len(doors)) < 2:
        return None
    parking, pace = Point(site.parking_lat, site.parking_lon), learning.pace_of(site)
    return Left(
        pickups=tuple(pickups),
        doors=tuple(doors),
        walks_from=_on_foot_at(site, stops, stores),
        drives_from=parking if pickups else here or _last_door(stops, rows) or parking,
        entrance=_entrance(site),
        times=pace.times,
        travel=pace.travel,
    )


def _pickup(stop: Stop, store: Store, rows: Iterable[Delivery], now: datetime) -> PickupLeft:
    waiting = [
        row
        for row in rows
        if row.store_id == stop.store_id and DeliveryStatus(row.status) in WITH_STORE
    ]
    ready = [now if row.packed_at is not None else _ready_at(row, now) for row in waiting]
    spot = Spot(Point(store.lat, store.lon), store.floor)
    ready_at, count = max(ready, default=now), max(1, len(waiting))
    return PickupLeft(stop.id, spot, ready_at, count, store.id)


def _ready_at(row: Delivery, now: datetime) -> datetime:
    """Return when parcels that are not packed yet are ready, as far as anybody knows."""
    return max(row.ready_at, now + timedelta(seconds=NOT_READY_S))


def _door(stop: Stop, row: Delivery) -> DoorLeft:
    point, proof = Point(row.lat, row.lon), ProofKind(row.proof)
    return DoorLeft(stop.id, point, row.window_from, row.window_until, proof)


def _entrance(site: Site) -> Spot:
    return Spot(Point(site.entrance_lat, site.entrance_lon), site.entrance_floor)


def _on_foot_at(site: Site, stops: Sequence[Stop], stores: dict[str, Store]) -> Spot:
    """Return the counter at which the driver was last, or the entrance."""
    been = [
        (stop.arrived_at, stop.store_id)
        for stop in stops
        if stop.kind == StopKind.PICKUP.value and stop.arrived_at is not None
    ]
    store = stores.get(max(been)[1] or "") if been else None
    return Spot(Point(store.lat, store.lon), store.floor) if store is not None else _entrance(site)


def _last_door(stops: Sequence[Stop], rows: dict[str, Delivery]) -> Point | None:
    done = [
        stop.delivery_id
        for stop in stops
        if stop.delivery_id in rows and stop.status == StopStatus.DONE.value
    ]
    row = rows[done[-1] or ""] if done else None
    return Point(row.lat, row.lon) if row is not None else None


def is_at_door(stops: Sequence[Stop] | Sequence[RunStop]) -> bool:
    """Tell whether a driver stands at a door, or at a counter to give something back."""
    return any(
        stop.kind != StopKind.PICKUP.value and stop.status == StopStatus.ARRIVED.value
        for stop in stops
    )


def _said_no(run_id: str, *, since: datetime) -> bool:
    query = select(OrderProposal.id).where(
        OrderProposal.run_id == run_id,
        OrderProposal.outcome == "kept",
        OrderProposal.answered_at >= since,
    )
    return session().scalars(query).first() is not None


def _stop_ids(proposal: OrderProposal | OpenProposal) -> tuple[str, ...]:
    return tuple(json.loads(proposal.stop_ids))


def _end(proposal: OrderProposal, outcome: str, *, now: datetime) -> None:
    proposal.answered_at, proposal.outcome = now, outcome
    session().flush()


def _tell(what: EventType, run: Run, facts: dict[str, str], act: Act) -> None:
    rows = [row for row in deliveries.deliveries_of_run(run.id) if row.ended_at is None]
    driver_id = run.driver_id
    record(
        [NewEvent(what, deliveries.subject(row, driver_id=driver_id), facts) for row in rows],
        act=act,
    )
