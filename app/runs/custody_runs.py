"""Deliveries that follow their parcels: into a run of the driver who has them.

The claim gives way to custody (MP1, rule C1): the run that a delivery was in goes on without it.
"""

from datetime import datetime

from app.accounts import people
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.events import EventType
from app.domain.geo import Point
from app.domain.pay import PayKind, PayLineValue, pay_lines
from app.domain.pay_rules import PAY_RULES
from app.domain.run import HELD, RunStatus, StopKind, StopStatus
from app.eventlog.service import NewEvent, record
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import forming, ledger, progress, queries, schedule
from app.runs.models import Claim, Run, Stop
from app.sites import queries as sites

_CLOSED = frozenset({StopStatus.DONE.value, StopStatus.SKIPPED.value})


def put_in_charge(row: Delivery, driver_id: str, *, act: Act) -> Run:
    """Return the held run of a driver that carries a delivery, moving the delivery there.

    A driver who holds a run gets one more door in it; for one who holds none, a run of his own is
    made. Whoever had the delivery before is told, and keeps his pay.
    """
    before = queries.run(row.run_id, lock=True) if row.run_id else None
    if before is not None and before.driver_id == driver_id and RunStatus(before.status) in HELD:
        return before
    epoch = before.epoch + 1 if before is not None else 1
    run = queries.held_run(driver_id) or _own_run(row, driver_id, epoch, act=act)
    _add_door(run, row, now=act.now)
    if before is not None:
        leave(before, row, act=act)
    row.run_id = run.id
    session().flush()
    if before is not None and before.driver_id is not None and before.finished_at is None:
        progress.go_on(before, driver_id=before.driver_id, act=act)
        moved = deliveries.subject(row, driver_id=before.driver_id)
        facts = {"to": driver_id, "reason": "custody", "epoch": run.epoch}
        record([NewEvent(EventType.RUN_REASSIGNED, moved, facts)], act=act)
    return run


def leave(run: Run, row: Delivery, *, act: Act) -> None:
    """Take a delivery out of a run on offer, or close its door in a held one."""
    if run.status == RunStatus.OFFERED.value:
        rest = [each for each in deliveries.deliveries_of_run(run.id) if each.id != row.id]
        row.run_id = None
        session().flush()
        forming.plan_offer(run, rest, now=act.now)
        return
    for stop in queries.stops_of_run(run.id):
        if stop.delivery_id == row.id and stop.status not in _CLOSED:
            stop.status = StopStatus.SKIPPED.value
            stop.done_at = act.now
    ledger.take_tip(run, row.id, now=act.now)


def _own_run(row: Delivery, driver_id: str, epoch: int, *, act: Act) -> Run:
    """Make a run for a driver who holds none; `epoch` counts on from the run before it."""
    offered_under = forming.current_rule(row.site_id)
    run = Run(
        id=new_id("run"),
        site_id=row.site_id,
        status=RunStatus.COLLECTING.value,
        epoch=epoch,
        driver_id=driver_id,
        distance_m=0,
        duration_s=0,
        parcel_count=0,
        litres=0,
        window_from=row.window_from,
        window_until=row.window_until,
        pay_rule=offered_under.version,
        currency=offered_under.currency,
        created_at=act.now,
        claimed_at=act.now,
    )
    session().add(run)
    session().flush()
    session().add(
        Claim(id=new_id("clm"), run_id=run.id, driver_id=driver_id, epoch=epoch, claimed_at=act.now)
    )
    for line in pay_lines(offered_under, 0, 0, {}):
        ledger.add(run, line, now=act.now)
    people.add_run_slot(driver_id)
    session().flush()
    return run


def _add_door(run: Run, row: Delivery, *, now: datetime) -> None:
    """Add a drop-off at the end of a run, with what it pays; one that was given up is opened."""
    stops = queries.stops_of_run(run.id)
    ledger.bring_tip(run, row, now=now)
    for stop in stops:
        if stop.delivery_id == row.id:
            stop.status = StopStatus.AHEAD.value
            stop.done_at = None
            session().flush()
            return
    work = schedule.work_of(run, deliveries.deliveries_of_run(run.id))
    site = sites.site(row.site_id)
    start = Point(site.lat, site.lon) if site is not None else Point(row.lat, row.lon)
    leg = work.pace.travel(schedule.last_door(stops) or start, Point(row.lat, row.lon), now)
    session().add(
        Stop(
            id=new_id("stp"),
            run_id=run.id,
            number=max((stop.number for stop in stops), default=0) + 1,
            kind=StopKind.DROPOFF.value,
            status=StopStatus.AHEAD.value,
            delivery_id=row.id,
            travel_s=leg.seconds,
            distance_m=leg.metres,
            planned_at=schedule.reached_after(stops, leg, work, now=now, opens_at=row.window_from),
        )
    )
    run.parcel_count += row.parcel_count
    run.litres += row.parcel_count * row.parcel_litres
    run.distance_m += leg.metres
    run.duration_s += leg.seconds
    rule = PAY_RULES[run.pay_rule]
    rate = rule.per_stop_minor
    ledger.add(run, PayLineValue(PayKind.PER_STOP, row.id, rate, 1, rate), now=now)
    if rule.per_parcel_minor:
        rate, count = rule.per_parcel_minor, row.parcel_count
        line = PayLineValue(PayKind.PER_PARCEL, row.id, rate * count, count, rate)
        ledger.add(run, line, now=now)
    session().flush()
