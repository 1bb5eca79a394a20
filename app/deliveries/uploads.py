"""Uploaded tables of orders: kept for a day, columns chosen, orders placed piecemeal."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select

from app.deliveries import ordering
from app.deliveries.models import OrderUpload
from app.deliveries.ordering import Offer
from app.deliveries.placing import NewDelivery
from app.domain.act import Act
from app.domain.delivery import ProofKind
from app.domain.errors import DomainError
from app.domain.geo import Point
from app.domain.order_columns import FIELDS, match_columns, missing
from app.domain.table_files import Rows
from app.jobs.queue import enqueue
from app.persistence.ids import new_id
from app.persistence.transaction import session
from app.sites.queries import Site, Store

#: A checked order, in the form of the API's body.
Order = dict[str, Any]

PLACE: Final = "place_uploaded"
#: Stands for a bad row among checked orders.
BAD: Final = "null"
_KEPT: Final = timedelta(days=1)


def add(
    rows: Rows, *, merchant_id: str, person_id: str, file_name: str, blob_key: str, now: datetime
) -> OrderUpload:
    """Keep a table that was read, its columns matched by their headings."""
    row = OrderUpload(
        id=new_id("upl"),
        merchant_id=merchant_id,
        person_id=person_id,
        file_name=file_name,
        blob_key=blob_key,
        columns=json.dumps(match_columns(rows[0])),
        row_count=len(rows) - 1,
        created_at=now,
        at_row=0,
        ordered_count=0,
        known_count=0,
        refused_count=0,
    )
    session().add(row)
    session().flush()
    return row


def own(upload_id: str, merchant_id: str) -> OrderUpload:
    """Return a merchant's upload.

    Raises:
        DomainError: `not_found`, also for another merchant's.
    """
    row = session().get(OrderUpload, upload_id)
    if row is None or row.merchant_id != merchant_id:
        raise DomainError("not_found")
    return row


def recent(merchant_id: str) -> Sequence[OrderUpload]:
    """Return a merchant's uploads that are still kept, newest first."""
    query = select(OrderUpload).where(OrderUpload.merchant_id == merchant_id)
    return session().scalars(query.order_by(OrderUpload.created_at.desc()).limit(20)).all()


def columns_of(row: OrderUpload) -> dict[str, int]:
    """Return `{field: number of its column}` as chosen so far."""
    found: dict[str, int] = json.loads(row.columns)
    return found


def choose_columns(row: OrderUpload, columns: Mapping[str, int]) -> None:
    """Choose which column holds what, until the orders are asked for.

    Raises:
        DomainError: `table_columns` for an upload that has begun.
    """
    if row.started_at is not None:
        raise DomainError("table_columns")
    row.columns = json.dumps({field: columns[field] for field in FIELDS if field in columns})
    session().flush()


def start(row: OrderUpload, orders_key: str, *, now: datetime) -> None:
    """Ask for a table's orders. Asking twice is answered as if it were once.

    Args:
        row: The upload.
        orders_key: Blob with the checked orders: each a line of JSON, `BAD` for a bad row.
        now: The present, UTC.

    Raises:
        DomainError: `table_columns` while a needed field has no column.
    """
    if missing(columns_of(row)):
        raise DomainError("table_columns")
    if row.started_at is None:
        row.started_at, row.orders_key = now, orders_key
        session().flush()
        go_on(row, now=now)


def go_on(row: OrderUpload, *, now: datetime) -> None:
    """Ask for the next piece of a table's orders."""
    enqueue(PLACE, {"upload_id": row.id}, key=f"{PLACE}:{row.id}", run_at=now, now=now)


def place_rows(row: OrderUpload, orders: Sequence[Order | None], *, now: datetime) -> None:
    """Place the next orders of a table: each alone, so that a bad one holds up no other.

    What they have in common is read once for all of them.

    Args:
        row: The upload.
        orders: Of each row in turn; None for a bad one.
        now: The present, UTC.
    """
    act = Act(f"merchant:{row.person_id}", now, now)
    refs = [each["merchant_ref"] for each in orders if each is not None]
    found = _Found(row.merchant_id, ordering.known_orders(row.merchant_id, refs), {})
    outcomes = Counter(_place(each, found, act) for each in orders)
    row.ordered_count += outcomes["ordered"]
    row.known_count += outcomes["known"]
    row.refused_count += outcomes["refused"]
    row.at_row += len(orders)
    if row.at_row >= row.row_count:
        row.done_at = now
    session().flush()


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known for several orders of a merchant's.

    Attributes:
        refs: Order numbers that are deliveries already.
        starts: By store: it, its site, and when its next orders can be delivered.
    """

    merchant_id: str
    refs: Collection[str]
    starts: dict[str, tuple[Store, Site, Offer]]

    def start(self, store_id: str, now: datetime) -> tuple[Store, Site, Offer]:
        """Return where and when an order leaves.

        Raises:
            DomainError: `not_found`, `store_closed`.
        """
        if store_id not in self.starts:
            store, site = ordering.own_store(store_id, self.merchant_id)
            self.starts[store_id] = store, site, ordering.offer(store, site, None, now=now)
        return self.starts[store_id]


def _place(order: Order | None, found: _Found, act: Act) -> str:
    if order is None:
        return "refused"
    if order["merchant_ref"] in found.refs:
        return "known"
    try:
        store, site, when = found.start(order["store_id"], act.now)
        new = _new(order, when, site.id)
        # Another request may place the same order: then only this row's writes are undone.
        with session().begin_nested():
            ordering.place_new_order(new, store=store, act=act)
    except DomainError as refusal:
        return "known" if refusal.code == "merchant_ref_taken" else "refused"
    return "ordered"


def _new(order: Order, when: Offer, site_id: str) -> NewDelivery:
    door = order["dropoff"]
    if door["lat"] is not None and door["lon"] is not None:
        point = Point(door["lat"], door["lon"])
    else:
        point = ordering.known_point(site_id, door["street"], door["postal_code"])
    return NewDelivery(
        merchant_ref=order["merchant_ref"],
        recipient_name=order["recipient"]["name"],
        phone=order["recipient"]["phone"],
        street=door["street"],
        unit=door["unit"],
        city=door["city"],
        postal_code=door["postal_code"],
        lat=point.lat_deg,
        lon=point.lon_deg,
        parcel_count=order["parcel_count"],
        ready_at=when.ready_at,
        window_from=when.window_from,
        window_until=when.window_until,
        instructions=door["instructions"],
        leave_at_door=door["leave_at_door"],
        proof=ProofKind(order["proof"]),
        value_minor=order["value_minor"],
        tip_minor=order["tip_minor"],
    )


def erase_old(forget: Callable[[str], None], *, now: datetime) -> None:
    """Forget tables a day after their upload, and their files."""
    before = OrderUpload.created_at < now - _KEPT
    for row in session().scalars(select(OrderUpload).where(before)):
        for key in (row.blob_key, row.orders_key):
            if key is not None:
                forget(key)
    session().execute(delete(OrderUpload).where(before))
