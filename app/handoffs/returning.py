"""Parcels from the driver back to the store: the driver's word, and the desk's."""

from collections.abc import Sequence

from app.deliveries import queries as deliveries
from app.deliveries import service as delivery_service
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.delivery import DeliveryStatus, Mover
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.domain.handoff import EvidenceLevel
from app.domain.run import StopKind
from app.eventlog.service import NewEvent, record
from app.handoffs.from_driver import handoff_from_driver, refuse_held
from app.persistence.transaction import session
from app.runs import progress
from app.runs.queries import Run


def give_back(stop_id: str, *, reason: str, driver_id: str, epoch: int, act: Act) -> str:
    """Let the driver say that parcels are back at the store's counter; return the level.

    An assertion until the desk confirms it.

    Raises:
        DomainError: `not_found`, `run_reassigned`, `stop_closed`, `delivery_on_hold`.
    """
    run, stop = progress.stop_of_driver(stop_id, driver_id, epoch=epoch)
    if stop.kind != StopKind.RETURN.value:
        raise DomainError("stop_closed")
    rows = progress.deliveries_of_stop(stop)
    refuse_held(rows)
    _return(
        run,
        rows,
        driver_id=driver_id,
        level=EvidenceLevel.E0,
        reason=reason,
        act=act,
    )
    return EvidenceLevel.E0.value


def take_back(run: Run, delivery_ids: Sequence[str], *, store_id: str, act: Act) -> None:
    """Let the desk say that it has parcels back.

    It is the receiver's own word, signed in on an enrolled tablet.

    Raises:
        DomainError: `not_found` for deliveries of another store or run.
    """
    rows = deliveries.deliveries_by_id(delivery_ids)
    fits = all(row.store_id == store_id and row.run_id == run.id for row in rows.values())
    if set(rows) != set(delivery_ids) or not fits or run.driver_id is None:
        raise DomainError("not_found")
    coming = [row for row in rows.values() if DeliveryStatus(row.status) in progress.TO_GIVE_BACK]
    if coming:
        _return(
            run,
            coming,
            driver_id=run.driver_id,
            level=EvidenceLevel.E2,
            reason="",
            act=act,
        )


def _return(
    run: Run,
    rows: Sequence[Delivery],
    *,
    driver_id: str,
    level: EvidenceLevel,
    reason: str,
    act: Act,
) -> None:
    for row in rows:
        delivery_service.move(row, DeliveryStatus.RETURNED, Mover.DRIVER, now=act.now)
        row.verification = level.value
        handoff = handoff_from_driver(run, row, "return", level, "assertion", act=act)
        handoff.to_kind, handoff.to_id = "store", row.store_id
        session().add(handoff)
        delivery_service.hold_parcels(
            [row.id], holder_kind="store", holder_id=row.store_id, now=act.now
        )
    session().flush()
    record(
        [
            NewEvent(
                EventType.HANDOFF_RETURNED,
                deliveries.subject(row, driver_id=driver_id),
                {"level": level.value},
                {"reason": reason} if reason else None,
            )
            for row in rows
        ],
        act=act,
    )
    progress.go_on(run, driver_id=driver_id, act=act)
