"""Marking a delivery as lost, and taking that mark back."""

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import ENDED, WITH_STORE, DeliveryStatus, Mover
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.run import HELD, RunStatus
from app.eventlog.service import NewEvent, record
from app.handoffs.settling import settle
from app.persistence.transaction import session
from app.runs import progress
from app.runs import queries as runs
from app.runs.queries import Run


def mark_lost(delivery_id: str, *, reason: str, act: Act) -> None:
    """Mark a delivery as lost; its run goes on without it.

    The customer's own proof still wins over the mark (MP1, rule C5).

    Raises:
        DomainError: `not_found`, `parcels_at_store` before the collection, `delivery_closed`.
    """
    row, run = _locked(delivery_id)
    status = DeliveryStatus(row.status)
    if status in WITH_STORE:
        raise DomainError("parcels_at_store")
    if status in ENDED:
        raise DomainError("delivery_closed")
    delivery_service.move(row, DeliveryStatus.LOST, Mover.DISPATCHER, now=act.now)
    _record(EventType.DELIVERY_LOST, row, run, reason, act=act)
    if run is not None and run.driver_id is not None:
        progress.go_on(run, driver_id=run.driver_id, act=act)
    settle(row, act=act)


def mark_found(delivery_id: str, *, reason: str, act: Act) -> None:
    """Take the mark as lost back: the delivery is again where its handoffs have brought it.

    Raises:
        DomainError: `not_found`, `delivery_closed` when it is not marked as lost.
    """
    row, run = _locked(delivery_id)
    if row.status != DeliveryStatus.LOST.value:
        raise DomainError("delivery_closed")
    _record(EventType.DELIVERY_FOUND, row, run, reason, act=act)
    if run is not None:
        progress.reopen_door(run, row.id)
    settle(row, act=act)


def _locked(delivery_id: str) -> tuple[Delivery, Run | None]:
    """Return a delivery and its run, if somebody holds that; the run is locked first."""
    found = deliveries.delivery(delivery_id)
    if found is None:
        raise DomainError("not_found")
    run = runs.run(found.run_id, lock=True) if found.run_id else None
    is_held = run is not None and RunStatus(run.status) in HELD
    return found, run if is_held else None


def _record(kind: EventType, row: Delivery, run: Run | None, reason: str, *, act: Act) -> None:
    session().flush()
    subject = deliveries.subject(row, driver_id=run.driver_id if run is not None else None)
    record([NewEvent(kind, subject, personal={"reason": reason})], act=act)
