"""When stores are open: told by their merchants, else the usual hours."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import bindparam, delete, select

from app.domain.opening import USUAL, Hours, Opening
from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.sites.models import StoreHours

_TOLD: Final = table_of(StoreHours)
_HOURS: Final = select(
    _TOLD.c.store_id, _TOLD.c.weekday, _TOLD.c.opens_min, _TOLD.c.closes_min
).where(_TOLD.c.store_id.in_(bindparam("of", expanding=True)))


def hours_of(store_id: str) -> Hours:
    """Return a store's hours by weekday; the usual ones when it has told none. One query."""
    return hours_of_stores([store_id])[store_id]


def hours_of_stores(store_ids: Collection[str]) -> dict[str, Hours]:
    """Return `{store_id: hours}` for all that were asked for. One query."""
    told: dict[str, dict[int, Opening]] = {}
    for row in execute(_HOURS, {"of": list(store_ids)}):
        told.setdefault(row.store_id, {})[row.weekday] = Opening(row.opens_min, row.closes_min)
    return {store_id: told.get(store_id, USUAL) for store_id in store_ids}


def set_hours(store_id: str, hours: Hours) -> None:
    """Tell a store's hours; days that are missing are closed. Needs at least one day."""
    session().execute(delete(StoreHours).where(StoreHours.store_id == store_id))
    session().add_all(
        StoreHours(
            store_id=store_id,
            weekday=weekday,
            opens_min=opening.opens_min,
            closes_min=opening.closes_min,
        )
        for weekday, opening in sorted(hours.items())
    )
    session().flush()
