"""Offers by fit: asking within the window that opens with an offer, and its answer.

The guarded UPDATE of `claims` stays the only way to have a run. Here is only decided who may try it
first: at the end of the window the best fit of those who asked. Who answers does not matter (the
job, or whoever taps next), nor how often: an answer that was given leaves nobody to answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, update

from app.accounts import people
from app.accounts import queries as accounts
from app.accounts.queries import Driver
from app.blocks import queries as blocks
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ProofKind
from app.domain.errors import DomainError
from app.domain.fit import Behind, Candidate, Misfit, Need, behind, by_fit, misfits
from app.domain.geo import Point, distance_m
from app.domain.learned import SiteTimes
from app.domain.push import PushKind
from app.domain.run import RELEASE_SPAN, RunStatus, pause_left
from app.domain.vehicle import CAPACITY_L, VehicleClass
from app.jobs.queue import enqueue
from app.notify import pushes
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session
from app.runs import asks, claims, learning, queries, showing
from app.runs.learning import Pace
from app.runs.models import OfferAsk, Run, Stop
from app.runs.under_way import AsDriver
from app.sites import queries as sites
from app.sites.queries import Site

ANSWER: Final = "answer_asks"

_ASK: Final = table_of(OfferAsk)
_END_ASK: Final = (
    update(_ASK)
    .where(_ASK.c.id == bindparam("of_ask"), _ASK.c.answered_at.is_(None))
    .values(answered_at=bindparam("at"), outcome=bindparam("as"), reason=bindparam("why"))
)


@dataclass(frozen=True, slots=True)
class Asker:
    """A driver who wants a run, where he is, and how long offers are ranked here.

    Attributes:
        driver_id: Of the driver.
        here: His last known position; None when nobody knows.
        window: From the offer to its answer; nothing where the first tap wins at once.
    """

    driver_id: str
    here: Point | None
    window: timedelta


@dataclass(frozen=True, slots=True)
class Away:
    """How far a driver is from a site.

    Attributes:
        metres: Great circle; None when nobody knows.
        seconds: By car, as ways are known there; None when nobody knows or asks.
    """

    metres: int | None
    seconds: int | None = None

    @classmethod
    def of(cls, site: Site, here: Point | None, pace: Pace, now: datetime) -> "Away":
        """Return how far it is from a place, of which nobody may know."""
        if here is None:
            return cls(None)
        there = Point(site.lat, site.lon)
        return cls(round(distance_m(here, there)), pace.travel(here, there, now).seconds)


def need_of(
    run: Run, stops: Sequence[Stop], rows: Mapping[str, Delivery], times: SiteTimes
) -> Need:
    """Return what a run asks of whoever takes it.

    Args:
        run: The run.
        stops: Its own.
        rows: Its deliveries at least, by id.
        times: How long things take at its site.
    """
    doors = [(stop.planned_at, stop.delivery_id) for stop in stops if stop.delivery_id is not None]
    ends_at, last = max(doors, default=(None, None))
    row = rows.get(last or "")
    proof = ProofKind(row.proof) if row is not None else ProofKind.NONE
    return Need(run.litres, run.duration_s, ends_at, times.door_s(proof))


def capacity_l(driver: Driver | AsDriver) -> int:
    """Return what a driver's vehicle takes."""
    return CAPACITY_L[VehicleClass(driver.vehicle_class)]


def ask(run_id: str, asker: Asker, *, act: Act) -> datetime | None:
    """Ask for a run on offer and return when the answer comes.

    After the window there is nobody to wait for: it is a claim, and None is returned when it won.
    Asking twice is answered as if it were once.

    Raises:
        DomainError: As `claims.claim_run`; in the window `offer_too_large`, `offer_after_shift`.
    """
    run = _asked_run(run_id, asker, now=act.now)
    until = asks.ranked_until(run, asker.window, act.now)
    if until is None:
        claim(run_id, asker, act=act)
        return None
    driver = accounts.driver(asker.driver_id)
    if driver is None:
        raise DomainError("not_found")
    site = sites.site(run.site_id)
    if site is None:
        raise DomainError("not_found")
    pace = learning.pace_of(site)
    away = Away.of(site, asker.here, pace, act.now)
    _require_fit(run, candidate(driver, away, act.now), pace.times, act.now)
    _keep(run, asker.driver_id, away.metres, now=act.now)
    _want_answer(run_id, until, act.now)
    return until


def ask_if_ranked(run_id: str, asker: Asker, *, act: Act) -> datetime | None:
    """Ask where askers are ranked, and return when somebody may be first; None for now.

    Whoever does not fit asks for nothing and waits all the same: a tap is never faster here.

    Raises:
        DomainError: As `claims.claim_run`.
    """
    run = queries.run(run_id)
    if run is None or run.status != RunStatus.OFFERED.value:
        return None
    until = asks.ranked_until(run, asker.window, act.now)
    if until is None:
        return None
    try:
        return ask(run_id, asker, act=act)
    except DomainError as refusal:
        if refusal.code not in _MISFIT_CODES.values():
            raise
        return until


def withdraw(run_id: str, *, driver_id: str, now: datetime) -> None:
    """Take a wish back that has no answer yet; without one nothing happens.

    Raises:
        DomainError: `not_found` when there is no such run.
    """
    claims.require_run(run_id)
    for each in asks.open_asks(run_id):
        if each.driver_id == driver_id:
            _end(each.id, "withdrawn", None, now=now)


def claim(run_id: str, asker: Asker, *, act: Act) -> None:
    """Claim a run after its window; those who asked for it have been answered (`answer`).

    Raises:
        DomainError: As `claims.claim_run`.
    """
    try:
        claims.claim_run(run_id, driver_id=asker.driver_id, act=act, window=asker.window)
    except DomainError as refusal:
        # The answer was already his, and this tap has waited for it or comes again.
        if refusal.code != "run_limit" or not asks.has_won(run_id, asker.driver_id):
            raise


