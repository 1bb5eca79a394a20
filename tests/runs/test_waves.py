"""A station's runs: a wave and a bay each, sorted by the station's people, scanned out."""

from datetime import timedelta

import pytest

from app import clock
from app.domain.events import EventType
from app.sites import service as sites
from tests import personas
from tests.factories import Mall
from tests.inbound import label, sorted_in
from tests.personas import Clerk, code_of


def other_merchant(station: Mall) -> str:
    """Return a merchant without a store at the station."""
    with station.writing():
        return sites.add_merchant("Fern").id


@pytest.mark.both_engines
def test_a_stations_run_leaves_with_a_wave_from_a_bay(station: Mall):
    run_id = station.offers({}, {})

    run = station.run(run_id)

    assert run.wave_at.minute % 15 == 0
    assert run.wave_at >= clock.now() + timedelta(minutes=10)
    assert run.bay == 1
    assert run.crew_site_id is None


def test_runs_of_one_wave_have_bays_of_their_own(station: Mall):
    for lat in (33.40, 33.20):
        station.places(lat=lat, window_until=clock.now() + timedelta(minutes=70))

    rows = [station.run(run_id) for run_id in station.forms_runs()]

    assert len({(row.wave_at, row.bay) for row in rows}) == len(rows) == 2


@pytest.mark.both_engines
def test_sorting_takes_a_parcel_in_and_names_its_bay(station: Mall, stan: Clerk):
    run_id = station.offers({"parcel_count": 1})
    (row,) = station.deliveries_of(run_id)

    (said,) = sorted_in(stan, row.id)

    assert said == {"run_id": run_id, "bay": 1}
    assert station.holders(row.id) == {("store", station.store.store_id)}
    assert station.events(row.id)[-3:] == ["handoff.taken_in", "parcel.sorted", "delivery.packed"]
    assert station.facts(row.id, EventType.PARCEL_SORTED)["bay"] == 1
    assert station.delivery(row.id).status == "ready_for_pickup"


def test_sorting_twice_is_one_event(station: Mall, stan: Clerk):
    run_id = station.offers({"parcel_count": 1})
    (row,) = station.deliveries_of(run_id)

    first, again = sorted_in(stan, row.id), sorted_in(stan, row.id)

    assert first == again
    assert station.events(row.id).count("parcel.sorted") == 1


def test_a_parcel_without_a_run_waits_for_its_bay(station: Mall, stan: Clerk):
    delivery_id = station.places(parcel_count=1)

    answer = stan.post(f"parcels/{delivery_id}/1/sort", text=label(station, delivery_id))

    assert code_of(answer) == "no_bay_yet"
    assert station.holders(delivery_id) == {("carrier", "")}


def test_a_run_that_is_being_sorted_takes_no_more_orders(station: Mall, stan: Clerk):
    run_id = station.offers({})
    (row,) = station.deliveries_of(run_id)
    sorted_in(stan, row.id)
    station.places()

    runs = station.forms_runs()

    assert [each.id for each in station.deliveries_of(run_id)] == [row.id]
    assert len(runs) == 2


def test_the_desk_sees_waves_and_what_is_missing_from_a_run(station: Mall, stan: Clerk):
    run_id = station.offers({})
    (row,) = station.deliveries_of(run_id)
    stan.post(f"parcels/{row.id}/1/sort", text=label(station, row.id))

    state = stan.state()

    (wave,) = state["waves"]
    assert [(run["run_id"], run["bay"]) for run in wave["runs"]] == [(run_id, 1)]
    missing = [each["number"] for each in state["parcels"] if each["place"] is None]
    assert missing == [2]


@pytest.mark.both_engines
def test_the_driver_scans_the_run_out_whatever_the_merchant(station: Mall, stan: Clerk):
    fern = other_merchant(station)
    station.places()
    station.places(merchant_id=fern)
    (run_id,) = station.forms_runs()
    for row in station.deliveries_of(run_id):
        sorted_in(stan, row.id)
    driver = personas.a_driver(station, "Dina Diaz")
    assert driver.claim(run_id).status_code == 200

    answer = driver.collect(stan.shows(driver, run_id))

    assert answer.get_json()["result"] == {"parcel_count": 4, "level": "E2"}
    assert {row.merchant_id for row in station.deliveries_of(run_id)} > {fern}
    assert station.run(run_id).status == "delivering"


def test_the_driver_reads_wave_and_bay(station: Mall):
    station.offers({})
    driver = personas.a_driver(station, "Dina Diaz")

    (offer,) = driver.state()["offers"]

    assert offer["wave"]["bay"] == 1
