"""Unclaimed runs are put together anew, and nothing that changed meanwhile is touched."""

import pytest
from sqlalchemy import select

from app import clock
from app.domain.events import EventType
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.jobs.queue import enqueue
from app.persistence.transaction import session, transaction
from app.runs import queries as runs
from app.runs import regrouping
from tests.factories import Mall
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

NORTH, SOUTH = 33.36, 33.25


def mixed(mall: Mall) -> list[str]:
    """Offer ten orders, north and south by turns: eight come into one run, two into another."""
    for number in range(10):
        mall.places(lat=SOUTH if number % 2 else NORTH)
    run_ids = mall.forms_runs()
    assert sorted(len(mall.deliveries_of(run_id)) for run_id in run_ids) == [2, 8]
    return run_ids


def sides(mall: Mall) -> list[list[float]]:
    """Return the latitudes of each run on offer."""
    with mall.reading():
        offered = [row.id for row in runs.offered_runs(mall.site_id, now=clock.now())]
    return sorted(sorted({row.lat for row in mall.deliveries_of(run_id)}) for run_id in offered)


def everything(mall: Mall, run_ids: list[str]) -> list[str]:
    return sorted(row.id for run_id in run_ids for row in mall.deliveries_of(run_id))


def looked(mall: Mall) -> regrouping.Seen:
    with mall.reading():
        seen = regrouping.look(mall.site_id, now=clock.now())
        session().rollback()
    return seen


def wrote(mall: Mall, seen: regrouping.Seen) -> regrouping.Written:
    change = regrouping.compute(seen, now=clock.now())
    with mall.writing():
        return regrouping.write(seen, change, now=clock.now())


def test_orders_of_one_direction_come_together(mall: Mall):
    run_ids = mixed(mall)
    before = everything(mall, run_ids)

    written = wrote(mall, looked(mall))

    assert written.is_whole
    assert written.run_count > 0
    assert sides(mall) == [[SOUTH], [NORTH]]
    assert everything(mall, run_ids) == before


def test_stops_and_pay_follow_the_orders(mall: Mall):
    run_ids = mixed(mall)

    wrote(mall, looked(mall))

    for run_id in run_ids:
        with mall.reading():
            doors = [row.delivery_id for row in runs.stops_of_run(run_id) if row.delivery_id]
            (per_stop,) = [
                row.quantity for row in runs.pay_lines([run_id])[run_id] if row.kind == "per_stop"
            ]
        assert sorted(doors) == everything(mall, [run_id])
        assert per_stop == len(doors) + 1


def test_moved_orders_tell_of_their_new_offer(mall: Mall):
    run_ids = mixed(mall)
    before = {row.id: row.run_id for each in run_ids for row in mall.deliveries_of(each)}

    wrote(mall, looked(mall))

    for delivery_id, run_id in before.items():
        offers = mall.events(delivery_id).count(EventType.RUN_OFFERED)
        assert offers == (1 if mall.delivery(delivery_id).run_id == run_id else 2)


def test_run_that_loses_everything_is_cancelled(mall: Mall, carl: Clerk):
    for _ in range(9):
        mall.places(lat=NORTH)
    run_ids = mall.forms_runs()
    full = max(run_ids, key=lambda run_id: len(mall.deliveries_of(run_id)))
    for row in mall.deliveries_of(full)[:2]:
        carl.post(f"deliveries/{row.id}/cancel", reason="Out of stock")

    wrote(mall, looked(mall))

    (emptied,) = set(run_ids) - {full}
    assert len(mall.deliveries_of(full)) == 7
    assert mall.run(emptied).status == "cancelled"
    assert sides(mall) == [[NORTH]]


def test_run_claimed_meanwhile_stays_as_it_is(mall: Mall, dina: Driver):
    run_ids = mixed(mall)
    seen = looked(mall)
    dina.claim(run_ids[0])
    before = [everything(mall, [run_id]) for run_id in run_ids]

    written = wrote(mall, seen)

    assert (written.run_count, written.is_whole) == (0, False)
    assert [everything(mall, [run_id]) for run_id in run_ids] == before


def test_order_cancelled_meanwhile_stays_cancelled(mall: Mall, carl: Clerk):
    run_ids = mixed(mall)
    seen = looked(mall)
    gone = mall.deliveries_of(run_ids[0])[0].id
    carl.post(f"deliveries/{gone}/cancel", reason="Out of stock")

    written = wrote(mall, seen)

    assert (written.run_count, written.is_whole) == (0, False)
    assert mall.delivery(gone).run_id is None


def test_forming_asks_for_a_look_at_the_whole(mall: Mall):
    mall.places()

    with mall.reading():
        HANDLERS["form_runs"](site_id=mall.site_id, now=clock.now())
        keys = session().scalars(select(Job.key).where(Job.done_at.is_(None))).all()

    assert f"regroup_runs:{mall.site_id}" in keys


def test_job_that_met_a_claim_asks_again(mall: Mall, dina: Driver, monkeypatch: pytest.MonkeyPatch):
    run_ids = mixed(mall)
    compute = regrouping.compute

    def slow(*given, **more):
        dina.claim(run_ids[0])
        return compute(*given, **more)

    monkeypatch.setattr(regrouping, "compute", slow)
    with mall.app.app_context():
        HANDLERS["regroup_runs"](site_id=mall.site_id, now=clock.now())
        keys = session().scalars(select(Job.key)).all()

    assert f"regroup_runs:{mall.site_id}" in keys


def test_nothing_to_gain_writes_nothing(mall: Mall):
    run_id = mall.offers({}, {})
    before = mall.run(run_id).version

    with mall.app.app_context():
        HANDLERS["regroup_runs"](site_id=mall.site_id, now=clock.now())

    assert mall.run(run_id).version == before


def test_job_computes_while_others_write(mall: Mall, monkeypatch: pytest.MonkeyPatch):
    mixed(mall)
    compute = regrouping.compute
    placed: list[str] = []

    def slow(seen: regrouping.Seen, **more):
        # Other tests leave jobs in the same database, due after a minute.
        if seen.site_id == mall.site_id:
            # Would wait for ever, were the job's transaction open.
            placed.append(mall.places(lat=NORTH))
        return compute(seen, **more)

    monkeypatch.setattr(regrouping, "compute", slow)
    with mall.app.app_context():
        with transaction():
            arguments = {"site_id": mall.site_id}
            enqueue("regroup_runs", arguments, key="r", run_at=clock.now(), now=clock.now())
        handlers = {"form_runs": lambda **_: None, "regroup_runs": HANDLERS["regroup_runs"]}
        worker.run_due(handlers, limit=1_000)

    assert len(placed) == 1
    assert sides(mall) == [[SOUTH], [NORTH]]
