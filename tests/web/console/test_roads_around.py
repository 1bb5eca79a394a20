"""Other roads around a place: what drives have taught is told anew, for those roads."""

import math
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app import clock
from app.deliveries import queries as deliveries
from app.domain.geo import Point
from app.domain.learned import Learned, Timed
from app.domain.traffic import Area
from app.domain.travel import Driving
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.persistence.transaction import session
from app.runs import forming, learning, queries, relearning
from app.runs.models import ArrivalError, LearnedTime
from app.sites import queries as sites
from app.sites import sandbox
from tests.authorisation.matrix import site_fields
from tests.factories import Mall
from tests.office import Office
from tests.personas import Driver
from tests.places import DOOR

pytestmark = pytest.mark.both_engines

#: Doors of an order each, some two kilometres apart.
DOORS = [Point(DOOR[0] + number / 50, DOOR[1]) for number in range(7)]
ZONE = ZoneInfo("America/Phoenix")
#: At night, when nothing of the way is traffic.
NIGHT = (clock.now().astimezone(ZONE) - timedelta(days=3)).replace(hour=1, minute=0)


def way_s(area: Area, number: int = 0) -> int:
    """Return how long it takes from a door to the next, as it is estimated."""
    return Driving(area, ZONE)(DOORS[number], DOORS[number + 1], NIGHT).seconds


def drives_as_on(area: Area, mall: Mall, driver: Driver) -> None:
    """Let a driver bring an order to each door, and the ways take what they do on such roads."""
    for number, door in enumerate(DOORS):
        mall.places(lat=door.lat_deg, lon=door.lon_deg, merchant_ref=f"A-{number}")
    (run_id,) = mall.forms_runs()
    driver.claim(run_id)
    driver.collect("Tablet is off", kind="assertion")
    for _ in DOORS:
        door = driver.stops("dropoff")[0]
        driver.arrive(door)
        driver.deliver(door)
    with mall.writing():
        run, at = queries.run(run_id), NIGHT
        assert run is not None
        rows = {row.id: row for row in deliveries.deliveries_of_run(run_id)}
        for row in rows.values():
            row.packed_at = row.window_from = at - timedelta(hours=1)
        here: Point | None = None
        for stop in sorted(queries.stops_of_run(run_id), key=lambda each: each.number):
            there = None
            if stop.delivery_id is not None:
                row = rows[stop.delivery_id]
                there = Point(row.lat, row.lon)
            seconds = Driving(area, ZONE)(here, there, at).seconds if here and there else 600
            there_at = at + timedelta(seconds=seconds)
            at = there_at + timedelta(minutes=2)
            stop.arrived_at, stop.done_at, here = there_at, at, there
        run.finished_at = at


def learns(mall: Mall) -> None:
    more = True
    while more:
        with mall.writing():
            more = learning.learn(now=clock.now())


def drives(mall: Mall) -> dict[str, Learned]:
    with mall.reading():
        known = learning.known(mall.site_id)
        return {each.ref: each.learned for each in known if each.timed is Timed.DRIVE}


def says(desmond: Office, mall: Mall, roads: str) -> None:
    answer = desmond.post(f"sites/{mall.site_id}", **site_fields() | {"roads": roads})
    assert answer.status_code == 303, answer.text


def is_asked(mall: Mall) -> bool:
    with mall.reading():
        key = f"{relearning.RELEARN}:{mall.site_id}"
        return session().query(Job).filter(Job.key == key).count() == 1


def relearns(mall: Mall, *, later: timedelta = timedelta(0)) -> None:
    with mall.writing():
        HANDLERS[relearning.RELEARN](site_id=mall.site_id, now=clock.now() + later)


def test_what_is_said_of_the_roads_is_in_the_next_plans_ways(mall: Mall, desmond: Office):
    ways: list[int] = []
    for roads in ("usual", "urban", "rural"):
        says(desmond, mall, roads)
        with mall.reading():
            travel = forming.forming_site(mall.site_id).travel
        ways.append(travel(DOORS[0], DOORS[1], NIGHT).seconds)

    assert ways == [way_s(Area.SUBURBAN), way_s(Area.URBAN), way_s(Area.RURAL)]
    assert len(set(ways)) == 3


