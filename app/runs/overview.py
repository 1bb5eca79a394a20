"""Runs of a day for the dispatcher: at one place, and how many there are at each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, select, text

from app.domain.run import RunStatus
from app.domain.trouble import UNWANTED_AFTER
from app.persistence.transaction import session
from app.runs.models import OPEN, Run
from app.sites.queries import Site

RUNS_MAX: Final = 200
_IS_OFFERED: Final = Run.status == RunStatus.OFFERED.value


@dataclass(frozen=True, slots=True)
class Amount:
    """How many runs of a place a driver has, how many are on offer, how many of those nobody takes.

    Nobody takes what was raised and is on offer still, as `domain.trouble.hours_unwanted` says.
    """

    under_way: int
    offered: int
    unwanted: int


NOTHING: Final = Amount(under_way=0, offered=0, unwanted=0)


def runs_of_day(site_id: str, run_ids: Collection[str]) -> Sequence[Run]:
    """Return a site's runs that are open, then those of the given ids that are over, by window.

    Args:
        site_id: Of the site.
        run_ids: What the day's deliveries are in, so that runs that are over are among them.
    """
    query = (
        select(Run)
        .where(and_(Run.site_id == site_id, text(OPEN)) | Run.id.in_(run_ids))
        .order_by(Run.finished_at.is_not(None), Run.window_from, Run.id)
        .limit(RUNS_MAX)
    )
    return session().scalars(query).all()


def amounts(*, now: datetime, site_id: str | None = None) -> dict[str, Amount]:
    """Return `{site_id: how many runs}` of places that have any open. One query.

    Args:
        now: The present.
        site_id: The only place that is asked for; None for all.
    """
    offered = func.sum(case((_IS_OFFERED, 1), else_=0))
    unwanted = func.sum(case((and_(_IS_OFFERED, _is_unwanted(now)), 1), else_=0))
    query = select(Run.site_id, func.count(), offered, unwanted)
    query = query.where(text(OPEN)).group_by(Run.site_id)
    if site_id is not None:
        query = query.where(Run.site_id == site_id)
    rows = session().execute(query)
    return {
        site_id: Amount(every - on_offer, on_offer, unasked)
        for site_id, every, on_offer, unasked in rows
    }


def unwanted_runs(*, now: datetime, limit: int) -> Sequence[Run]:
    """Return the runs of all places that were raised and that nobody takes, longest first.

    One query. Test malls are left out.
    """
    query = (
        select(Run)
        .join(Site, Site.id == Run.site_id)
        .where(~Site.is_test, _IS_OFFERED, _is_unwanted(now))
        .order_by(func.coalesce(Run.offered_at, Run.created_at), Run.id)
        .limit(limit)
    )
    return session().scalars(query).all()


def _is_unwanted(now: datetime) -> ColumnElement[bool]:
    offered_at = func.coalesce(Run.offered_at, Run.created_at)
    return and_(Run.raises > 0, offered_at <= now - UNWANTED_AFTER)
