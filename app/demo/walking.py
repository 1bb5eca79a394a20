"""Walking one test delivery towards an outcome, a step at a time, as a driver and a store would.

Every step is the command that a person's app would send: what a merchant's program hears of it is
what it will hear in earnest.
"""

from datetime import datetime, timedelta
from typing import Final

from app.accounts import people
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.demo.serving import serve
from app.demo.tools import DemoTools
from app.domain.act import Act
from app.domain.delivery import (
    BEFORE_CLAIM,
    COMING_BACK,
    ENDED,
    CancelReason,
    DeliveryStatus,
)
from app.domain.errors import DomainError
from app.domain.run import FailReason, StopStatus
from app.handoffs import delivering, losing
from app.jobs.queue import enqueue
from app.persistence.transaction import session
from app.runs import cancelling, changing, claims, progress
from app.runs import queries as runs
from app.runs.queries import Run, Stop

WALK: Final = "walk_test_delivery"

_S: Final = DeliveryStatus
_OPEN: Final = (StopStatus.AHEAD.value, StopStatus.ARRIVED.value)
_BACK: Final = frozenset({*COMING_BACK, _S.RETURNED})
_WHY: Final = "Simulated"


def ask_for_step(
    delivery_id: str, outcome: str, *, after_s: float, pace_s: int, now: datetime
) -> None:
    """Enqueue the next step of a walk; while one waits, nothing is added."""
    enqueue(
        WALK,
        {"delivery_id": delivery_id, "outcome": outcome, "pace_s": pace_s},
        key=f"{WALK}:{delivery_id}",
        run_at=now + timedelta(seconds=after_s),
        now=now,
    )


def step(delivery_id: str, outcome: DeliveryStatus, tools: DemoTools, *, now: datetime) -> bool:
    """Take one step towards an outcome; tell whether another one is needed."""
    row = deliveries.delivery(delivery_id)
    if row is None:
        return False
    status = _S(row.status)
    if status is outcome or status in ENDED:
        return False
    if status in BEFORE_CLAIM:
        _before_claim(row, status, outcome, now)
    else:
        _under_way(row, status, outcome, tools, now)
    return True


def _before_claim(
    row: Delivery, status: DeliveryStatus, outcome: DeliveryStatus, now: datetime
) -> None:
    clerk = Act(f"clerk:{_WHY.lower()}", now, now)
    if outcome is _S.CANCELLED:
        cancelling.cancel_delivery(
            row.id, store_id=row.store_id, reason=CancelReason.OTHER, note=_WHY, act=clerk
        )
    elif status is _S.CREATED:
        delivery_service.pack(row.id, store_id=row.store_id, act=clerk)
    else:
        _claim(row, now)


def _claim(row: Delivery, now: datetime) -> None:
    person = people.add_person("Sam Sample", email=None, phone=None, now=now)
    people.add_driver(person.id, vehicle="test car", plate="TEST", is_approved=True)
    people.set_duty(person.id, is_on_duty=True, site_id=row.site_id, now=now)
    # Nobody's account: no list of drivers shows it.
    person.disabled_at = now
    run = changing.run_alone(row, now=now)
    session().flush()
    claims.claim_run(run.id, driver_id=person.id, act=_driver(person.id, now))


def _under_way(
    row: Delivery, status: DeliveryStatus, outcome: DeliveryStatus, tools: DemoTools, now: datetime
) -> None:
    run = runs.run(row.run_id or "", lock=True)
    stop = _next_stop(run)
    if run is None or stop is None or run.driver_id is None:
        raise DomainError("run_not_held")
    act = _driver(run.driver_id, now)
    if status in {_S.ENROUTE_TO_DROPOFF, _S.ARRIVED_AT_DROPOFF} and outcome is _S.LOST:
        losing.mark_lost(row.id, reason=_WHY, act=Act.of_system(now))
    elif stop.status == StopStatus.AHEAD.value:
        progress.arrive(stop.id, driver_id=run.driver_id, act=act)
    elif status is _S.ARRIVED_AT_DROPOFF and outcome in _BACK:
        delivering.fail(
            stop.id,
            reason=FailReason.NOBODY_HOME,
            note=_WHY,
            driver_id=run.driver_id,
            epoch=run.epoch,
            act=act,
        )
    else:
        serve(run, stop, tools, act)


def _next_stop(run: Run | None) -> Stop | None:
    stops = runs.stops_of_run(run.id) if run is not None else ()
    return next((stop for stop in stops if stop.status in _OPEN), None)


def _driver(person_id: str, now: datetime) -> Act:
    return Act(f"driver:{person_id}", now, now)
