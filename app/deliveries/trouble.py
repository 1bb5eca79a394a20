"""How much is to bring at each place, and which deliveries of all places need a human.

Read by two partial indexes: what is open, and what ended otherwise than its store wanted. So it
costs what there is to show, however many places there are and whatever else has ended at them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)

from app.deliveries.models import TROUBLED, Delivery
from app.domain.trouble import BAD_ENDS, Trouble, severity
from app.persistence.transaction import session
from app.persistence.types import UtcDateTime
from app.sites.queries import Site

_Columns = TypeVarTuple("_Columns")
_IS_OPEN: Final = Delivery.ended_at.is_(None)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many deliveries of a place are still open, and how many of its day need a human."""

    still_open: int
    troubled: int


NOTHING: Final = Amount(still_open=0, troubled=0)


def amounts(
    midnights: Mapping[str, datetime], *, now: datetime, site_id: str | None = None
) -> dict[str, Amount]:
    """Return `{site_id: how much there is}` of places that have any. One query.

    Args:
        midnights: When the day began, by the name of the time zone of a place.
        now: The present.
        site_id: The only place that is asked for; None for all.
    """
    if not midnights:
        return {}
    rank = _rank(now).label("rank")
    still_open = select(Delivery.site_id, literal(1).label("open"), rank).where(_IS_OPEN)
    ended = _ended_today(select(Delivery.site_id, literal(0).label("open"), rank), midnights)
    if site_id is not None:
        still_open = still_open.where(Delivery.site_id == site_id)
        ended = ended.where(Delivery.site_id == site_id)
    every = union_all(still_open, ended).subquery()
    counts = select(
        every.c.site_id, func.sum(every.c.open).label("open"), func.count(every.c.rank).label("bad")
    ).group_by(every.c.site_id)
    return {row.site_id: Amount(row.open, row.bad) for row in session().execute(counts)}


def in_trouble(
    midnights: Mapping[str, datetime], *, now: datetime, limit: int
) -> Sequence[Delivery]:
    """Return the deliveries of all places that need a human, the worst first. One query.

    Of one kind those stand first that have been so for longest. Test malls are left out.

    Args:
        midnights: As of `amounts`; what ended before is somebody's work no longer.
        now: The present.
        limit: The most of them.
    """
    if not midnights:
        return ()
    found = (
        Delivery.id,
        _rank(now).label("rank"),
        func.coalesce(Delivery.ended_at, _told_until()).label("since"),
    )
    needs_look = or_(
        Delivery.is_held, Delivery.is_verification_pending, Delivery.window_until < now
    )
    still_open = _at_places(select(*found)).where(_IS_OPEN, needs_look)
    every = union_all(still_open, _ended_today(select(*found), midnights)).subquery()
    query = (
        select(Delivery)
        .join(every, every.c.id == Delivery.id)
        .order_by(every.c.rank, every.c.since, every.c.id)
        .limit(limit)
    )
    return session().scalars(query).all()


def _rank(now: datetime) -> ColumnElement[int | None]:
    """Return how bad it is, null for nothing: `domain.trouble.trouble_of`, as SQL."""
    kinds: list[tuple[ColumnElement[bool], Trouble]] = [
        (Delivery.is_held.is_(True), Trouble.HELD),
        (Delivery.status.in_(sorted(BAD_ENDS)), Trouble.ENDED_BADLY),
        (and_(_IS_OPEN, _told_until() < now), Trouble.LATE),
        (and_(_IS_OPEN, Delivery.window_until < now), Trouble.AT_RISK),
        (Delivery.is_verification_pending.is_(True), Trouble.UNPROVED),
    ]
    return case(*((condition, severity(trouble)) for condition, trouble in kinds), else_=None)


def _told_until() -> ColumnElement[datetime]:
    """Return `Delivery.told_until`, as SQL."""
    return func.coalesce(Delivery.promised_until, Delivery.window_until)


def _ended_today(query: Select[*_Columns], midnights: Mapping[str, datetime]) -> Select[*_Columns]:
    """Restrict a query to what ended badly since its place's midnight."""
    since = case(
        {zone: literal(at, UtcDateTime()) for zone, at in midnights.items()}, value=Site.timezone
    )
    return _at_places(query).where(
        Delivery.ended_at >= min(midnights.values()),
        text(f"({TROUBLED})"),
        Delivery.ended_at >= since,
    )


def _at_places(query: Select[*_Columns]) -> Select[*_Columns]:
    return query.join(Site, Site.id == Delivery.site_id).where(~Site.is_test)
