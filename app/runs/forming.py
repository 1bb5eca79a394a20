"""Putting a site's open deliveries into runs on offer: look, decide, write what still holds."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery, Outline
from app.domain.act import Act
from app.domain.events import EventType
from app.domain.forming import ORDERS_MAX, RunPlan, form, plan_run
from app.domain.pay import PayRule, pay_lines, raise_line
from app.domain.pay_rules import PAY_RULES, current_pay_rule
from app.domain.run import RunStatus, StopKind, StopStatus
from app.domain.site import SiteKind
from app.domain.wave import Berth, berth_for
from app.eventlog.service import NewEvent, record
from app.notify import pushes
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import ledger, looking, queries, showing
from app.runs.looking import Seen, forming_site, kind_of, open_delivery
from app.runs.models import Run, Stop
from app.sites import queries as sites

#: Orders that are given a place at once, those whose windows end first. Fifty take a second.
ORDERS_AT_ONCE: Final = 50
#: Runs that are written in one transaction: nobody else writes meanwhile, some 0.1 s.
RUNS_AT_ONCE: Final = 10


def look(site_id: str, *, now: datetime) -> Seen | None:
    """Read a site's first open deliveries and the runs that they may join; None where none waits.

    At most `ORDERS_AT_ONCE` are read; `is_anybody_waiting` tells afterwards whether there are more.
    """
    waiting = _first_waiting(site_id, now=now, limit=ORDERS_AT_ONCE)
    if not waiting:
        return None
    return looking.look(site_id, now=now, waiting=waiting, with_room_for=ORDERS_MAX)


def decide(seen: Seen, *, now: datetime) -> tuple[RunPlan, ...]:
    """Return the plans of runs that are new or changed. Takes a second; needs no database."""
    return form(seen.waiting, seen.runs, seen.site, now, seen.site.travel)


def write(seen: Seen, plans: Sequence[RunPlan], *, now: datetime) -> int:
    """Write those of the plans whose runs and deliveries are still as seen; return how many.

    The other deliveries go on waiting.
    """
    changed = looking.changed(seen, {plan.run_id for plan in plans if plan.run_id is not None})
    rows = deliveries.deliveries_by_id([each for plan in plans for each in plan.delivery_ids])
    stores = sites.stores_by_id({row.store_id for row in rows.values()})
    # Another door, another window, packed meanwhile: it would be planned otherwise.
    others = {
        each.id
        for each in seen.waiting
        if each.id in rows
        and not (_is_free(rows[each.id]) and open_delivery(rows[each.id], stores) == each)
    }
    count = 0
    for plan in plans:
        its = [rows[each] for each in plan.delivery_ids]
        if plan.run_id in changed or not others.isdisjoint(plan.delivery_ids):
            continue
        run = queries.run(plan.run_id, lock=True) if plan.run_id is not None else None
        write_plan(plan, run, its, site_id=seen.site_id, now=now)
        count += 1
    return count


def _is_free(row: Delivery) -> bool:
    return row.run_id is None and delivery_service.is_waiting(row)


def form_runs(site_id: str, *, now: datetime) -> int:
    """Put open deliveries of a site into runs at once; return how many are new or changed.

    For whoever has a transaction open; the job decides outside of it.
    """
    seen = look(site_id, now=now)
    return write(seen, decide(seen, now=now), now=now) if seen is not None else 0


def _first_waiting(site_id: str, *, now: datetime, limit: int) -> Sequence[Outline]:
    # Of a hub only what is there: nobody knows when a carrier comes.
    only_packed = kind_of(site_id) is SiteKind.HUB
    return deliveries.open_deliveries(site_id, now=now, limit=limit, only_packed=only_packed)


def is_anybody_waiting(site_id: str, *, now: datetime) -> bool:
    """Tell whether a site has deliveries that could be in a run and are in none."""
    return bool(_first_waiting(site_id, now=now, limit=1))


def plan_offer(run: Run, rows: Sequence[Delivery], *, now: datetime) -> None:
    """Plan a run on offer again after it lost a delivery; without any left it is cancelled."""
    if not rows:
        run.status = RunStatus.CANCELLED.value
        session().flush()
        return
    stores = sites.stores_by_id({row.store_id for row in rows})
    plan = plan_run(
        [open_delivery(row, stores) for row in rows], forming_site(run.site_id), now, run.id
    )
    write_plan(plan, run, rows, site_id=run.site_id, now=now)


def waiting_in(run_ids: Sequence[str]) -> list[Delivery]:
    """Return the deliveries of runs that still wait for a driver."""
    rows = deliveries.deliveries_of_runs(list(run_ids))
    return [row for row in rows if row.run_id is not None and delivery_service.is_waiting(row)]


def write_plan(
    plan: RunPlan, run: Run | None, rows: Sequence[Delivery], *, site_id: str, now: datetime
) -> None:
    """Write a plan's run, stops and pay; `rows` are its deliveries, and `run` None makes a new one.

    Each delivery that was not in the run before gets an event, and when drivers see the run from
    now on, all of them do.
    """
    is_new = run is None
    if run is None:
        run = _new_run(site_id, now)
        session().add(run)
    was_hidden = is_new or not showing.is_shown(run, now)
    run.distance_m = plan.distance_m
    run.duration_s = plan.duration_s
    run.parcel_count = plan.parcel_count
    run.litres = sum(row.parcel_count * row.parcel_litres for row in rows)
    run.window_from = plan.window_from
    run.window_until = plan.window_until
    session().flush()
    is_in_waves = kind_of(site_id) is SiteKind.STATION
    delay = _join_wave(run, plan, rows) if is_in_waves else timedelta()
    if was_hidden:
        delay = max(delay, showing.wait_or_show(run, plan, rows, now=now))
    _write_stops(run.id, plan, delay)
    _write_pay(run, plan, rows, now)
    joining = [row.id for row in rows if row.run_id != run.id]
    subjects = delivery_service.join_run(joining, run.id)
    if was_hidden and run.shown_at is None:
        subjects = [deliveries.subject(row) for row in rows]
        pushes.run_on_offer(run.id, now=now)
    what = EventType.RUN_OFFERED if showing.is_shown(run, now) else EventType.RUN_FORMED
    record(
        [NewEvent(what, subject, {"stops": len(plan.stops)}) for subject in subjects],
        act=Act.of_system(now),
    )


def current_rule(site_id: str) -> PayRule:
    """Return the pay rule under which a site's new runs are made."""
    return current_pay_rule(kind_of(site_id))


