"""A store lets a driver go without a delivery that is not ready: it waits for another driver."""

from datetime import timedelta
from typing import Final

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.domain.act import Act
from app.domain.delivery import ENDED, DeliveryStatus
from app.domain.errors import DomainError
from app.domain.run import HELD, ReleaseReason, RunStatus
from app.persistence.transaction import session
from app.runs import claims, custody_runs, queries
from app.runs.progress import TO_COLLECT, go_on

#: The store has this long to complete a delivery that it kept back; what a new one has, too.
MORE_TIME: Final = timedelta(minutes=20)


def keep_back(delivery_id: str, *, store_id: str, act: Act) -> None:
    """Take a delivery out of the run of the driver who is coming for it.

    It counts as not packed, has to be ready a while later, and joins another run. The driver keeps
    the pay that he was promised for the run; a tip goes with the delivery.

    Raises:
        DomainError: `not_found`; `run_not_held` when no driver is coming for it; `delivery_closed`
            once a driver has its parcels; `only_delivery_of_run` when the driver would have
            nothing left to do.
    """
    found = delivery_service.of_store(delivery_id, store_id)
    # The run is locked before its deliveries, as everywhere.
    run = queries.run(found.run_id, lock=True) if found.run_id else None
    row = delivery_service.of_store(delivery_id, store_id)
    if DeliveryStatus(row.status) not in TO_COLLECT:
        is_waiting = delivery_service.is_waiting(row)
        raise DomainError("run_not_held" if is_waiting else "delivery_closed")
    if run is None or run.driver_id is None or RunStatus(run.status) not in HELD:
        raise DomainError("run_not_held")
    others = [each for each in deliveries.deliveries_of_run(run.id) if each.id != row.id]
    if all(DeliveryStatus(each.status) in ENDED for each in others):
        raise DomainError("only_delivery_of_run")
    driver_id = run.driver_id
    delivery_service.unpack(delivery_id, store_id=store_id, act=act)
    row.ready_at = max(row.ready_at, act.now + MORE_TIME)
    custody_runs.leave(run, row, act=act)
    row.run_id = None
    session().flush()
    why = ReleaseReason.STORE_NOT_READY
    claims.put_back([row], driver_id=driver_id, reason=why, note="", act=act)
    go_on(run, driver_id=driver_id, act=act)
    delivery_service.ask_to_form(row.site_id, act)
