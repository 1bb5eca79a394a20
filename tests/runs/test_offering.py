"""Offers by fit: asking in the window, the answer at its end, and who may not ask yet."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.accounts import people
from app.accounts.people import Shift
from app.blocks import service as blocks
from app.blocks.service import NewBlock
from app.domain.act import Act
from app.domain.block import Hours
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.geo import Point
from app.domain.learned import Timed
from app.domain.vehicle import VehicleClass
from app.persistence.transaction import session
from app.runs import asks, dispatching, offering, queries
from app.runs.models import OfferAsk
from app.runs.offering import Asker
from tests.factories import Mall
from tests.paces import has_learned
from tests.personas import Driver

pytestmark = pytest.mark.both_engines

WINDOW = timedelta(seconds=8)
NEAR, FAR = Point(33.30, -111.89), Point(33.36, -111.95)


def asks_for(driver: Driver, run_id: str, here: Point | None = None, **later: float) -> Any:
    """Let a driver ask, so many seconds from now."""
    now = clock.now() + timedelta(seconds=later.get("after_s", 0))
    with driver.mall.writing():
        asker = Asker(driver.person_id, here, WINDOW)
        return offering.ask(run_id, asker, act=Act(f"driver:{driver.person_id}", now, now))


def answers(mall: Mall, run_id: str, after_s: float = 9) -> str | None:
    with mall.writing():
        now = clock.now() + timedelta(seconds=after_s)
        return offering.answer(run_id, window=WINDOW, now=now)


def outcomes(mall: Mall, run_id: str) -> dict[str, tuple[str | None, str | None]]:
    """Return what became of each wish for a run, by driver."""
    with mall.reading():
        rows = session().query(OfferAsk).filter_by(run_id=run_id)
        return {row.driver_id: (row.outcome, row.reason) for row in rows}


def tap(driver: Driver, run_id: str, after_s: float = 9) -> str | None:
    """Let a driver claim, so many seconds from now; return why not, or None."""
    now = clock.now() + timedelta(seconds=after_s)
    try:
        with driver.mall.writing():
            act = Act(f"driver:{driver.person_id}", now, now)
            offering.claim(run_id, Asker(driver.person_id, None, WINDOW), act=act)
    except DomainError as error:
        return error.code
    return None


def refusal(driver: Driver, run_id: str, here: Point | None = None) -> str:
    with pytest.raises(DomainError) as refused:
        asks_for(driver, run_id, here)
    return refused.value.code


def test_nearest_of_those_who_asked_wins_however_late(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()

    asks_for(dina, run_id, FAR)
    asks_for(dan, run_id, NEAR, after_s=5)
    winner = answers(mall, run_id)

    assert winner == dan.person_id == mall.run(run_id).driver_id
    assert outcomes(mall, run_id) == {
        dan.person_id: ("won", None),
        dina.person_id: ("lost", "nearer"),
    }
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_equally_near_the_one_who_waits_longer_wins(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()
    with clock.frozen(clock.now() - timedelta(hours=2)):
        dan.go_on_duty()

    asks_for(dina, run_id, NEAR)
    asks_for(dan, run_id, NEAR)

    assert answers(mall, run_id) == dan.person_id
    assert outcomes(mall, run_id)[dina.person_id] == ("lost", "waited")


def test_driver_of_a_block_goes_before_the_nearest(mall: Mall, dina: Driver, dan: Driver):
    soon = clock.now() + timedelta(minutes=1)
    block = NewBlock(Hours(soon, soon + timedelta(hours=4)), 1, 2_000, timedelta(0))
    with mall.writing():
        act = Act(f"driver:{dan.person_id}", clock.now(), clock.now())
        block_id = blocks.open_block(mall.site_id, block, act=act)
        blocks.take(block_id, driver_id=dan.person_id, act=act)
    run_id = mall.offers()

    with clock.frozen(soon):
        asks_for(dina, run_id, NEAR, after_s=-55)
        asks_for(dan, run_id, FAR, after_s=-55)

        assert answers(mall, run_id) == dan.person_id
    assert outcomes(mall, run_id)[dina.person_id] == ("lost", "block")


def test_nothing_is_answered_before_the_window_is_over(mall: Mall, dina: Driver):
    run_id = mall.offers()
    answer_at = asks_for(dina, run_id)

    assert answers(mall, run_id, after_s=1) is None
    assert mall.run(run_id).status == "offered"
    assert answer_at == mall.run(run_id).offered_at + WINDOW


def test_a_second_answer_finds_nobody_to_answer(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()
    asks_for(dina, run_id, NEAR)
    asks_for(dan, run_id, FAR)

    assert answers(mall, run_id) == dina.person_id
    assert answers(mall, run_id) is None
    assert mall.run(run_id).epoch == 1
    assert mall.count(run_id, EventType.RUN_CLAIMED) == 1


def test_asking_twice_is_one_wish(mall: Mall, dina: Driver):
    run_id = mall.offers()

    asks_for(dina, run_id)
    asks_for(dina, run_id, NEAR, after_s=2)

    with mall.reading():
        assert len(asks.open_asks(run_id)) == 1


def test_first_tap_after_the_window_lets_those_who_asked_go_first(
    mall: Mall, dina: Driver, dan: Driver
):
    """The job that answers may be late, or its server dead."""
    run_id = mall.offers()
    asks_for(dina, run_id, FAR)

    assert tap(dan, run_id) == "offer_ranked"
    assert answers(mall, run_id) == dina.person_id
    assert tap(dan, run_id) == "already_claimed"
    # Her own tap that waited, or comes again, is no second claim.
    assert tap(dina, run_id) is None
    assert mall.run(run_id).epoch == 1


def test_an_offer_from_far_ahead_locks_nobody_out(mall: Mall, dina: Driver):
    """A server's clock was an hour ahead when it put the run on offer."""
    run_id = mall.offers()
    with mall.writing():
        run = queries.run(run_id)
        assert run is not None
        run.offered_at = clock.now() + timedelta(hours=1)

    assert tap(dina, run_id, after_s=0) is None


