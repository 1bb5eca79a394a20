"""Deliveries of a day, at a site for the dispatcher and of a store for its manager."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select

from app.deliveries.models import Delivery
from app.domain.delivery import ENDED
from app.persistence.transaction import session

DELIVERIES_MAX: Final = 500
_ENDED: Final = tuple(status.value for status in ENDED)


def deliveries_of_day(site_id: str, *, since: datetime) -> Sequence[Delivery]:
    """Return a site's deliveries made since an instant and all that are still open, by window."""
    return _of_day(Delivery.site_id == site_id, since=since)


def deliveries_of_store(store_id: str, *, since: datetime) -> Sequence[Delivery]:
    """Return a store's deliveries made since an instant and all still open, by window."""
    return _of_day(Delivery.store_id == store_id, since=since)


def _of_day(condition: ColumnElement[bool], *, since: datetime) -> Sequence[Delivery]:
    query = (
        select(Delivery)
        .where(condition, (Delivery.created_at >= since) | Delivery.status.not_in(_ENDED))
        .order_by(Delivery.window_until, Delivery.id)
        .limit(DELIVERIES_MAX)
    )
    return session().scalars(query).all()
