"""The store that typed an order gives its customer another tracking link."""

from datetime import datetime

from app.deliveries import renewing
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ENDED, DeliveryStatus, may_store_give_link
from app.domain.errors import DomainError
from app.domain.run import HELD, RunStatus
from app.runs import queries
from app.runs.queries import Run


def give_new_link(delivery_id: str, *, store_id: str, act: Act) -> Delivery:
    """Revoke the link of a store's own order for another one, and return the delivery.

    Raises:
        DomainError: `not_found`, `delivery_closed`, `not_by_hand` for an order that another system
            has placed, `link_shows_pin` once the new page would show what is the customer's alone.
    """
    found = delivery_service.of_store(delivery_id, store_id)
    # The run is locked before its deliveries, as everywhere: nobody claims it meanwhile.
    run = queries.run(found.run_id, lock=True) if found.run_id else None
    row = delivery_service.of_store(delivery_id, store_id)
    if DeliveryStatus(row.status) in ENDED:
        raise DomainError("delivery_closed")
    if not row.is_by_hand:
        raise DomainError("not_by_hand")
    if not can_give(row, run, now=act.now):
        raise DomainError("link_shows_pin")
    renewing.reissue_link(row.id, act=act)
    return row


def can_give(row: Delivery, run: Run | None, *, now: datetime) -> bool:
    """Tell whether a new link of an order may be seen at its store's counter now."""
    return may_store_give_link(
        DeliveryStatus(row.status),
        is_by_hand=row.is_by_hand,
        has_driver=run is not None and RunStatus(run.status) in HELD,
        is_window_open=now >= row.window_from,
    )
