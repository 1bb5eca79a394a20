"""Packing, changing and cancelling deliveries, and moving them along their table."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import flag_modified

from app.deliveries import queries
from app.deliveries.models import Delivery, Parcel
from app.domain.act import Act
from app.domain.delivery import (
    BEFORE_CLAIM,
    ENDED,
    WITH_STORE,
    CancelReason,
    DeliveryStatus,
    Mover,
    can_customer_change,
    may_move,
    require_move,
)
from app.domain.errors import DomainError
from app.domain.events import EventType
from app.eventlog.relay import Subject
from app.eventlog.service import NewEvent, record
from app.jobs.queue import enqueue
from app.persistence.base import choice, table_of
from app.persistence.transaction import execute, session

#: An order joins a run this long after it was placed, so that orders of the same minute can travel
#: together.
FORM_AFTER: Final = timedelta(seconds=2)

_DELIVERY: Final = table_of(Delivery)
_SEND_DRIVER: Final = (
    update(_DELIVERY)
    .where(
        _DELIVERY.c.run_id == bindparam("of_run"),
        _DELIVERY.c.status.in_(
            choice(
                before.value
                for before in DeliveryStatus
                if may_move(before, DeliveryStatus.ENROUTE_TO_PICKUP, Mover.DRIVER)
            )
        ),
    )
    .values(status=DeliveryStatus.ENROUTE_TO_PICKUP.value, version=_DELIVERY.c.version + 1)
    .returning(
        _DELIVERY.c.id,
        _DELIVERY.c.handle,
        _DELIVERY.c.store_id,
        _DELIVERY.c.site_id,
        _DELIVERY.c.version,
    )
)


def ask_to_form(site_id: str, act: Act) -> None:
    """Ask for a site's waiting deliveries to join a run, soon."""
    enqueue(
        "form_runs",
        {"site_id": site_id},
        key=f"form_runs:{site_id}",
        run_at=act.now + FORM_AFTER,
        now=act.now,
    )


def pack(delivery_id: str, *, store_id: str, act: Act) -> Delivery:
    """Mark a delivery's parcels as packed. Packing twice is answered as if it were once.

    Raises:
        DomainError: `not_found`, `delivery_closed`, `parcels_not_in` while a carrier has some.
    """
    row = of_store(delivery_id, store_id)
    status = DeliveryStatus(row.status)
    if row.packed_at is not None:
        return row
    if status not in WITH_STORE:
        raise DomainError("delivery_closed")
    if any(each.holder_kind == "carrier" for each in queries.parcels(row.id)):
        raise DomainError("parcels_not_in")
    row.packed_at = act.at
    if status is DeliveryStatus.CREATED:
        row.status = DeliveryStatus.READY_FOR_PICKUP.value
    session().flush()
    record(
        [NewEvent(EventType.DELIVERY_PACKED, queries.subject(row), {"status": row.status})],
        act=act,
    )
    if row.run_id is None:
        # A hub's delivery joins a run only once it is there.
        ask_to_form(row.site_id, act)
    return row


def unpack(delivery_id: str, *, store_id: str, act: Act) -> Delivery:
    """Take back that a delivery's parcels are packed. What is not packed stays as it is.

    A driver who is on the way stays on the way: he waits, as for anything that is not packed yet.

    Raises:
        DomainError: `not_found`, `delivery_closed` once the store does not have the parcels.
    """
    row = of_store(delivery_id, store_id)
    status = DeliveryStatus(row.status)
    if status not in WITH_STORE:
        raise DomainError("delivery_closed")
    if row.packed_at is None:
        return row
    row.packed_at = None
    if status is DeliveryStatus.READY_FOR_PICKUP:
        row.status = DeliveryStatus.CREATED.value
    session().flush()
    record(
        [NewEvent(EventType.DELIVERY_UNPACKED, queries.subject(row), {"status": row.status})],
        act=act,
    )
    return row


