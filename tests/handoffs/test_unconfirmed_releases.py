"""Rule C7: the store says that it gave parcels, and the driver's phone has not said so."""

import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.domain.events import EventType
from app.handoffs.asking import ask_unconfirmed
from tests import factories
from tests.devices import phone_of, picked_up, presence_of, released, tablet_of
from tests.factories import Mall
from tests.personas import Clerk, Driver
from tests.scenes import claimed_parcels, open_kinds, run_jobs

pytestmark = pytest.mark.both_engines

QUARTER = timedelta(minutes=15, seconds=5)
ASKED = {"unconfirmed_release": True}


@pytest.fixture
def mall(app: Flask) -> Mall:
    """A mall of its own: these tests run every job that is due."""
    return factories.a_mall(app)


@pytest.fixture
def given(dina: Driver, carl: Clerk) -> dict[str, int]:
    """What Carl gave Dina, and his tablet has said so; two parcels of one delivery."""
    _, parcels = claimed_parcels(dina)
    (result,) = tablet_of(carl).results(released(tablet_of(carl), [os.urandom(8)], parcels))
    assert result["outcome"] == "applied"
    return parcels


@pytest.fixture
def delivery_id(dina: Driver, given: dict[str, int]) -> str:
    (stop,) = dina.stops("dropoff")
    assert stop["delivery"]["handle"] in given
    return stop["delivery"]["id"]


def questions(driver: Driver) -> list[dict[str, Any]]:
    return [each["ask"] for each in driver.state()["incidents"] if each["ask"]]


def test_driver_is_asked_after_a_quarter_of_an_hour(
    mall: Mall, dina: Driver, given: dict[str, int], delivery_id: str
):
    run_jobs(mall, clock.now() + timedelta(minutes=14))
    assert open_kinds(mall, delivery_id) == {}

    run_jobs(mall, clock.now() + QUARTER)

    assert open_kinds(mall, delivery_id) == ASKED
    (ask,) = questions(dina)
    assert (ask["parcel_count"], ask["store_name"]) == (sum(given.values()), "Lumen")


def test_driver_who_says_yes_has_the_parcels(
    mall: Mall, dina: Driver, given: dict[str, int], delivery_id: str
):
    run_jobs(mall, clock.now() + QUARTER)
    phone = phone_of(dina)

    (result,) = phone.results(
        phone.state("handoff.picked_up", given, evidence=[{"kind": "assertion"}])
    )

    assert (result["outcome"], result["level"]) == ("applied", "E0")
    assert open_kinds(mall, delivery_id) == {}
    row = mall.delivery(delivery_id)
    assert (row.status, row.is_verification_pending) == ("enroute_to_dropoff", True)


def test_driver_who_says_no_is_asked_no_more(
    mall: Mall, dina: Driver, given: dict[str, int], delivery_id: str
):
    run_jobs(mall, clock.now() + QUARTER)
    (ask,) = questions(dina)
    phone = phone_of(dina)

    (result,) = phone.results(phone.state("correction", given, refers_to=ask["event_id"]))

    assert result["outcome"] == "applied"
    assert questions(dina) == []
    assert open_kinds(mall, delivery_id) == {"disputed": True}
    released = mall.facts(delivery_id, EventType.HANDOFF_RELEASED)
    corrected = mall.facts(delivery_id, EventType.STATEMENT_RECORDED)
    assert ask["event_id"] == corrected["refers_to"] == released["statement"]
    assert mall.delivery(delivery_id).status == "enroute_to_pickup"


def test_release_that_nobody_has_signed_has_no_statement_to_refer_to(
    mall: Mall, dina: Driver, carl: Clerk
):
    run_id, _ = claimed_parcels(dina)
    row = mall.only_delivery(run_id)
    assert carl.give(run_id, os.urandom(8)).status_code == 200

    with mall.writing():
        ask_unconfirmed(row.id, now=clock.now())

    assert [ask["event_id"] for ask in questions(dina)] == [""]


def test_driver_who_has_said_no_is_not_asked(
    mall: Mall, dina: Driver, given: dict[str, int], delivery_id: str
):
    phone = phone_of(dina)
    phone.results(phone.state("correction", given))

    run_jobs(mall, clock.now() + QUARTER)

    assert open_kinds(mall, delivery_id) == {"disputed": True}


@pytest.mark.parametrize("minutes", [1, 20])
def test_driver_who_has_delivered_is_not_asked(
    mall: Mall, dina: Driver, given: dict[str, int], delivery_id: str, minutes: int
):
    phone = phone_of(dina)
    run_jobs(mall, clock.now() + timedelta(minutes=minutes))

    phone.results(phone.state("handoff.delivered", given, evidence=[{"kind": "none"}]))
    run_jobs(mall, clock.now() + QUARTER)

    assert mall.delivery(delivery_id).status == "delivered"
    assert open_kinds(mall, delivery_id) == {}


def test_driver_whose_phone_the_clerk_scanned_is_not_asked(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    tablet = tablet_of(carl)
    shown = presence_of(dina, mall.store.number, list(parcels))
    evidence = [{"kind": "presence", "text": shown}]
    tablet.results(tablet.state("handoff.released", parcels, evidence=evidence))

    run_jobs(mall, clock.now() + QUARTER)

    row = mall.only_delivery(run_id)
    assert (row.status, open_kinds(mall, row.id)) == ("enroute_to_dropoff", {})


def test_driver_whose_phone_has_said_so_is_not_asked(mall: Mall, dina: Driver, carl: Clerk):
    run_id, parcels = claimed_parcels(dina)
    tablet, phone = tablet_of(carl), phone_of(dina)
    tablet.results(released(tablet, [os.urandom(8)], parcels))
    phone.results(picked_up(phone, carl.shows(dina, run_id), parcels))

    run_jobs(mall, clock.now() + QUARTER)

    row = mall.only_delivery(run_id)
    assert open_kinds(mall, row.id) == {}
