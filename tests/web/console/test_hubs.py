"""Opening hubs and stations at the console, and saying whose driver somebody is."""

import pytest

from app.accounts import queries as accounts
from app.sites import queries as sites
from tests.factories import Mall
from tests.inbound import label, shelved, sorted_in
from tests.journeys import claimed
from tests.office import Office
from tests.personas import Clerk, Driver, code_of
from tests.web.console.test_sites import open_site, open_store

pytestmark = pytest.mark.both_engines


def set_hub(office: Office, driver: Driver, hub_id: str):
    return office.post(f"drivers/{driver.person_id}/hub", hub=hub_id)


@pytest.mark.parametrize("kind", ["hub", "station"])
def test_a_hub_and_a_station_are_opened_with_their_counter(mall: Mall, desmond: Office, kind: str):
    site_id = open_site(desmond, kind=kind, site_name="Pine Feed & Seed")
    store_id = open_store(desmond, site_id, store_name="Pine Feed & Seed", floor="0")

    with mall.reading():
        site, store = sites.site(site_id), sites.store(store_id)
        assert site is not None
        assert store is not None
        assert (site.kind, store.site_id) == (kind, site_id)


def test_a_driver_of_a_hub_sees_it_and_nothing_else(
    hub: Mall, mall: Mall, dina: Driver, desmond: Office
):
    before = {site["id"] for site in dina.state()["sites"]}

    answer = set_hub(desmond, dina, hub.site_id)

    state = dina.state()
    assert answer.status_code == 303
    assert mall.site_id in before
    assert hub.site_id not in before
    assert [site["id"] for site in state["sites"]] == [hub.site_id]
    assert not state["me"]["on_duty"]
    assert "of Chandler Fashion Center" in desmond.get("drivers").text


def test_a_driver_can_be_set_free_again(hub: Mall, dina: Driver, desmond: Office):
    set_hub(desmond, dina, hub.site_id)

    set_hub(desmond, dina, "none")

    assert hub.site_id not in {site["id"] for site in dina.state()["sites"]}
    dina.go_on_duty()
    assert dina.state()["me"]["on_duty"]


def test_a_run_in_hand_is_finished_first(hub: Mall, dina: Driver, desmond: Office):
    claimed(dina)

    answer = set_hub(desmond, dina, hub.site_id)

    assert answer.status_code == 422
    assert "This driver is off duty, not approved, or has a run." in answer.text
    with hub.reading():
        assert accounts.hub_of(dina.person_id) is None


def test_no_mall_owns_a_driver(mall: Mall, dina: Driver, desmond: Office):
    assert set_hub(desmond, dina, mall.site_id).status_code == 404


def test_a_deliverys_page_tells_where_its_parcels_lie(hub: Mall, hanna: Clerk, desmond: Office):
    delivery_id = hub.places(parcel_count=2)
    hanna.post(f"parcels/{delivery_id}/1/take-in", text=label(hub, delivery_id))
    hanna.post(f"parcels/{delivery_id}/1/shelve", place="A1")

    page = desmond.get(f"deliveries/{delivery_id}").text

    said = ("Taken in from the carrier", "Parcel put on a shelf", "Lumen, at A1", "Carrier")
    assert [words for words in said if words not in page] == []


def test_a_stations_page_tells_what_was_sorted(station: Mall, stan: Clerk, desmond: Office):
    station.offers({})
    (row,) = station.deliveries_of(station.forms_runs()[0])
    sorted_in(stan, row.id)

    page = desmond.get(f"deliveries/{row.id}").text

    assert "Parcel put into its bay" in page
    assert "Lumen, at 1" in page


def test_a_dispatcher_gives_a_hubs_run_to_its_own_driver_only(
    hub: Mall, hanna: Clerk, henry: Driver, dina: Driver, desmond: Office
):
    shelved(hanna, hub.places())
    (run_id,) = hub.forms_runs()

    refused = desmond.post(f"runs/{run_id}/give", driver=dina.person_id, reason="Nearest")
    given = desmond.post(f"runs/{run_id}/give", driver=henry.person_id, reason="Own driver")

    assert refused.status_code == 422
    assert "This driver does not belong to this place." in refused.text
    assert given.status_code == 303
    assert hub.run(run_id).driver_id == henry.person_id
    assert code_of(dina.claim(run_id)) is not None


def test_a_hubs_driver_is_given_no_run_of_another_place(henry: Driver, mall: Mall, desmond: Office):
    run_id = mall.offers()

    refused = desmond.post(f"runs/{run_id}/give", driver=henry.person_id, reason="Free")

    assert refused.status_code == 422
    assert "they work there only" in refused.text
    assert mall.run(run_id).driver_id is None
    assert henry.state()["run"] is None
