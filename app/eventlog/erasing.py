"""Erasing what events say about people; the chain holds commitments and stays valid."""

from collections.abc import Collection

from sqlalchemy import delete, select

from app.eventlog.models import EventPersonalData, EventRow
from app.persistence.transaction import session


def erase_personal_data(delivery_ids: Collection[str]) -> None:
    """Erase the personal values of all events of deliveries."""
    events = select(EventRow.id).where(EventRow.delivery_id.in_(delivery_ids))
    session().execute(
        delete(EventPersonalData)
        .where(EventPersonalData.event_id.in_(events))
        .execution_options(synchronize_session=False)
    )
