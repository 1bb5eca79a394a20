"""What a merchant owes for the deliveries that ended in a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.deliveries import overview
from app.deliveries.queries import Delivery
from app.domain.delivery import DeliveryStatus
from app.domain.events import EventType
from app.domain.price import due_minor
from app.eventlog import queries as eventlog


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One delivery and what is due for it, in minor units."""

    delivery: Delivery
    had_driver: bool
    due_minor: int


def lines(merchant_id: str, *, since: datetime, until: datetime) -> list[InvoiceLine]:
    """Return a line for each delivery that ended in a time, by its end. Two queries."""
    rows = overview.ended_of_merchant(merchant_id, since=since, until=until)
    driven = _with_driver(rows)
    return [
        InvoiceLine(
            row,
            row.id in driven,
            due_minor(
                row.price_minor or 0, DeliveryStatus(row.status), had_driver=row.id in driven
            ),
        )
        for row in rows
    ]


def _with_driver(rows: Sequence[Delivery]) -> Collection[str]:
    """Return which cancelled deliveries a driver had set out for."""
    cancelled = [row.id for row in rows if row.status == DeliveryStatus.CANCELLED.value]
    claims = (EventType.RUN_CLAIMED, EventType.RUN_RELEASED)
    newest = eventlog.newest_of(cancelled, claims) if cancelled else {}
    return {key for key, each in newest.items() if each == EventType.RUN_CLAIMED.value}
