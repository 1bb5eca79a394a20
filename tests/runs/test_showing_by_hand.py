"""What a dispatcher does with runs that wait for more orders: shows, gives, splits, merges them."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.runs import dispatching, queries, shaping, showing
from tests.factories import Mall
from tests.personas import Driver
from tests.runs.test_showing import LATER, offers_seen, waits

pytestmark = pytest.mark.both_engines


@pytest.fixture
def mall(mall: Mall) -> Mall:
    waits(mall)
    return mall


def by_dispatcher(now: datetime | None = None) -> Act:
    return Act("person:desmond", now or clock.now(), now or clock.now())


def planned_first(mall: Mall, run_id: str) -> datetime:
    with mall.reading():
        return queries.stops_of_run(run_id)[0].planned_at


def seen(mall: Mall, *run_ids: str) -> list[bool]:
    with mall.reading():
        rows = [queries.run(each) for each in run_ids]
        return [row is not None and showing.is_shown(row, clock.now()) for row in rows]


def test_dispatcher_shows_it_now_and_twice_is_once(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)

    for _ in range(2):
        with mall.writing():
            shaping.show_now(run_id, act=by_dispatcher())

    assert offers_seen(dina, clock.now()) == [run_id]
    assert mall.count(run_id, EventType.RUN_OFFERED) == 1
    assert planned_first(mall, run_id) < clock.now() + timedelta(minutes=20)


def test_run_that_is_over_cannot_be_shown(mall: Mall):
    run_id = mall.offers(LATER)

    with pytest.raises(DomainError, match="run_not_on_offer"), mall.writing():
        shaping.show_now(run_id, act=by_dispatcher(clock.now() + timedelta(hours=9)))
    with pytest.raises(DomainError, match="not_found"), mall.writing():
        shaping.show_now("run_none", act=by_dispatcher())


def test_dispatcher_gives_it_to_a_driver_and_what_comes_back_is_seen(
    mall: Mall, dina: Driver, dan: Driver
):
    run_id = mall.offers(LATER)
    with mall.writing():
        dispatching.assign(run_id, driver_id=dina.person_id, reason="Now", act=by_dispatcher())

    assert planned_first(mall, run_id) < clock.now() + timedelta(minutes=20)

    dina.post(f"runs/{run_id}/release", reason="mistake", note="")

    assert offers_seen(dan, clock.now()) == [run_id]


@pytest.mark.parametrize("is_first_shown", [True, False])
def test_split_or_merged_it_is_seen_if_drivers_saw_any_of_it(mall: Mall, *, is_first_shown: bool):
    run_id = mall.offers(LATER, LATER)
    act = by_dispatcher()
    with mall.writing():
        if is_first_shown:
            shaping.show_now(run_id, act=act)
        leaving = [deliveries.deliveries_of_run(run_id)[0].id]
        other_id = shaping.split(run_id, leaving, reason="Too tight", act=act)
    assert seen(mall, run_id, other_id) == [is_first_shown] * 2

    with mall.writing():
        shaping.show_now(other_id, act=act)
        shaping.merge(run_id, other_id, reason="After all", act=act)

    assert seen(mall, run_id) == [True]
