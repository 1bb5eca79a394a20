import zoneinfo
from itertools import combinations
from pathlib import Path

import pytest

from app.demo import dataset, inbound, people
from app.demo.dataset import DemoMall, read_malls
from app.domain.geo import METRES_PER_MILE, distance_m
from app.domain.traffic import Area

MALLS = read_malls()
PLACES = Path(dataset.__file__).parent / "places"

each_mall = pytest.mark.parametrize("mall", MALLS, ids=lambda mall: mall.key)


def test_three_malls_stand_in_their_own_zones():
    assert [(mall.name, mall.timezone) for mall in MALLS] == [
        ("Chandler Fashion Center", "America/Phoenix"),
        ("Fashion Show", "America/Los_Angeles"),
        ("Tysons Corner Center", "America/New_York"),
    ]
    assert all(zoneinfo.ZoneInfo(mall.timezone) for mall in MALLS)


def test_roads_of_las_vegas_are_those_of_a_city():
    assert [mall.area for mall in MALLS] == [Area.SUBURBAN, Area.URBAN, Area.SUBURBAN]


@each_mall
def test_stores_entrance_and_parking_are_inside_the_mall(mall: DemoMall):
    inside = [mall.entrance, mall.parking, *(store.point for store in mall.stores)]

    assert all(distance_m(mall.centre, point) <= 300 for point in inside)
    assert 5 <= len(mall.stores) <= 7


@each_mall
def test_stores_have_unlike_names_and_places_to_find_them(mall: DemoMall):
    assert len({store.name for store in mall.stores}) == len(mall.stores)
    assert len({store.unit for store in mall.stores}) == len(mall.stores)
    assert len({store.floor for store in mall.stores}) >= 2
    assert all(store.counter_note and store.floor_name for store in mall.stores)


@each_mall
def test_addresses_are_within_six_miles_and_apart(mall: DemoMall):
    points = [address.point for address in mall.addresses]

    assert len({address.street for address in mall.addresses}) == 40
    assert all(distance_m(mall.centre, point) <= 6 * METRES_PER_MILE for point in points)
    assert all(distance_m(one, other) >= 350 for one, other in combinations(points, 2))


@each_mall
def test_addresses_read_like_addresses(mall: DemoMall):
    for address in mall.addresses:
        number, _, street = address.street.partition(" ")
        assert number.isdigit()
        assert street == street.strip()
        assert street[0].isupper()
        assert len(address.postal_code) == 5
        assert address.city.istitle() or address.city == "McLean"


def test_places_stay_small_and_name_their_source():
    assert sum(file.stat().st_size for file in PLACES.iterdir()) <= 60_000
    assert '"demo": true' in (PLACES / "malls.json").read_text(encoding="utf-8")
    assert "Copyright (c) 2024 Matt Stiles" in (PLACES / "SOURCES.md").read_text(encoding="utf-8")


def test_nobody_of_the_demo_can_be_called_or_written_to():
    reachable = [*people.DRIVERS, *people.OFFICE]
    phones = [person.phone for person in [*reachable, *people.CUSTOMERS, inbound.HUB_DRIVER]]
    places = [each.dispatcher_phone for each in [*MALLS, *inbound.PLACES]]
    phones += [phone.replace(" ", "") for phone in places]

    assert len(set(phones)) == len(phones)
    assert all(
        phone[:2] == "+1" and phone[5:10] == "55501" and len(phone) == 12 for phone in phones
    )
    assert all(person.email.endswith(".example") for person in reachable)


def test_drivers_and_clerks_know_where_they_belong():
    brands = {store.brand for mall in MALLS for store in mall.stores}
    codes = [(clerk.brand, clerk.code) for clerk in people.CLERKS]

    assert {driver.mall_key for driver in people.DRIVERS} == {mall.key for mall in MALLS}
    assert {clerk.brand for clerk in people.CLERKS} == brands
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 6 and code.isdigit() for _, code in codes)
    managed = [worker.mall_key for worker in people.OFFICE if worker.role == "manager"]
    assert sorted(managed) == sorted(mall.key for mall in MALLS)
