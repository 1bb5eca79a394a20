"""Runs of a day at a site, for the dispatcher."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from app.domain.run import HELD, RunStatus
from app.persistence.transaction import session
from app.runs.models import Run

RUNS_MAX: Final = 200
_OPEN: Final = (RunStatus.OFFERED.value, *(status.value for status in HELD))


def runs_of_day(site_id: str, *, since: datetime) -> Sequence[Run]:
    """Return a site's runs made since an instant and all that are still open, by window."""
    query = (
        select(Run)
        .where(Run.site_id == site_id, (Run.created_at >= since) | Run.status.in_(_OPEN))
        .order_by(Run.window_from, Run.id)
        .limit(RUNS_MAX)
    )
    return session().scalars(query).all()
