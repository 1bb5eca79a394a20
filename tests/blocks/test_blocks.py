"""Blocks with a database: the last place has one winner, and pay is lifted once."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app import clock
from app.accounts import people
from app.blocks import queries, service
from app.blocks.models import BlockLine
from app.blocks.service import NewBlock
from app.domain.act import Act
from app.domain.block import Hours
from app.domain.errors import DomainError
from app.persistence.transaction import session
from app.runs import queries as runs
from tests.factories import Mall
from tests.journeys import collected
from tests.personas import Clerk, Driver

pytestmark = pytest.mark.both_engines

HOUR = timedelta(hours=1)
HOURLY = 2_000


def opens(mall: Mall, begins: datetime, places: int = 1, hours: float = 4) -> str:
    new = NewBlock(Hours(begins, begins + hours * HOUR), places, HOURLY, 2 * HOUR)
    with mall.writing():
        return service.open_block(mall.site_id, new, act=Act.of_system(clock.now()))


def takes(driver: Driver, block_id: str) -> str | None:
    """Let a driver take a block; return why not, or None."""
    try:
        with driver.mall.writing():
            act = Act(f"driver:{driver.person_id}", clock.now(), clock.now())
            service.take(block_id, driver_id=driver.person_id, act=act)
    except DomainError as error:
        return error.code
    return None


def gives_back(driver: Driver, block_id: str) -> str | None:
    try:
        with driver.mall.writing():
            act = Act(f"driver:{driver.person_id}", clock.now(), clock.now())
            service.give_back(block_id, driver_id=driver.person_id, act=act)
    except DomainError as error:
        return error.code
    return None


def taken(mall: Mall, block_id: str) -> int:
    with mall.reading():
        row = queries.block(block_id)
        assert row is not None
        return row.taken


def settles(driver: Driver, block_id: str, at: datetime) -> bool:
    with driver.mall.writing():
        place = queries.place_of(block_id, driver.person_id)
        assert place is not None
        return service.settle(place.id, now=at)


def lines(driver: Driver) -> list[tuple[int, int, int, int]]:
    """Return amount, earned, guaranteed and counted seconds of a driver's guarantees."""
    with driver.mall.reading():
        rows = session().query(BlockLine).filter_by(driver_id=driver.person_id)
        return [
            (row.amount_minor, row.earned_minor, row.guaranteed_minor, row.counted_s)
            for row in rows
        ]


def test_last_place_has_one_winner(mall: Mall, dina: Driver, dan: Driver):
    block_id = opens(mall, clock.now() + 3 * HOUR)
    answers: list[str | None] = []
    threads = [
        threading.Thread(target=lambda each=each: answers.append(takes(each, block_id)))
        for each in (dina, dan)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers, key=str) == [None, "block_full"]
    assert taken(mall, block_id) == 1


def test_taking_twice_is_one_place_and_overlaps_are_refused(mall: Mall, dina: Driver):
    begins = clock.now() + 3 * HOUR
    block_id, other_id = opens(mall, begins, places=2), opens(mall, begins + 2 * HOUR)

    assert takes(dina, block_id) is None
    assert takes(dina, block_id) is None
    assert takes(dina, other_id) == "block_overlaps"
    assert taken(mall, block_id) == 1


def test_given_back_in_time_it_is_open_again(mall: Mall, dina: Driver, dan: Driver):
    block_id = opens(mall, clock.now() + 3 * HOUR)
    assert takes(dina, block_id) is None

    assert gives_back(dina, block_id) is None
    assert gives_back(dina, block_id) is None
    assert takes(dan, block_id) is None
    with clock.frozen(clock.now() + 1.5 * HOUR):
        assert gives_back(dan, block_id) == "block_return_late"
    assert taken(mall, block_id) == 1


def test_nobody_takes_what_has_begun_or_is_closed(mall: Mall, dina: Driver):
    soon, later = opens(mall, clock.now() + HOUR), opens(mall, clock.now() + 30 * HOUR)
    with mall.writing():
        act = Act("person:per_desmond", clock.now(), clock.now())
        service.close_block(later, reason="Enough drivers", act=act)

    with clock.frozen(clock.now() + 2 * HOUR):
        assert takes(dina, soon) == "block_past"
    assert takes(dina, later) == "block_full"


@pytest.mark.parametrize(
    ("begins_in", "hours", "code"),
    [(-HOUR, 4, "block_past"), (HOUR, 0.5, "block_too_long"), (HOUR, 13, "block_too_long")],
)
def test_blocks_of_the_past_or_of_odd_length_are_refused(
    mall: Mall, begins_in: timedelta, hours: float, code: str
):
    with pytest.raises(DomainError, match=code):
        opens(mall, clock.now() + begins_in, hours=hours)


def test_whole_block_without_a_run_pays_the_whole_guarantee_once(mall: Mall, dina: Driver):
    begins = clock.now() + HOUR
    block_id = opens(mall, begins)
    takes(dina, block_id)

    assert not settles(dina, block_id, begins + 3 * HOUR)
    assert settles(dina, block_id, begins + 4 * HOUR)
    assert settles(dina, block_id, begins + 5 * HOUR)

    assert lines(dina) == [(4 * HOURLY, 0, 4 * HOURLY, 4 * 3_600)]


def test_only_time_on_duty_at_the_site_counts(mall: Mall, dina: Driver):
    begins = clock.now() + HOUR
    block_id = opens(mall, begins)
    takes(dina, block_id)
    with clock.frozen(begins + HOUR), mall.writing():
        people.set_duty(dina.person_id, is_on_duty=False, site_id=None, now=clock.now())

    settles(dina, block_id, begins + 4 * HOUR)

    assert lines(dina) == [(HOURLY, 0, HOURLY, 3_600)]


def test_runs_of_the_block_count_without_tips(mall: Mall, dina: Driver, carl: Clerk):
    block_id = opens(mall, clock.now() + HOUR)
    takes(dina, block_id)
    begins = clock.now() + HOUR
    with clock.frozen(begins):
        run_id = collected(dina, carl, {"tip_minor": 5_000})
        too_early = settles(dina, block_id, begins + 4 * HOUR)
        (stop,) = dina.stops("dropoff")
        dina.arrive(stop)
        assert dina.deliver(stop).status_code == 200

    settles(dina, block_id, begins + 4 * HOUR)

    with mall.reading():
        pay = runs.pay_lines([run_id])[run_id]
    earned = sum(line.amount_minor for line in pay if line.kind != "tip")
    assert not too_early
    assert lines(dina) == [(4 * HOURLY - earned, earned, 4 * HOURLY, 4 * 3_600)]


def test_paid_guarantee_cannot_be_changed(mall: Mall, dina: Driver):
    begins = clock.now() + HOUR
    block_id = opens(mall, begins)
    takes(dina, block_id)
    settles(dina, block_id, begins + 4 * HOUR)

    for change in ("UPDATE block_line SET amount_minor = 1", "DELETE FROM block_line"):
        with pytest.raises(DatabaseError, match="stays"), mall.writing():
            session().execute(text(change))
    assert len(lines(dina)) == 1


def test_look_finds_every_place_that_is_due(mall: Mall, dina: Driver, dan: Driver):
    begins = clock.now() + HOUR
    block_id = opens(mall, begins, places=2)
    for each in (dina, dan):
        takes(each, block_id)

    with mall.reading():
        place_ids = {place.id for place in queries.places_of_blocks([block_id])}
        due = set(queries.unsettled_places(now=begins + 4 * HOUR))
    assert place_ids <= due
    with mall.writing():
        assert service.ask_for_settlements(now=begins + 4 * HOUR) >= 2
