"""Letting a dispatcher read a customer's name, phone and address: with a reason, and on record."""

from app.deliveries import queries
from app.deliveries.queries import Recipient
from app.domain.act import Act
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.eventlog.service import NewEvent, record


def show_recipient(delivery_id: str, *, reason: str, act: Act) -> Recipient:
    """Return a delivery's recipient and record that somebody has looked.

    Raises:
        DomainError: `not_found`, also once the person was erased.
    """
    row, person = queries.delivery(delivery_id), queries.recipient(delivery_id)
    if row is None or person is None:
        raise DomainError("not_found")
    personal = {"reason": reason}
    record([NewEvent(EventType.RECIPIENT_SHOWN, queries.subject(row), personal=personal)], act=act)
    return person
