"""Runs that wait for more orders: when drivers see them, and who can show them earlier."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.deliveries import queries as deliveries
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.forming import ORDERS_MAX
from app.domain.holding import FINDING
from app.jobs.handlers import HANDLERS
from app.jobs.models import Job
from app.persistence.transaction import session
from app.runs import offering, queries, showing
from app.runs.offering import Asker
from app.sites.models import Site
from tests.factories import Mall
from tests.personas import Driver, code_of

pytestmark = pytest.mark.both_engines

WINDOW = timedelta(seconds=8)
#: Long enough for a run to wait for hours.
LATER: dict[str, Any] = {"window_until": clock.now() + timedelta(hours=6)}


@pytest.fixture
def mall(mall: Mall) -> Mall:
    waits(mall)
    return mall


def waits(mall: Mall, *, is_on: bool = True) -> None:
    """Let the runs of a site wait for more orders from now on, or no more."""
    with mall.writing() as current:
        site = current.get(Site, mall.site_id)
        assert site is not None
        site.waits_for_orders = is_on


def shown_at(mall: Mall, run_id: str) -> datetime:
    at = mall.run(run_id).shown_at
    assert at is not None
    return at


def tell_drivers(mall: Mall, run_id: str, now: datetime) -> bool:
    """Do what the job does, at an instant."""
    with mall.writing():
        return showing.show_due(run_id, window=WINDOW, now=now)


def asks_for(driver: Driver, run_id: str, now: datetime) -> datetime | None:
    """Let a driver ask for a run, and return when the answer comes."""
    with driver.mall.writing():
        act = Act(f"driver:{driver.person_id}", now, now)
        return offering.ask(run_id, Asker(driver.person_id, None, WINDOW), act=act)


def offers_seen(driver: Driver, now: datetime) -> list[str]:
    with clock.frozen(now):
        return [each["id"] for each in driver.state()["offers"]]


def jobs_waiting(mall: Mall, run_id: str) -> dict[str, datetime]:
    with mall.reading():
        rows = session().scalars(select(Job).where(Job.arguments.contains(run_id)))
        return {row.kind: row.run_at for row in rows if row.done_at is None}


def test_run_that_waits_is_neither_seen_nor_claimed(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)

    assert shown_at(mall, run_id) > clock.now() + timedelta(hours=2)
    assert offers_seen(dina, clock.now()) == []
    assert code_of(dina.claim(run_id)) == "run_not_shown"
    assert mall.count(run_id, EventType.RUN_FORMED) == 1
    assert mall.count(run_id, EventType.RUN_OFFERED) == 0
    assert jobs_waiting(mall, run_id) == {showing.SHOW: shown_at(mall, run_id)}


def test_its_times_are_those_of_a_driver_who_comes_when_it_is_shown(mall: Mall):
    run_id = mall.offers(LATER)

    with mall.reading():
        stops = queries.stops_of_run(run_id)
        (row,) = deliveries.deliveries_of_run(run_id)

    assert shown_at(mall, run_id) + FINDING <= stops[0].planned_at
    assert stops[0].planned_at < shown_at(mall, run_id) + FINDING + timedelta(minutes=15)
    assert stops[-1].planned_at < row.window_until


def test_nobody_can_ask_for_it_a_moment_before_its_time(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)
    early = shown_at(mall, run_id) - timedelta(seconds=1)

    with pytest.raises(DomainError, match="run_not_shown"):
        asks_for(dina, run_id, early)


def test_it_is_on_offer_at_its_time_even_if_the_job_was_lost(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)
    due = shown_at(mall, run_id)

    assert offers_seen(dina, due - timedelta(seconds=1)) == []
    assert offers_seen(dina, due) == [run_id]
    with clock.frozen(due + timedelta(minutes=1)):
        assert dina.claim(run_id).status_code == 200


def test_job_tells_drivers_once(mall: Mall):
    run_id = mall.offers(LATER)
    due = shown_at(mall, run_id)

    assert tell_drivers(mall, run_id, due - timedelta(seconds=1)) is False
    assert [tell_drivers(mall, run_id, due) for _ in range(2)] == [True, False]
    assert mall.count(run_id, EventType.RUN_OFFERED) == 1
    assert (mall.run(run_id).shown_at, mall.run(run_id).offered_at) == (None, due)


def test_lost_job_is_asked_for_again(mall: Mall):
    run_id = mall.offers(LATER)
    due = shown_at(mall, run_id)
    with mall.writing() as current:
        for job in current.scalars(select(Job).where(Job.arguments.contains(run_id))):
            current.delete(job)

    with clock.frozen(due), mall.writing():
        HANDLERS[showing.LOOK](now=due)

    assert jobs_waiting(mall, run_id) == {showing.SHOW: due}


def test_askers_are_ranked_from_when_they_could_see_it(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)
    due = shown_at(mall, run_id)
    soon = due + timedelta(seconds=3)

    answer_at = asks_for(dina, run_id, soon)
    # The job comes late, and leaves the round as it is: somebody waits for the answer.
    tell_drivers(mall, run_id, due + timedelta(seconds=20))
    with mall.writing():
        winner = offering.answer(run_id, window=WINDOW, now=due + timedelta(seconds=21))

    assert answer_at == due + WINDOW
    assert winner == dina.person_id


def test_late_job_opens_the_round_when_nobody_could_ask(mall: Mall):
    run_id = mall.offers(LATER)
    late = shown_at(mall, run_id) + timedelta(minutes=5)

    tell_drivers(mall, run_id, late)

    assert mall.run(run_id).offered_at == late


def test_order_that_joins_is_told_apart_and_the_run_keeps_waiting(mall: Mall):
    run_id = mall.offers(LATER)
    before = shown_at(mall, run_id)
    mall.places(**LATER)

    assert mall.forms_runs() == [run_id]
    assert clock.now() < shown_at(mall, run_id) < before
    assert mall.count(run_id, EventType.RUN_FORMED) == 2


def test_run_that_fills_is_told_of_at_its_earlier_time(mall: Mall):
    run_id = mall.offers(LATER)
    late = shown_at(mall, run_id)
    for _ in range(ORDERS_MAX - 1):
        mall.places(**LATER)

    mall.forms_runs()

    early = shown_at(mall, run_id)
    assert early < late
    with mall.reading():
        rows = session().scalars(select(Job).where(Job.arguments.contains(run_id)))
        assert {row.run_at for row in rows if row.kind == showing.SHOW} == {early, late}
    assert tell_drivers(mall, run_id, early) is True
    assert tell_drivers(mall, run_id, late) is False
    assert mall.count(run_id, EventType.RUN_OFFERED) == ORDERS_MAX


def test_change_that_presses_shows_it_at_once(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)
    mall.places(window_until=clock.now() + timedelta(minutes=45))

    mall.forms_runs()

    assert offers_seen(dina, clock.now()) == [run_id]
    assert mall.run(run_id).shown_at is None
    assert mall.count(run_id, EventType.RUN_OFFERED) == 2


def test_run_whose_time_is_short_is_shown_at_once(mall: Mall, dina: Driver):
    run_id = mall.offers({"window_until": clock.now() + timedelta(minutes=45)})

    assert offers_seen(dina, clock.now()) == [run_id]
    assert mall.count(run_id, EventType.RUN_OFFERED) == 1


def test_hour_without_a_driver_counts_from_when_drivers_see_it(mall: Mall):
    run_id = mall.offers(LATER)
    due = shown_at(mall, run_id)
    tell_drivers(mall, run_id, due)

    def raised(now: datetime) -> bool:
        with clock.frozen(now), mall.writing():
            HANDLERS["raise_offer"](run_id=run_id, now=now)
        return bool(mall.run(run_id).raises)

    assert raised(due + timedelta(minutes=59)) is False
    assert raised(due + timedelta(minutes=61)) is True


def test_nothing_is_raised_that_nobody_has_seen(mall: Mall):
    run_id = mall.offers({"window_until": clock.now() + timedelta(hours=12)})
    late = clock.now() + timedelta(hours=3)
    assert late < shown_at(mall, run_id)

    with mall.writing():
        HANDLERS["raise_offers"](now=late)
        HANDLERS["raise_offer"](run_id=run_id, now=late)

    assert mall.run(run_id).raises == 0
    assert "raise_offer" not in jobs_waiting(mall, run_id)


def test_place_that_waits_no_more_shows_everything(mall: Mall, dina: Driver):
    run_id = mall.offers(LATER)
    with mall.reading():
        HANDLERS[showing.SHOW_ALL](site_id=mall.site_id, now=clock.now())
    assert offers_seen(dina, clock.now()) == []

    waits(mall, is_on=False)
    with mall.reading():
        HANDLERS[showing.SHOW_ALL](site_id=mall.site_id, now=clock.now())

    assert offers_seen(dina, clock.now()) == [run_id]
    assert mall.count(run_id, EventType.RUN_OFFERED) == 1


def test_stations_run_is_shown_in_time_for_its_wave(station: Mall):
    waits(station)
    later = clock.now() + timedelta(hours=4)
    run_id = station.offers(
        {"window_from": later, "window_until": later + timedelta(hours=4), "ready_at": later}
    )

    run = station.run(run_id)

    assert clock.now() < run.shown_at <= run.wave_at - FINDING


def test_list_of_offers_reads_no_run_that_waits(mall: Mall):
    evening = clock.now() + timedelta(hours=4)
    hidden = mall.offers({"window_from": evening, "window_until": evening + timedelta(hours=2)})
    urgent = mall.places(window_until=clock.now() + timedelta(minutes=45))
    mall.forms_runs()

    with mall.reading():
        shown = queries.offered_runs(mall.site_id, now=clock.now(), to_drivers=True)
        everything = queries.offered_runs(mall.site_id, now=clock.now())

    assert [row.id for row in shown] == [mall.delivery(urgent).run_id]
    assert {row.id for row in everything} == {hidden, shown[0].id}
