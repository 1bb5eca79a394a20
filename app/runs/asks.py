"""Reading who asked for runs on offer."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.runs.models import Claim, OfferAsk, Run

#: A driver reads of so many at most.
LOST_SHOWN: Final = 3
_ASK: Final = table_of(OfferAsk)
_OPEN: Final = (
    select(_ASK.c.id, _ASK.c.driver_id, _ASK.c.offered_at, _ASK.c.asked_at, _ASK.c.away_m)
    .where(_ASK.c.run_id == bindparam("of_run"), _ASK.c.answered_at.is_(None))
    .order_by(_ASK.c.driver_id, _ASK.c.offered_at)
)


class OpenAsk(NamedTuple):
    """A wish without an answer."""

    id: str
    driver_id: str
    offered_at: datetime
    asked_at: datetime
    away_m: int | None


def offered_since(run: Run) -> datetime:
    """Return since when a run waits for a driver."""
    return run.offered_at or run.created_at


def ranked_until(run: Run, window: timedelta, now: datetime) -> datetime | None:
    """Return until when askers are ranked by fit; None when the first tap wins.

    An offer that begins further ahead than the window was written by a clock that nobody can trust:
    it must not lock everybody out.
    """
    since = offered_since(run)
    return since + window if abs(now - since) < window else None


def open_asks(run_id: str) -> list[OpenAsk]:
    """Return the wishes for a run that have no answer yet. One query over few rows."""
    return [OpenAsk(*row) for row in execute(_OPEN, {"of_run": run_id})]


def ask_of(run_id: str, driver_id: str, offered_at: datetime) -> OfferAsk | None:
    """Return a driver's wish for a run since it is on offer, or None."""
    query = select(OfferAsk).where(
        OfferAsk.run_id == run_id,
        OfferAsk.driver_id == driver_id,
        OfferAsk.offered_at == offered_at,
    )
    return session().scalars(query).first()


def has_won(run_id: str, driver_id: str) -> bool:
    """Tell whether a driver holds a run because he asked for it and was the best fit."""
    query = (
        select(OfferAsk.id)
        .join(Run, Run.id == OfferAsk.run_id)
        .where(
            OfferAsk.run_id == run_id,
            OfferAsk.driver_id == driver_id,
            OfferAsk.outcome == "won",
            Run.driver_id == driver_id,
        )
        .limit(1)
    )
    return session().scalar(query) is not None


def asked_by(driver_id: str, *, since: datetime) -> frozenset[str]:
    """Return the runs that a driver asked for since an instant, not answered yet. One query."""
    query = select(OfferAsk.run_id).where(
        OfferAsk.driver_id == driver_id,
        OfferAsk.asked_at >= since,
        OfferAsk.answered_at.is_(None),
    )
    return frozenset(session().scalars(query))


def lost_lately(driver_id: str, *, since: datetime) -> list[tuple[OfferAsk, str]]:
    """Return a driver's wishes lost since an instant, with each run's site, newest first."""
    query = (
        select(OfferAsk, Run.site_id)
        .join(Run, Run.id == OfferAsk.run_id)
        .where(
            OfferAsk.driver_id == driver_id,
            OfferAsk.outcome == "lost",
            OfferAsk.answered_at >= since,
        )
        .order_by(OfferAsk.answered_at.desc())
        .limit(LOST_SHOWN)
    )
    return [(row[0], row[1]) for row in session().execute(query)]


def last_ended(driver_ids: Collection[str]) -> dict[str, datetime]:
    """Return `{driver_id: when the latest of their claims ended}`. One query."""
    query = (
        select(Claim.driver_id, func.max(Claim.ended_at).label("at"))
        .where(Claim.driver_id.in_(driver_ids), Claim.ended_at.is_not(None))
        .group_by(Claim.driver_id)
    )
    return {row.driver_id: row.at for row in session().execute(query)}
