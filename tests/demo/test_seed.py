from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app import clock
from app.accounts import queries as accounts
from app.deliveries import queries as deliveries
from app.demo import queries as demo
from app.demo import service
from app.demo.inbound import HUB_DRIVER
from app.demo.orders import slots
from app.demo.people import CLERKS, DRIVERS, OFFICE, SHARED_PASSWORD
from app.demo.tools import DemoTools
from app.domain.site import SiteKind
from app.keys import password_matches
from app.persistence.transaction import transaction
from app.runs import queries as runs
from app.sites import queries as sites

pytestmark = pytest.mark.slow


def test_every_mall_has_runs_on_offer_at_once(app: Flask):
    with app.app_context():
        offered = [runs.offered_runs(site.id, now=clock.now()) for site in demo.malls()]

    assert len(offered) == 3
    assert all(len(each) >= 2 for each in offered)


def test_every_store_has_a_free_desk_and_clerks_who_can_sign_in(app: Flask):
    with app.app_context():
        tools = DemoTools.of(app.extensions)
        for store in sites.all_stores():
            (desk,) = sites.desks_of_store(store.id)
            assert accounts.active_desk_device(desk.id) is None
            for clerk in (each for each in CLERKS if each.brand == store.name):
                code_hash = tools.clerk_code_hash(clerk.code, store.id)
                found = accounts.clerk_by_code(store.id, code_hash)
                assert found is not None
                assert found.first_name == clerk.first_name


def test_everybody_signs_in_with_the_shown_password_in_their_role(app: Flask):
    with app.app_context():
        for person in (*DRIVERS, *OFFICE):
            found = accounts.person_by_login(person.email)
            assert found is not None
            assert found.password_hash is not None
            assert password_matches(found.password_hash, SHARED_PASSWORD)
        managers = [worker for worker in OFFICE if worker.role == "manager"]
        scopes = {accounts.roles_of(_id_of(worker.email)) for worker in managers}

    assert len(scopes) == len(sites_seen(app))


def _id_of(email: str) -> str:
    person = accounts.person_by_login(email)
    assert person is not None
    return person.id


def sites_seen(app: Flask) -> set[str]:
    with app.app_context():
        return {site.id for site in demo.malls()}


def test_drivers_have_portraits(app: Flask):
    with app.app_context():
        keys = [accounts.person(_id_of(driver.email)) for driver in DRIVERS]
        pictures = [
            app.extensions["mallrun_blobs"].get(person.photo_key) for person in keys if person
        ]

    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(pictures) == len(DRIVERS)


def test_the_shown_driver_has_earned_something_already(app: Flask):
    with app.app_context():
        dina = _id_of(DRIVERS[0].email)
        finished = runs.finished_runs(dina, since=clock.now() - timedelta(days=1))
        driver = accounts.driver(dina)

    assert len(finished) == 1
    assert driver is not None
    assert not driver.is_on_duty
    assert driver.active_runs == 0


def test_cleo_waits_for_the_delivery_that_is_shown(app: Flask):
    with app.app_context():
        for site in demo.malls():
            shown = demo.shown_delivery(site.id)
            assert shown is not None
            assert shown.first_name == "Cleo"
            assert shown.row.status == "ready_for_pickup"


@pytest.mark.parametrize("hour", [5, 17], ids=["ten at night in Phoenix", "ten in the morning"])
def test_the_first_window_is_open_now_at_any_hour(hour: int):
    now = datetime(2026, 5, 5, hour, 13, 12, tzinfo=UTC)

    first, second = slots(2, timezone="America/Phoenix", now=now)

    assert first.window_from == datetime(2026, 5, 5, hour, 0, tzinfo=UTC)
    assert first.window_until == second.window_from


def test_station_and_hub_are_ready_to_work(app: Flask):
    with app.app_context():
        by_kind = {site.kind: site for site in sites.all_sites() if site.kind != "mall"}
        offered = {
            kind: runs.offered_runs(site.id, now=clock.now()) for kind, site in by_kind.items()
        }
        hester = accounts.driver(_id_of(HUB_DRIVER.email))
        logins = {each.kind: each for each in demo.inbound_logins()}

        assert set(by_kind) == set(logins) == {"station", "hub"}
        assert all(run.wave_at is not None for run in offered["station"])
        assert offered["station"]
        assert [run.crew_site_id for run in offered["hub"]] == [by_kind["hub"].id]
        assert hester is not None
        assert hester.hub_id == by_kind["hub"].id
        assert logins[SiteKind.HUB].driver_email == HUB_DRIVER.email


def test_carriers_go_on_bringing_parcels(app: Flask):
    with app.app_context(), transaction():
        now = clock.now() + timedelta(days=1)
        service.look_after(now=now)
        for site in (each for each in sites.all_sites() if each.kind != "mall"):
            (store,) = sites.stores_of_site(site.id)
            waiting = [row for row in deliveries.at_store(store.id) if row.window_until > now]
            assert len(waiting) >= 3