def cancel(
    delivery_id: str, *, store_id: str, reason: CancelReason, note: str, act: Act
) -> Delivery:
    """Cancel a delivery that the store still has.

    The customer is told the reason; `note` is somebody's own words and stays in the record.

    Raises:
        DomainError: `not_found`, `delivery_closed`, `delivery_not_cancellable` once the driver has
            the parcels.
    """
    row = of_store(delivery_id, store_id)
    require_move(DeliveryStatus(row.status), DeliveryStatus.CANCELLED, Mover.CLERK)
    row.status = DeliveryStatus.CANCELLED.value
    row.cancel_reason = reason.value
    row.ended_at = act.now
    session().flush()
    record(
        [
            NewEvent(
                EventType.DELIVERY_CANCELLED,
                queries.subject(row),
                {"reason": reason.value},
                {"note": note} if note else None,
            )
        ],
        act=act,
    )
    return row


def change_instructions(
    delivery_id: str, *, instructions: str, leave_at_door: bool, act: Act
) -> None:
    """Let the customer change what the driver reads at the door.

    Raises:
        DomainError: `delivery_not_changeable` once the driver is there.
    """
    row = queries.delivery(delivery_id)
    if row is None:
        raise DomainError("not_found")
    if not can_customer_change(DeliveryStatus(row.status)):
        raise DomainError("delivery_not_changeable")
    person = queries.recipient(row.id)
    if person is None:
        raise DomainError("delivery_closed")
    if person.instructions == instructions and row.leave_at_door == leave_at_door:
        return
    person.instructions = instructions
    row.leave_at_door = leave_at_door
    touch(row)
    record(
        [
            NewEvent(
                EventType.INSTRUCTIONS_CHANGED,
                queries.subject(row),
                {"leave_at_door": leave_at_door},
                {"instructions": instructions},
            )
        ],
        act=act,
    )


def move(row: Delivery, after: DeliveryStatus, by: Mover, *, now: datetime) -> None:
    """Move one delivery along the table; the caller flushes and records the event.

    Raises:
        DomainError: The refusal of `domain.delivery.require_move`.
    """
    require_move(DeliveryStatus(row.status), after, by)
    row.status = after.value
    if after in ENDED:
        row.ended_at = now


def send_driver(run_id: str, *, driver_id: str) -> list[Subject]:
    """Mark a run's waiting deliveries as those a driver comes for. One statement for all."""
    moved = execute(_SEND_DRIVER, {"of_run": run_id})
    return [
        Subject(
            delivery_id=row.id,
            handle=row.handle,
            store_id=row.store_id,
            site_id=row.site_id,
            run_id=run_id,
            driver_id=driver_id,
            rev=row.version,
        )
        for row in moved
    ]


def touch(row: Delivery) -> None:
    """Raise a delivery's version when only something around it has changed, and flush."""
    flag_modified(row, "status")
    session().flush()


def of_store(delivery_id: str, store_id: str) -> Delivery:
    """Return a store's own delivery.

    Raises:
        DomainError: `not_found`, also when it is another store's.
    """
    row = queries.delivery(delivery_id)
    if row is None or row.store_id != store_id:
        raise DomainError("not_found")
    return row


def join_run(
    delivery_ids: Iterable[str], run_id: str, *, driver_id: str | None = None
) -> list[Subject]:
    """Put open deliveries into a run and return them as subjects for the run's events."""
    rows = queries.deliveries_by_id(list(delivery_ids))
    for row in rows.values():
        row.run_id = run_id
    session().flush()
    return [queries.subject(row, driver_id=driver_id) for row in rows.values()]


def hold_parcels(
    delivery_ids: Sequence[str], *, holder_kind: str, holder_id: str, now: datetime
) -> None:
    """Record who holds the parcels of deliveries from now on."""
    session().execute(
        update(Parcel)
        .where(Parcel.delivery_id.in_(delivery_ids))
        .values(holder_kind=holder_kind, holder_id=holder_id, held_since=now)
        .execution_options(synchronize_session=False)
    )


def is_waiting(row: Delivery) -> bool:
    """Tell whether a delivery still waits for a driver."""
    return DeliveryStatus(row.status) in BEFORE_CLAIM


def correct(row: Delivery, after: DeliveryStatus, *, now: datetime) -> None:
    """Set the status that the evidence of all devices gives, whatever the one before was.

    Apart from `move`: what devices prove after the fact may contradict what was known, also an end.
    """
    if row.status == after.value:
        return
    row.status = after.value
    row.ended_at = now if after in ENDED else None