def answer(run_id: str, *, window: timedelta, now: datetime) -> str | None:
    """Answer everybody who asked for a run, once its window is over; return who has it by that.

    Nothing is locked first: slots and runs are taken in the order of every claim (driver, then
    run), and of two who answer at once the guarded UPDATE lets one through.
    """
    open_asks = asks.open_asks(run_id)
    run = queries.run(run_id) if open_asks else None
    if run is None:
        return None
    since = asks.offered_since(run)
    is_offered = run.status == RunStatus.OFFERED.value
    until = asks.ranked_until(run, window, now) if is_offered else None
    if until is not None:
        _want_answer(run_id, until, now)
        return None
    candidates = _candidates(run.site_id, open_asks, now)
    of_round = {each.driver_id: each for each in open_asks if each.offered_at == since}
    ranked = by_fit(candidates[driver_id] for driver_id in of_round)
    winner = _first_to_get(run_id, ranked, of_round, now=now) if is_offered else None
    for each in open_asks:
        if winner is not None and each.driver_id == winner.id:
            _end(each.id, "won", None, now=now)
            pushes.tell(PushKind.RUN_IS_YOURS, [winner.id], run_id, now=now)
        else:
            _end(each.id, "lost", behind(winner, candidates[each.driver_id]), now=now)
    return winner.id if winner is not None else None


def _first_to_get(
    run_id: str, ranked: Sequence[Candidate], asked: Mapping[str, asks.OpenAsk], *, now: datetime
) -> Candidate | None:
    """Let drivers try in order until one has the run, or it is gone."""
    for each in ranked:
        releases = queries.release_ages(each.id, now=now, span=RELEASE_SPAN)
        slot = people.take_run_slot(each.id) if not pause_left(releases) else None
        if slot is None:
            # Meanwhile he has another run, went off duty, or has to wait.
            continue
        act = Act(f"driver:{each.id}", asked[each.id].asked_at, now)
        if claims.take_run(run_id, driver_id=each.id, slot=slot, act=act) is not None:
            return each
        people.give_back_run_slot(each.id)
        return None
    return None


def _asked_run(run_id: str, asker: Asker, *, now: datetime) -> Run:
    claims.require_no_pause(asker.driver_id, now)
    driver, run = accounts.driver(asker.driver_id), queries.run(run_id)
    is_free = driver is not None and driver.active_runs < driver.max_active_runs
    if driver is None or not (driver.is_on_duty and driver.is_approved and is_free):
        raise claims.why_no_slot(asker.driver_id, run_id)
    if run is None or run.status != RunStatus.OFFERED.value or run.window_until <= now:
        raise claims.why_lost(run_id, asker.driver_id, now=now)
    if not showing.is_shown(run, now):
        raise DomainError("run_not_shown")
    return run


_MISFIT_CODES: Final = {
    Misfit.TOO_LARGE: "offer_too_large",
    Misfit.AFTER_SHIFT: "offer_after_shift",
}


def _require_fit(run: Run, driver: Candidate, times: SiteTimes, now: datetime) -> None:
    rows = {row.id: row for row in deliveries.deliveries_of_run(run.id)}
    need = need_of(run, queries.stops_of_run(run.id), rows, times)
    for misfit in misfits(need, driver, now):
        code = _MISFIT_CODES[misfit]
        raise DomainError(code, litres=run.litres, capacity=driver.capacity_l)


def candidate(
    driver: Driver | AsDriver, away: Away, now: datetime, *, has_block: bool = False
) -> Candidate:
    """Return a driver as somebody who may want a run."""
    return Candidate(
        id=driver.person_id,
        away_m=away.metres,
        way_s=away.seconds,
        capacity_l=capacity_l(driver),
        shift_until=driver.shift_until,
        has_block=has_block,
        waits_since=driver.duty_changed_at or now,
    )


def _candidates(
    site_id: str, open_asks: Sequence[asks.OpenAsk], now: datetime
) -> dict[str, Candidate]:
    """Return who asked, by id. Three queries."""
    ids = [each.driver_id for each in open_asks]
    drivers, ended = accounts.drivers_by_id(ids), asks.last_ended(ids)
    in_block = blocks.drivers_in_block(ids, site_id, now=now)
    found = {
        each.driver_id: candidate(
            drivers[each.driver_id], Away(each.away_m), now, has_block=each.driver_id in in_block
        )
        for each in open_asks
    }
    return {
        key: replace(each, waits_since=max(each.waits_since, ended.get(key, each.waits_since)))
        for key, each in found.items()
    }


def _keep(run: Run, driver_id: str, away_m: int | None, *, now: datetime) -> None:
    since = asks.offered_since(run)
    row = asks.ask_of(run.id, driver_id, since)
    if row is None:
        row = OfferAsk(id=new_id("ask"), run_id=run.id, driver_id=driver_id, offered_at=since)
        session().add(row)
    elif row.answered_at is None:
        return
    row.asked_at, row.away_m = now, away_m
    row.answered_at = row.outcome = row.reason = None
    session().flush()


def _end(ask_id: str, outcome: str, reason: Behind | None, *, now: datetime) -> None:
    why = reason.value if reason is not None else None
    execute(_END_ASK, {"of_ask": ask_id, "at": now, "as": outcome, "why": why})


def _want_answer(run_id: str, until: datetime, now: datetime) -> None:
    enqueue(ANSWER, {"run_id": run_id}, key=f"{ANSWER}:{run_id}", run_at=until, now=now)
