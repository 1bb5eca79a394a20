"""How wrong arrival times have been at a site: kept by learning, read for each arrival window."""

import json
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.arrivals import Miss, counted, lead_of, spread_of
from app.domain.eta import Spread
from app.persistence.transaction import session
from app.runs.models import ArrivalError


def spread_at(site_id: str, to_go: timedelta) -> Spread:
    """Return how wide a window has to be for an arrival so far ahead. One query."""
    row = session().get(ArrivalError, (site_id, lead_of(to_go).value))
    return spread_of(json.loads(row.counts) if row is not None else [])


def note(site_id: str, misses: Iterable[Miss]) -> None:
    """Add to what is known of a site. Rows are made first, so that of two writers one waits."""
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    by_lead: dict[str, list[float]] = {}
    for each in misses:
        by_lead.setdefault(each.lead.value, []).append(each.widths)
    for lead, widths in sorted(by_lead.items()):
        session().execute(
            dialect.insert(ArrivalError)
            .values(site_id=site_id, lead=lead, counts="[]")
            .on_conflict_do_nothing()
        )
        row = session().get_one(
            ArrivalError, (site_id, lead), with_for_update=True, populate_existing=True
        )
        counts: list[int] = json.loads(row.counts)
        for each in widths:
            counts = counted(counts, each)
        row.counts = json.dumps(counts)
    session().flush()


def forget(site_id: str) -> None:
    """Forget how wrong the arrivals of a site were: they were told by what holds no longer."""
    session().execute(delete(ArrivalError).where(ArrivalError.site_id == site_id))
