"""Forgetting whom a delivery was for, once nobody needs it any more."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from app.deliveries import queries
from app.deliveries.models import Delivery, Recipient
from app.domain.act import Act
from app.domain.events import EventType
from app.domain.geo import Point
from app.domain.retention import PERSONAL_DATA, coarse
from app.eventlog import erasing as eventlog
from app.eventlog.service import NewEvent, record
from app.persistence.transaction import session


def due(*, kept: Collection[str], limit: int, now: datetime) -> Sequence[Delivery]:
    """Return deliveries that ended long ago and still name their customer, oldest end first.

    Args:
        kept: Deliveries about which somebody still has to decide.
        limit: The most of them.
        now: The present, UTC.
    """
    query = (
        select(Delivery)
        .where(
            Delivery.ended_at < now - PERSONAL_DATA,
            Delivery.erased_at.is_(None),
            Delivery.id.not_in(kept),
        )
        .order_by(Delivery.ended_at)
        .limit(limit)
    )
    return session().scalars(query).all()


def erase(rows: Sequence[Delivery], *, now: datetime) -> None:
    """Erase who the customers were, what events say about people, and the exact doors.

    The events themselves stay, and so does their proof: they hold salted commitments only.
    """
    ids = [row.id for row in rows]
    session().execute(delete(Recipient).where(Recipient.delivery_id.in_(ids)))
    eventlog.erase_personal_data(ids)
    for row in rows:
        about = coarse(Point(row.lat, row.lon))
        row.lat, row.lon = about.lat_deg, about.lon_deg
        row.erased_at = now
    session().flush()
    events = [NewEvent(EventType.RECIPIENT_ERASED, queries.subject(row)) for row in rows]
    record(events, act=Act.of_system(now))
