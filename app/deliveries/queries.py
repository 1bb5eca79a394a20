"""Reading deliveries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select

from app.deliveries.models import Delivery, Parcel, Recipient
from app.domain.delivery import BEFORE_CLAIM, ENDED, WITH_STORE
from app.eventlog.relay import Subject
from app.persistence.base import choice, table_of
from app.persistence.parts import Parts
from app.persistence.transaction import execute, session
from app.sites.queries import Site

_DELIVERY: Final = table_of(Delivery)
_WAITING: Final = (
    select(_DELIVERY.c.site_id, func.count().label("waiting"))
    .where(
        _DELIVERY.c.site_id.in_(bindparam("at", expanding=True)),
        _DELIVERY.c.run_id.is_(None),
        _DELIVERY.c.status.in_(choice(status.value for status in BEFORE_CLAIM)),
        _DELIVERY.c.window_until > bindparam("now"),
        _DELIVERY.c.window_from < bindparam("until"),
    )
    .group_by(_DELIVERY.c.site_id)
)


def delivery(delivery_id: str) -> Delivery | None:
    """Return a delivery, or None."""
    return session().get(Delivery, delivery_id)


def delivery_by_tracking_ref(tracking_ref: str) -> Delivery | None:
    """Return the delivery that a tracking link's first part names, or None; it proves nothing."""
    return session().scalar(select(Delivery).where(Delivery.tracking_ref == tracking_ref))


def recipient(delivery_id: str) -> Recipient | None:
    """Return the recipient's personal data; None once erased."""
    return session().get(Recipient, delivery_id)


def recipients(delivery_ids: Collection[str]) -> dict[str, Recipient]:
    """Return `{delivery_id: recipient}`; erased ones are missing. One query."""
    rows = session().scalars(select(Recipient).where(Recipient.delivery_id.in_(delivery_ids)))
    return {row.delivery_id: row for row in rows}


class Addressee(NamedTuple):
    """Who gets a delivery, and where; the names are those of the recipient's columns."""

    delivery_id: str
    name: str
    phone: str
    street: str
    unit: str
    instructions: str


class Addressed(NamedTuple):
    """What a merchant is told beside a delivery's row; `person` is None once erased."""

    currency: str
    person: Addressee | None


_ADDRESSED_PARTS: Final = Parts((Recipient, Addressee), after=2)
_RECIPIENT: Final = table_of(Recipient)
_SITE: Final = table_of(Site)
_ADDRESSED: Final = (
    select(_DELIVERY.c.id, _SITE.c.currency, *_ADDRESSED_PARTS.columns)
    .join(_SITE, _SITE.c.id == _DELIVERY.c.site_id)
    .outerjoin(_RECIPIENT, _RECIPIENT.c.delivery_id == _DELIVERY.c.id)
    .where(_DELIVERY.c.id.in_(bindparam("wanted", expanding=True)))
)


def addressed(delivery_ids: Collection[str]) -> dict[str, Addressed]:
    """Return `{delivery_id: who gets it, and the currency of its site}`. One query."""
    rows = execute(_ADDRESSED, {"wanted": list(delivery_ids)})
    return {row.id: Addressed(row.currency, *_ADDRESSED_PARTS.of(row)) for row in rows}


def deliveries_by_id(delivery_ids: Collection[str]) -> dict[str, Delivery]:
    """Return `{delivery_id: delivery}`. One query."""
    rows = session().scalars(select(Delivery).where(Delivery.id.in_(delivery_ids)))
    return {row.id: row for row in rows}


def handles_of(delivery_ids: Collection[str]) -> dict[str, str]:
    """Return `{delivery_id: handle}` of those that exist. One query."""
    query = select(Delivery.id, Delivery.handle).where(Delivery.id.in_(delivery_ids))
    return {row.id: row.handle for row in session().execute(query)}


def deliveries_by_handle(handles: Collection[str]) -> dict[str, Delivery]:
    """Return `{handle: delivery}`. One query."""
    rows = session().scalars(select(Delivery).where(Delivery.handle.in_(handles)))
    return {row.handle: row for row in rows}


def deliveries_of_run(run_id: str) -> Sequence[Delivery]:
    """Return a run's deliveries, by id, so that every writer locks them in the same order."""
    return (
        session()
        .scalars(select(Delivery).where(Delivery.run_id == run_id).order_by(Delivery.id))
        .all()
    )


def deliveries_of_runs(run_ids: Collection[str]) -> Sequence[Delivery]:
    """Return the deliveries of several runs. One query."""
    return (
        session()
        .scalars(select(Delivery).where(Delivery.run_id.in_(run_ids)).order_by(Delivery.id))
        .all()
    )