def test_page_of_a_place_says_what_roads_are_usual_and_which_were_chosen(
    mall: Mall, desmond: Office
):
    new = desmond.get("sites/new").text
    usual = desmond.get(f"sites/{mall.site_id}").text
    says(desmond, mall, "urban")
    chosen = desmond.get(f"sites/{mall.site_id}").text

    assert '<option value="usual" selected>As usual</option>' in new
    assert '<option value="usual" selected>As usual here: Suburb</option>' in usual
    assert '<option value="urban" selected>City streets</option>' in chosen


def test_twin_in_the_test_mall_has_the_roads_of_its_place(mall: Mall, desmond: Office):
    says(desmond, mall, "rural")

    with mall.writing():
        twin = sandbox.prepare(mall.store.merchant_id, now=clock.now())
        (store,) = sites.stores_of_merchant(twin)
        assert relearning.area_at(store.site_id) is Area.RURAL


def test_drives_on_country_roads_say_nothing_against_country_roads(
    mall: Mall, dina: Driver, desmond: Office
):
    drives_as_on(Area.RURAL, mall, dina)
    learns(mall)
    count = len(DOORS) - 1
    against = count * math.log(way_s(Area.RURAL) / way_s(Area.SUBURBAN))
    assert drives(mall)["night"].log_sum == pytest.approx(against, abs=0.02)

    says(desmond, mall, "rural")
    assert drives(mall) == {}
    assert is_asked(mall)
    relearns(mall)

    assert drives(mall)["night"].count == count
    assert drives(mall)["night"].log_sum == pytest.approx(0, abs=0.01)


def test_telling_anew_twice_and_after_another_run_counts_each_drive_once(
    mall: Mall, dina: Driver, desmond: Office
):
    drives_as_on(Area.URBAN, mall, dina)
    says(desmond, mall, "urban")
    learns(mall)

    relearns(mall)
    relearns(mall)

    assert drives(mall)["night"].count == len(DOORS) - 1


def test_run_whose_doors_are_known_to_a_kilometre_only_says_nothing_of_its_ways(
    mall: Mall, dina: Driver
):
    drives_as_on(Area.URBAN, mall, dina)
    learns(mall)

    relearns(mall, later=relearning.RUNS_SINCE)

    assert drives(mall) == {}


def test_counters_and_doors_stay_as_they_were_learned(mall: Mall, dina: Driver, desmond: Office):
    drives_as_on(Area.RURAL, mall, dina)
    learns(mall)
    with mall.reading():
        before = [each for each in learning.known(mall.site_id) if each.timed is not Timed.DRIVE]

    says(desmond, mall, "rural")
    relearns(mall)

    with mall.reading():
        after = [each for each in learning.known(mall.site_id) if each.timed is not Timed.DRIVE]
    assert before
    assert after == before


def test_arrivals_that_the_old_roads_explain_are_forgotten(mall: Mall, desmond: Office):
    with mall.writing() as current:
        current.add(ArrivalError(site_id=mall.site_id, lead="near", counts="[9]"))

    says(desmond, mall, "urban")

    with mall.reading() as current:
        assert current.get(ArrivalError, (mall.site_id, "near")) is None


@pytest.mark.parametrize("roads", ["usual", "suburban"])
def test_same_roads_said_again_forget_nothing(mall: Mall, desmond: Office, roads: str):
    with mall.writing() as current:
        current.add(
            LearnedTime(
                site_id=mall.site_id,
                timed="drive",
                ref="night",
                observed=9,
                weight=9,
                log_sum=1.0,
                log_sq_sum=1.0,
                seen_at=clock.now(),
            )
        )

    says(desmond, mall, roads)

    assert drives(mall)["night"].count == 9
    assert not is_asked(mall)
    with mall.reading():
        site = sites.site(mall.site_id)
        assert site is not None
        assert site.area == (None if roads == "usual" else roads)


def test_place_that_is_gone_has_nothing_to_tell(mall: Mall):
    with mall.writing():
        relearning.relearn("sit_none", now=clock.now())
        assert relearning.area_at("sit_none") is None