def test_nobody_wins_by_a_clock_that_is_ahead(mall: Mall, dina: Driver):
    run_id = mall.offers()

    assert tap(dina, run_id, after_s=7) == "offer_ranked"
    assert tap(dina, run_id, after_s=8) is None


def test_asking_after_the_window_is_a_claim(mall: Mall, dina: Driver):
    run_id = mall.offers()

    assert asks_for(dina, run_id, after_s=9) is None
    assert mall.run(run_id).driver_id == dina.person_id


def test_who_has_a_run_by_the_answer_is_passed_over(mall: Mall, dina: Driver, dan: Driver):
    run_id, other_id = mall.offers_two()
    for wanted in (run_id, other_id):
        asks_for(dina, wanted, NEAR)
        asks_for(dan, wanted, FAR)

    assert answers(mall, run_id) == dina.person_id
    assert answers(mall, other_id) == dan.person_id


def test_wish_can_be_taken_back(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()
    asks_for(dina, run_id, NEAR)
    asks_for(dan, run_id, FAR)

    with mall.writing():
        offering.withdraw(run_id, driver_id=dina.person_id, now=clock.now())

    assert answers(mall, run_id) == dan.person_id
    assert outcomes(mall, run_id)[dina.person_id] == ("withdrawn", None)


def test_given_away_by_the_dispatcher_nobody_wins(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()
    asks_for(dina, run_id)
    with mall.writing():
        act = Act("person:per_desmond", clock.now(), clock.now())
        dispatching.assign(run_id, driver_id=dan.person_id, reason="Nearest", act=act)

    assert answers(mall, run_id) is None
    assert outcomes(mall, run_id) == {dina.person_id: ("lost", "gone")}


def test_given_back_it_opens_a_window_of_its_own(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers()
    asks_for(dina, run_id, NEAR)
    assert answers(mall, run_id) == dina.person_id

    assert dina.post(f"runs/{run_id}/release", reason="mistake", note="").status_code == 200
    asks_for(dina, run_id, NEAR)
    asks_for(dan, run_id, NEAR)

    # She had a run meanwhile: he waits longer.
    assert answers(mall, run_id) == dan.person_id


def test_bike_and_late_shift_are_told_why(mall: Mall, dina: Driver, dan: Driver):
    run_id = mall.offers({"parcel_count": 4})
    with mall.writing():
        people.set_shift(dina.person_id, Shift(None, VehicleClass.BIKE), now=clock.now())
        soon = clock.now() + timedelta(minutes=5)
        people.set_shift(dan.person_id, Shift(soon), now=clock.now())

    assert refusal(dina, run_id) == "offer_too_large"
    assert refusal(dan, run_id, NEAR) == "offer_after_shift"
    # Afterwards it is open to everyone.
    assert asks_for(dina, run_id, after_s=9) is None


def test_shift_that_ends_before_a_slow_door_is_over_is_too_short(mall: Mall, dan: Driver):
    later = clock.now() + timedelta(hours=3)
    run_id = mall.offers({"window_from": later, "window_until": later + timedelta(hours=1)})
    with mall.writing():
        people.set_shift(dan.person_id, Shift(later + timedelta(minutes=4)), now=clock.now())

    assert asks_for(dan, run_id, NEAR) is not None
    has_learned(mall, Timed.DOOR, "none", 4)

    assert refusal(dan, run_id, NEAR) == "offer_after_shift"


def test_who_may_not_claim_may_not_ask(mall: Mall, dina: Driver, dan: Driver):
    run_id, other_id = mall.offers_two()
    assert dina.claim(other_id).status_code == 200
    with mall.writing():
        people.set_duty(dan.person_id, is_on_duty=False, site_id=None, now=clock.now())

    assert refusal(dina, run_id) == "run_limit"
    assert refusal(dan, run_id) == "not_on_duty"


def test_an_order_for_no_vehicle_is_refused(mall: Mall):
    with pytest.raises(DomainError, match="too_large_for_vehicles"):
        mall.places(parcel_count=4, parcel_litres=1_000)


def test_a_run_takes_no_more_than_the_largest_vehicle(mall: Mall):
    for number in range(3):
        mall.places(merchant_ref=f"A-{number}", parcel_count=1, parcel_litres=1_400)

    litres = sorted(mall.run(run_id).litres for run_id in mall.forms_runs())

    assert litres == [1_400, 2_800]
