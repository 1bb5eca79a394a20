"""Giving a customer another tracking link or PIN when somebody else may know the old one."""

from app.deliveries import queries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ENDED, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.eventlog.service import NewEvent, record
from app.persistence.transaction import session


def reissue_link(delivery_id: str, *, reason: str = "", act: Act) -> None:
    """Revoke a delivery's tracking link: from now on another one is right.

    Dispatchers say why; a store that gives its own customer another one does not have to.

    Raises:
        DomainError: `not_found`.
    """
    row = _require(delivery_id)
    row.tracking_version += 1
    _record(EventType.LINK_REISSUED, row, reason, act=act)


def rotate_pin(delivery_id: str, *, reason: str, act: Act) -> None:
    """Give a delivery another PIN. Tries that were counted stay counted, or guessing began anew.

    Raises:
        DomainError: `not_found`, `delivery_closed` once nobody needs a PIN any more.
    """
    row = _require(delivery_id)
    if DeliveryStatus(row.status) in ENDED:
        raise DomainError("delivery_closed")
    row.pin_version += 1
    _record(EventType.PIN_ROTATED, row, reason, act=act)


def _require(delivery_id: str) -> Delivery:
    row = queries.delivery(delivery_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _record(kind: EventType, row: Delivery, reason: str, *, act: Act) -> None:
    session().flush()
    personal = {"reason": reason} if reason else None
    record([NewEvent(kind, queries.subject(row), personal=personal)], act=act)
