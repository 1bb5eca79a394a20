"""Putting a site's open deliveries into runs on offer: the domain's rule meets the tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ProofKind
from app.domain.events import EventType
from app.domain.forming import FormingSite, OfferedRun, OpenDelivery, RunPlan, form, plan_run
from app.domain.geo import Point
from app.domain.pay import PayRule, pay_lines, raise_line
from app.domain.pay_rules import PAY_RULES, current_pay_rule
from app.domain.run import RunStatus, StopKind, StopStatus
from app.domain.site import SiteKind
from app.domain.wave import Berth, berth_for
from app.eventlog.service import NewEvent, record
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.runs import learning, ledger, queries, showing
from app.runs.models import Run, Stop
from app.sites import queries as sites
from app.sites.queries import Store

#: Offered runs that a new order may join; the oldest windows first.
RUNS_CONSIDERED = 200
#: Orders that are given a place in one transaction, those whose windows end first: of thousands at
#: once nobody else would write for minutes. Fifty take a second or two.
ORDERS_AT_ONCE = 50


def form_runs(site_id: str, *, now: datetime) -> int:
    """Put open deliveries of a site into runs; return how many are new or changed.

    At most `ORDERS_AT_ONCE` find a place; `is_anybody_waiting` tells whether there are more.
    """
    waiting = _first_waiting(site_id, now=now, limit=ORDERS_AT_ONCE)
    if not waiting:
        return 0
    site = forming_site(site_id)
    offered = [
        queries.run(row.id, lock=True)
        for row in queries.offered_runs(site_id, now=now, limit=RUNS_CONSIDERED, may_change=True)
    ]
    offered = [row for row in offered if row is not None and is_open(row)]
    carried: dict[str, list[Delivery]] = {row.id: [] for row in offered}
    for row in waiting_in(list(carried)):
        carried[row.run_id or ""].append(row)
    everything = [*waiting, *(row for rows in carried.values() for row in rows)]
    stores = sites.stores_by_id({row.store_id for row in everything})
    plans = form(
        [open_delivery(row, stores) for row in waiting],
        [
            OfferedRun(run_id, tuple(open_delivery(row, stores) for row in rows))
            for run_id, rows in carried.items()
            if rows
        ],
        site,
        now,
        site.travel,
    )
    by_id = {row.id: row for row in everything}
    by_run = {row.id: row for row in offered}
    for plan in plans:
        run = by_run[plan.run_id] if plan.run_id else None
        write_plan(plan, run, [by_id[each] for each in plan.delivery_ids], site_id=site_id, now=now)
    return len(plans)


def _first_waiting(site_id: str, *, now: datetime, limit: int) -> list[Delivery]:
    # Of a hub only what is there: nobody knows when a carrier comes.
    only_packed = kind_of(site_id) is SiteKind.HUB
    return list(deliveries.open_deliveries(site_id, now=now, limit=limit, only_packed=only_packed))


def is_anybody_waiting(site_id: str, *, now: datetime) -> bool:
    """Tell whether a site has deliveries that could be in a run and are in none."""
    return bool(_first_waiting(site_id, now=now, limit=1))


def places_to_form(site_id: str, *, now: datetime) -> list[Point]:
    """Return where a forming of now could drive: the site's parking, and doors."""
    waiting = _first_waiting(site_id, now=now, limit=ORDERS_AT_ONCE)
    if not waiting:
        return []
    offered = queries.offered_runs(site_id, now=now, limit=RUNS_CONSIDERED)
    rows = [*waiting, *waiting_in([run.id for run in offered])]
    return [forming_site(site_id).parking, *(Point(row.lat, row.lon) for row in rows)]


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


def is_open(run: Run) -> bool:
    """Tell whether a run may still gain or lose orders: on offer, and nothing of it is sorted."""
    return run.status == RunStatus.OFFERED.value and run.sealed_at is None


def kind_of(site_id: str) -> SiteKind:
    """Return what a site is.

    Raises:
        LookupError: When there is no such site.
    """
    site = sites.site(site_id)
    if site is None:
        message = f"site {site_id} is missing"
        raise LookupError(message)
    return SiteKind(site.kind)


def waits_for_orders(site_id: str) -> bool:
    """Tell whether the runs of a site wait for more orders before drivers see them."""
    site = sites.site(site_id)
    return site is not None and site.waits_for_orders


def forming_site(site_id: str) -> FormingSite:
    """Return where the runs of a site begin.

    Raises:
        LookupError: When there is no such site.
    """
    site = sites.site(site_id)
    if site is None:
        message = f"site {site_id} is missing"
        raise LookupError(message)
    pace = learning.pace_of(site)
    return FormingSite(
        entrance=Point(site.entrance_lat, site.entrance_lon),
        parking=Point(site.parking_lat, site.parking_lon),
        entrance_floor=site.entrance_floor,
        times=pace.times,
        travel=pace.travel,
    )


def open_delivery(row: Delivery, stores: dict[str, Store]) -> OpenDelivery:
    """Return a delivery as the domain plans it; `stores` by id has its store."""
    store = stores[row.store_id]
    return OpenDelivery(
        id=row.id,
        store_id=row.store_id,
        store_point=Point(store.lat, store.lon),
        floor=store.floor,
        dropoff=Point(row.lat, row.lon),
        window_from=row.window_from,
        window_until=row.window_until,
        ready_at=row.packed_at or row.ready_at,
        parcels=row.parcel_count,
        litres=row.parcel_count * row.parcel_litres,
        proof=ProofKind(row.proof),
    )


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
