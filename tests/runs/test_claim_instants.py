"""A tap at the very instant at which something begins or ends: what the guarded UPDATE says."""

from datetime import datetime, timedelta

import pytest

from app.domain.act import Act
from app.domain.errors import DomainError
from app.runs import asks, claims
from app.runs.models import Run
from tests.factories import Mall
from tests.personas import Driver

pytestmark = pytest.mark.both_engines

WINDOW = timedelta(seconds=8)
INSTANT = timedelta(microseconds=1)


def tap(driver: Driver, run_id: str, at: datetime) -> str | None:
    """Let a driver claim at an instant; return why not, or None."""
    act = Act(f"driver:{driver.person_id}", at, at)
    try:
        with driver.mall.writing():
            claims.claim_run(run_id, driver_id=driver.person_id, act=act, window=WINDOW)
    except DomainError as error:
        return error.code
    return None


def begins_at(mall: Mall, run_id: str) -> datetime:
    """Return since when a run is on offer."""
    with mall.writing() as current:
        return asks.offered_since(current.get_one(Run, run_id))


@pytest.mark.parametrize(("before", "code"), [(INSTANT, "offer_ranked"), (0 * INSTANT, None)])
def test_first_tap_wins_from_the_end_of_the_window_on(
    mall: Mall, dina: Driver, before: timedelta, code: str | None
):
    run_id = mall.offers()

    assert tap(dina, run_id, begins_at(mall, run_id) + WINDOW - before) == code


@pytest.mark.parametrize(("before", "code"), [(INSTANT, None), (0 * INSTANT, "run_gone")])
def test_run_is_gone_at_the_end_of_its_hours(
    mall: Mall, dina: Driver, before: timedelta, code: str | None
):
    run_id = mall.offers()

    assert tap(dina, run_id, mall.run(run_id).window_until - before) == code


@pytest.mark.parametrize(("before", "code"), [(INSTANT, "run_not_shown"), (0 * INSTANT, None)])
def test_run_that_waits_is_there_from_when_it_is_shown(
    mall: Mall, dina: Driver, before: timedelta, code: str | None
):
    run_id = mall.offers()
    shown_at = begins_at(mall, run_id) + timedelta(minutes=10)
    with mall.writing() as current:
        current.get_one(Run, run_id).shown_at = shown_at

    assert tap(dina, run_id, shown_at - before) == code
