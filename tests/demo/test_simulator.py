from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts import devices, people
from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.demo import queries as demo
from app.demo import service, simulator
from app.demo.devices import desk_of
from app.demo.tools import DemoTools
from app.domain.errors import DomainError
from app.domain.position import SPEED_MAX_M_PER_S
from app.handoffs import queries as handoffs
from app.jobs import worker
from app.jobs.handlers import HANDLERS
from app.keys import new_private_key, public_bytes
from app.persistence.transaction import transaction
from app.runs import queries as runs
from app.sites import queries as sites

pytestmark = pytest.mark.slow


def begin(app: Flask) -> simulator.Ride:
    with transaction():
        return simulator.begin(
            sites.all_sites()[0].id, DemoTools.of(app.extensions), now=clock.now()
        )


def run_jobs_until_over(run_id: str) -> None:
    """Run the chain of steps, each at its time."""
    now = clock.now()
    for _ in range(400):
        now += simulator.STEP
        with clock.frozen(now):
            worker.run_due(HANDLERS)
        run = runs.run(run_id)
        assert run is not None
        if run.finished_at is not None:
            return


def test_a_run_is_delivered_with_proof_within_minutes(app: Flask):
    with app.app_context():
        ride = begin(app)
        started = clock.now()

        run_jobs_until_over(ride.run_id)

        run = runs.run(ride.run_id)
        assert run is not None
        assert run.status == "finished"
        assert run.finished_at is not None
        assert timedelta(minutes=1) < run.finished_at - started < timedelta(minutes=8)
        for row in deliveries.deliveries_of_run(ride.run_id):
            kinds = {each.kind: each for each in handoffs.handoffs_of(row.id)}
            assert row.status == "delivered"
            assert kinds["pickup"].level == "E3"
            expected = {"pin": "pin", "photo": "photo", "none": "none"}[row.proof]
            assert kinds["dropoff"].evidence_kind == expected


def test_the_driver_goes_off_duty_after_the_last_stop(app: Flask):
    with app.app_context():
        ride = begin(app)
        run_jobs_until_over(ride.run_id)
        with clock.frozen(clock.now() + timedelta(hours=1)):
            worker.run_due(HANDLERS, limit=100)

        driver = accounts.driver(ride.driver_id)
        assert driver is not None
        assert not driver.is_on_duty
        assert driver.active_runs == 0


def test_positions_are_slow_enough_to_be_believed():
    assert SPEED_MAX_M_PER_S * simulator.STEP.total_seconds() >= simulator.STRIDE_M


def test_a_real_tablet_is_left_alone(app: Flask):
    with app.app_context():
        store = sites.all_stores()[0]
        desk = sites.desks_of_store(store.id)[0]
        with transaction():
            code = devices.make_desk_enrolment(desk.id, now=clock.now())
            key = public_bytes(new_private_key())
            device, _ = devices.enrol_desk(code, public_key=key, now=clock.now())
            kid = device.kid

        with transaction():
            assert desk_of(store.id, DemoTools.of(app.extensions), now=clock.now()) is None
        active = accounts.active_desk_device(desk.id)
        assert active is not None
        assert active.kid == kid


def test_a_visitors_driver_is_never_simulated(app: Flask):
    leads = {"dina@mallrun.example", "darius@mallrun.example", "daphne@mallrun.example"}
    with app.app_context():
        taken = [begin(app).driver_id for _ in range(4)]
        with pytest.raises(DomainError, match="demo_drivers_busy"):
            begin(app)
        people_taken = accounts.people_by_id(taken).values()

        assert len(set(taken)) == 4
        assert leads.isdisjoint(person.email for person in people_taken)


def test_a_driver_on_duty_is_not_taken(app: Flask):
    with app.app_context():
        dev = accounts.person_by_login("dev@mallrun.example")
        assert dev is not None
        with transaction():
            people.set_duty(
                dev.id, is_on_duty=True, site_id=sites.all_sites()[0].id, now=clock.now()
            )

        assert begin(app).driver_id != dev.id


def test_new_orders_come_when_few_runs_are_on_offer(app: Flask):
    with app.app_context():
        late = clock.now() + timedelta(days=1)
        with transaction():
            service.look_after(now=late)

        for site in demo.malls():
            assert len(runs.offered_runs(site.id, now=late)) >= 2
            waiting = [
                row
                for store in sites.stores_of_site(site.id)
                for row in deliveries.at_store(store.id)
            ]
            assert all(row.window_until > late for row in waiting)


def test_enough_runs_on_offer_are_left_as_they_are(app: Flask):
    with app.app_context():
        now = clock.now()
        before = [len(runs.offered_runs(site.id, now=now)) for site in demo.malls()]
        with transaction():
            service.look_after(now=now)

        after = [len(runs.offered_runs(site.id, now=now)) for site in demo.malls()]
        assert after == before
        assert demo.is_demo()
