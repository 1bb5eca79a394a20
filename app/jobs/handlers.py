"""Every kind of job, the function that does it, and which of them come again."""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from flask import current_app

from app import slow_calls
from app.blocks import service as blocks
from app.config import Settings
from app.domain.act import Act
from app.domain.errors import DomainError
from app.handoffs import asking, statements
from app.handoffs.judging import secrets_of
from app.jobs import demo, erasing, learning, log, pushes, uploads
from app.jobs.queue import enqueue
from app.jobs.worker import outside
from app.keys import Keys
from app.persistence.transaction import session, transaction
from app.runs import (
    forming,
    lapsing,
    looking,
    offering,
    raising,
    regrouping,
    reordering,
    roads,
    shaping,
    showing,
)
from app.runs import queries as runs
from app.tracking import positions
from app.tracking.latest import LatestPositions

Handler = Callable[..., None]

#: Orders that come close together are looked at together.
_REGROUP_AFTER: Final = timedelta(seconds=60)
#: Runs that one job shows: well within its lease.
_SHOWN_AT_ONCE: Final = 200


@outside
def form_runs(*, site_id: str, now: datetime) -> None:
    """Put a site's open deliveries into runs on offer, and ask for a look at the whole."""
    seen = forming.look(site_id, now=now)
    # Ends reading: nothing is held while a road engine is asked and while it computes.
    session().rollback()
    if seen is None:
        return
    roads.prepare(seen.site.travel, seen.places, now)
    plans = slow_calls.run(forming.decide, seen, now=now)
    for first in range(0, len(plans), forming.RUNS_AT_ONCE):
        with transaction():
            if forming.write(seen, plans[first : first + forming.RUNS_AT_ONCE], now=now):
                _ask_to_regroup(site_id, now)
    if forming.is_anybody_waiting(site_id, now=now):
        with transaction():
            enqueue(
                "form_runs", {"site_id": site_id}, key=f"form_runs:{site_id}", run_at=now, now=now
            )


@outside
def regroup_runs(*, site_id: str, now: datetime) -> None:
    """Put a site's unclaimed runs together anew where that costs less."""
    seen = regrouping.look(site_id, now=now)
    # Ends reading: nothing is held while it computes.
    session().rollback()
    change = regrouping.compute(seen, now=now)
    if not change.plans:
        return
    with transaction():
        written = regrouping.write(seen, change, now=now)
        if not written.is_whole:
            _ask_to_regroup(site_id, now)


def _ask_to_regroup(site_id: str, now: datetime) -> None:
    enqueue(
        "regroup_runs",
        {"site_id": site_id},
        key=f"regroup_runs:{site_id}",
        run_at=now + _REGROUP_AFTER,
        now=now,
    )


def erase_positions(*, now: datetime) -> None:
    """Erase raw positions past their time."""
    positions.erase_old(now=now)


def take_held(*, kid: int, now: datetime) -> None:
    """Take a device's statements whose forerunner has not come in time."""
    keys: Keys = current_app.extensions["mallrun_keys"]
    statements.take_held(kid, secrets=secrets_of(keys), now=now)


def ask_unconfirmed(*, delivery_id: str, now: datetime) -> None:
    """Ask the driver about parcels that the store says it gave, if nobody says it took them."""
    asking.ask_unconfirmed(delivery_id, now=now)


def watch_claims(*, now: datetime) -> None:
    """Ask for a look at every claim that could lapse."""
    lapsing.ask_for_looks(now=now)


def watch_claim(*, run_id: str, now: datetime) -> None:
    """Warn the driver of one claim, or put its run on offer again."""
    lapsing.watch(run_id, now=now)


def raise_offers(*, now: datetime) -> None:
    """Ask for a raise of every offer that nobody takes."""
    raising.ask_for_raises(now=now)


def raise_offer(*, run_id: str, now: datetime) -> None:
    """Raise one offer as its pay rule says."""
    raising.raise_offer(run_id, now=now)


def show_runs(*, now: datetime) -> None:
    """Ask to tell drivers of every run whose time has come."""
    showing.ask_for_showings(now=now)


def show_run(*, run_id: str, now: datetime) -> None:
    """Tell drivers of one run that has waited for more orders."""
    showing.show_due(run_id, window=_offer_window(), now=now)


@outside
def show_all_runs(*, site_id: str, now: datetime) -> None:
    """Show the runs of a site that waits no more, each in a transaction of its own."""
    run_ids = showing.waiting_runs(site_id, now=now, limit=_SHOWN_AT_ONCE)
    waits = looking.waits_for_orders(site_id)
    session().rollback()
    for run_id in () if waits else run_ids:
        with contextlib.suppress(DomainError), transaction():
            # Somebody may have taken it meanwhile.
            shaping.show_now(run_id, act=Act.of_system(now))
    if len(run_ids) == _SHOWN_AT_ONCE and not waits:
        with transaction():
            showing.ask_to_stop_waiting(site_id, now=now)


def answer_asks(*, run_id: str, now: datetime) -> None:
    """Give a run on offer to the best fit of those who asked for it in time."""
    offering.answer(run_id, window=_offer_window(), now=now)


def _offer_window() -> timedelta:
    settings: Settings = current_app.extensions["mallrun_settings"]
    return timedelta(seconds=settings.offer_window_s)


def settle_blocks(*, now: datetime) -> None:
    """Ask to settle every place of a block that is over."""
    blocks.ask_for_settlements(now=now)


def settle_block(*, place_id: str, now: datetime) -> None:
    """Pay what is missing to the guarantee of one driver's block."""
    blocks.settle(place_id, now=now)


def look_for_orders(*, now: datetime) -> None:
    """Ask for a look at the order of stops of every held run."""
    reordering.ask_for_looks(now=now)


def look_for_order(*, run_id: str, now: datetime) -> None:
    """Propose another order of stops to one driver where it helps."""
    run = runs.run(run_id)
    here = None
    if run is not None and run.driver_id is not None:
        latest: LatestPositions = current_app.extensions["mallrun_positions"]
        here = positions.fresh_point(latest.get(run.driver_id), now=now)
    reordering.look(run_id, here=here, now=now)


HANDLERS: Final[Mapping[str, Handler]] = {
    "form_runs": form_runs,
    "regroup_runs": regroup_runs,
    "erase_positions": erase_positions,
    "take_held": take_held,
    "ask_unconfirmed": ask_unconfirmed,
    "watch_claims": watch_claims,
    lapsing.WATCH: watch_claim,
    "raise_offers": raise_offers,
    raising.RAISE: raise_offer,
    showing.LOOK: show_runs,
    showing.SHOW: show_run,
    showing.SHOW_ALL: show_all_runs,
    offering.ANSWER: answer_asks,
    "settle_blocks": settle_blocks,
    "look_for_orders": look_for_orders,
    reordering.LOOK: look_for_order,
    blocks.SETTLE: settle_block,
    **erasing.HANDLERS,
    **uploads.HANDLERS,
    **learning.HANDLERS,
    **log.HANDLERS,
    **pushes.HANDLERS,
    **demo.HANDLERS,
}

#: Kinds that run again and again, with the seconds between.
SCHEDULE: Final[Mapping[str, int]] = {
    "erase_positions": 3600,
    "watch_claims": 60,
    "raise_offers": 300,
    showing.LOOK: 60,
    "settle_blocks": 300,
    "look_for_orders": 60,
    **erasing.SCHEDULE,
    **learning.SCHEDULE,
    **log.SCHEDULE,
    **demo.SCHEDULE,
}