class Outline(NamedTuple):
    """What planning needs of a delivery; the names are those of its columns."""

    id: str
    run_id: str | None
    store_id: str
    lat: float
    lon: float
    window_from: datetime
    window_until: datetime
    ready_at: datetime
    packed_at: datetime | None
    parcel_count: int
    parcel_litres: int
    proof: str


_OUTLINES: Final = select(*(_DELIVERY.c[name] for name in Outline._fields)).where(
    _DELIVERY.c.status.in_(choice(status.value for status in BEFORE_CLAIM))
)


def open_deliveries(
    site_id: str, *, now: datetime, limit: int, only_packed: bool = False
) -> list[Outline]:
    """Return a site's deliveries that wait for a run and whose window is not over.

    Those whose windows end first come first; what is read grows with `limit` only.

    Args:
        site_id: Of the site.
        now: The present.
        limit: How many at most.
        only_packed: Without those whose parcels are not there yet.
    """
    query = (
        _OUTLINES.where(
            _DELIVERY.c.site_id == site_id,
            _DELIVERY.c.run_id.is_(None),
            _DELIVERY.c.window_until > now,
        )
        .order_by(_DELIVERY.c.window_until, _DELIVERY.c.ready_at, _DELIVERY.c.id)
        .limit(limit)
    )
    if only_packed:
        query = query.where(_DELIVERY.c.packed_at.is_not(None))
    return [Outline(*row) for row in session().execute(query)]


def waiting_in_runs(run_ids: Collection[str]) -> list[Outline]:
    """Return the deliveries of several runs that still wait for a driver, by id. One query."""
    query = _OUTLINES.where(_DELIVERY.c.run_id.in_(run_ids)).order_by(_DELIVERY.c.id)
    return [Outline(*row) for row in session().execute(query)]


def waiting_counts(site_ids: Collection[str], *, now: datetime, until: datetime) -> dict[str, int]:
    """Return `{site_id: deliveries without a run}` whose windows are not over and begin in time.

    Sites where none waits are missing. One query.
    """
    asked = {"at": list(site_ids), "now": now, "until": until}
    return {row.site_id: row.waiting for row in execute(_WAITING, asked)}


def at_store(store_id: str) -> Sequence[Delivery]:
    """Return the deliveries whose parcels the store still has, by ready time."""
    query = (
        select(Delivery)
        .where(
            Delivery.store_id == store_id,
            Delivery.status.in_([status.value for status in WITH_STORE]),
        )
        .order_by(Delivery.ready_at, Delivery.id)
    )
    return session().scalars(query).all()


def coming_back_to(store_id: str) -> Sequence[Delivery]:
    """Return the deliveries on their way back to a store."""
    query = select(Delivery).where(
        Delivery.store_id == store_id,
        Delivery.status.in_(["enroute_to_return", "arrived_at_return"]),
    )
    return session().scalars(query).all()


def gone_from_store(store_id: str, *, since: datetime, limit: int = 50) -> Sequence[Delivery]:
    """Return what left a store or ended since an instant, newest first."""
    under_way = [
        "picked_up",
        "enroute_to_dropoff",
        "arrived_at_dropoff",
        "enroute_to_return",
        "arrived_at_return",
    ]
    query = (
        select(Delivery)
        .where(
            Delivery.store_id == store_id,
            Delivery.status.in_(under_way)
            | (
                Delivery.status.in_([status.value for status in ENDED])
                & (Delivery.ended_at >= since)
            ),
        )
        .order_by(func.coalesce(Delivery.ended_at, Delivery.picked_up_at).desc())
        .limit(limit)
    )
    return session().scalars(query).all()


def parcels(delivery_id: str) -> Sequence[Parcel]:
    """Return a delivery's parcels, by number."""
    return (
        session()
        .scalars(select(Parcel).where(Parcel.delivery_id == delivery_id).order_by(Parcel.number))
        .all()
    )


def parcels_of(delivery_ids: Collection[str]) -> dict[str, list[Parcel]]:
    """Return `{delivery_id: parcels by number}`. One query."""
    found: dict[str, list[Parcel]] = {delivery_id: [] for delivery_id in delivery_ids}
    query = select(Parcel).where(Parcel.delivery_id.in_(delivery_ids)).order_by(Parcel.number)
    for row in session().scalars(query):
        found[row.delivery_id].append(row)
    return found


def subject(row: Delivery, *, driver_id: str | None = None) -> Subject:
    """Return the delivery as the event log knows it, after its change was flushed."""
    return Subject(
        delivery_id=row.id,
        handle=row.handle,
        store_id=row.store_id,
        site_id=row.site_id,
        run_id=row.run_id,
        driver_id=driver_id,
        rev=row.version,
    )
