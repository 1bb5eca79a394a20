"""Calling parcels back that a driver has: they go to the store instead of the customer."""

from app.deliveries import ordering
from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import COMING_BACK, ENDED, WITH_STORE, DeliveryStatus, Mover, may_move
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.run import FailReason
from app.eventlog.service import NewEvent, record
from app.persistence.transaction import session
from app.runs import progress
from app.runs import queries as runs


def recall(delivery_id: str, *, merchant_id: str, reason: str, act: Act) -> Delivery:
    """Let a merchant's parcels come back, until the driver is at the door.

    Calling back twice is answered as if it were once. The driver's list changes at once; a driver
    without signal hears of it when there is signal, and a delivery that he proves still counts.

    Raises:
        DomainError: `not_found`, `parcels_at_store` (cancel it instead), `delivery_on_hold`,
            `delivery_not_changeable` at the door, `delivery_closed`.
    """
    found = ordering.own_delivery(delivery_id, merchant_id)
    run = runs.run(found.run_id, lock=True) if found.run_id else None
    row = ordering.own_delivery(delivery_id, merchant_id)
    status = DeliveryStatus(row.status)
    if status in COMING_BACK:
        return row
    _require_under_way(row, status)
    delivery_service.move(row, DeliveryStatus.ENROUTE_TO_RETURN, Mover.MERCHANT, now=act.now)
    session().flush()
    driver_id = run.driver_id if run is not None else None
    event = NewEvent(
        EventType.HANDOFF_FAILED,
        deliveries.subject(row, driver_id=driver_id),
        {"reason": FailReason.OTHER.value, "driver": driver_id or "", "recalled": True},
        {"note": reason},
    )
    record([event], act=act)
    if run is not None and driver_id is not None:
        progress.go_on(run, driver_id=driver_id, act=act)
    return row


def _require_under_way(row: Delivery, status: DeliveryStatus) -> None:
    if status in ENDED:
        raise DomainError("delivery_closed")
    if status in WITH_STORE:
        raise DomainError("parcels_at_store")
    if row.is_held:
        raise DomainError("delivery_on_hold")
    if not may_move(status, DeliveryStatus.ENROUTE_TO_RETURN, Mover.MERCHANT):
        raise DomainError("delivery_not_changeable")
