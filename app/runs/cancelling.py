"""Cancelling a delivery that may be part of a run: the run goes on without it."""

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.domain.act import Act
from app.domain.delivery import CancelReason, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.run import RunStatus
from app.persistence.transaction import session
from app.runs import forming, queries
from app.runs.progress import go_on


def cancel_delivery(
    delivery_id: str, *, store_id: str, reason: CancelReason, note: str = "", act: Act
) -> None:
    """Cancel a store's delivery; its run goes on without it.

    A run on offer is planned again; a held run loses the stop and keeps its pay.

    Raises:
        DomainError: As `deliveries.service.cancel`.
    """
    found = deliveries.delivery(delivery_id)
    if found is None or found.store_id != store_id:
        raise DomainError("not_found")
    # The run is locked before its deliveries, as everywhere.
    run = queries.run(found.run_id, lock=True) if found.run_id else None
    row = delivery_service.cancel(delivery_id, store_id=store_id, reason=reason, note=note, act=act)
    if run is None:
        return
    if run.status == RunStatus.OFFERED.value:
        row.run_id = None
        session().flush()
        rest = [
            each
            for each in deliveries.deliveries_of_run(run.id)
            if each.status != DeliveryStatus.CANCELLED.value
        ]
        forming.plan_offer(run, rest, now=act.now)
    elif run.driver_id is not None and run.finished_at is None:
        go_on(run, driver_id=run.driver_id, act=act)