def _join_wave(run: Run, plan: RunPlan, rows: Sequence[Delivery]) -> timedelta:
    """Give a station's run its wave and bay; return how much later than planned it leaves."""
    by_id = {row.id: row for row in rows}
    pickup = next(stop for stop in plan.stops if stop.kind is StopKind.PICKUP)
    slack = min(
        by_id[stop.delivery_id].window_until - stop.planned_at
        for stop in plan.stops
        if stop.delivery_id is not None
    )
    present = Berth(run.wave_at, run.bay) if run.wave_at is not None and run.bay else None
    if present is None or run.sealed_at is None:
        berth = berth_for(
            ready_at=max(row.packed_at or row.ready_at for row in rows),
            starts_at=pickup.planned_at,
            latest=pickup.planned_at + slack,
            taken=queries.berths(run.site_id, but=run.id),
            present=present,
        )
        run.wave_at, run.bay = berth.wave_at, berth.bay
    return max(timedelta(), (run.wave_at or pickup.planned_at) - pickup.planned_at)


def _new_run(site_id: str, now: datetime) -> Run:
    rule = current_rule(site_id)
    return Run(
        id=new_id("run"),
        site_id=site_id,
        crew_site_id=site_id if kind_of(site_id) is SiteKind.HUB else None,
        status=RunStatus.OFFERED.value,
        epoch=0,
        pay_rule=rule.version,
        currency=rule.currency,
        created_at=now,
        offered_at=now,
        raises=0,
    )


def _write_stops(run_id: str, plan: RunPlan, delay: timedelta) -> None:
    session().execute(delete(Stop).where(Stop.run_id == run_id))
    session().add_all(
        Stop(
            id=new_id("stp"),
            run_id=run_id,
            number=number,
            kind=stop.kind.value,
            status=StopStatus.AHEAD.value,
            store_id=stop.store_id,
            delivery_id=stop.delivery_id,
            travel_s=stop.travel_s,
            distance_m=stop.distance_m,
            planned_at=stop.planned_at + delay,
        )
        for number, stop in enumerate(plan.stops, start=1)
    )
    session().flush()


def _write_pay(run: Run, plan: RunPlan, rows: Sequence[Delivery], now: datetime) -> None:
    lines = pay_lines(
        PAY_RULES[run.pay_rule],
        plan.distance_m,
        len(plan.stops),
        {row.id: row.tip_minor for row in rows},
        plan.parcel_count,
    )
    raised = raise_line(PAY_RULES[run.pay_rule], run.raises)
    ledger.write_offer(run, (*lines, *([raised] if raised is not None else [])), now=now)
