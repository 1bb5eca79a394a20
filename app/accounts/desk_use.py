"""When desks were last used, for their manager."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import LoginSession
from app.persistence.transaction import session


def last_used(desk_ids: Collection[str]) -> dict[str, datetime]:
    """Return `{desk_id: when somebody last used it}`; desks never used are missing. One query."""
    # The type keeps the zone, which an aggregate on SQLite loses.
    newest = func.max(LoginSession.seen_at, type_=LoginSession.seen_at.type)
    rows = session().execute(
        select(LoginSession.desk_id, newest)
        .where(LoginSession.desk_id.in_(desk_ids))
        .group_by(LoginSession.desk_id)
    )
    return {desk_id: seen_at for desk_id, seen_at in rows if desk_id is not None}
