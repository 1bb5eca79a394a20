"""Deliveries of a day, at a site for the dispatcher and of a store for its manager."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select, tuple_

from app.deliveries.models import Delivery, Recipient
from app.domain.delivery import ENDED
from app.persistence.transaction import session

DELIVERIES_MAX: Final = 500
_ENDED: Final = tuple(status.value for status in ENDED)


def deliveries_of_day(
    site_id: str, store_ids: Collection[str], *, since: datetime
) -> Sequence[Delivery]:
    """Return a site's deliveries that are still open, then those that ended since an instant.

    Each by window. Read by what is open at the site and what ended at its stores, whatever has
    ended before.

    Args:
        site_id: Of the site.
        store_ids: All its stores.
        since: The begin of the day.
    """
    has_ended = Delivery.ended_at.is_not(None)
    query = (
        select(Delivery)
        .where(
            and_(Delivery.site_id == site_id, Delivery.ended_at.is_(None))
            | and_(Delivery.store_id.in_(store_ids), Delivery.ended_at >= since)
        )
        .order_by(has_ended, Delivery.window_until, Delivery.id)
        .limit(DELIVERIES_MAX)
    )
    return session().scalars(query).all()


def deliveries_of_store(store_id: str, *, since: datetime) -> Sequence[Delivery]:
    """Return a store's deliveries made since an instant and all still open, by window."""
    return _of_day(Delivery.store_id == store_id, since=since)


def deliveries_of_merchant_day(merchant_id: str, *, since: datetime) -> Sequence[Delivery]:
    """Return a merchant's deliveries made since an instant and all still open, by window."""
    return _of_day(Delivery.merchant_id == merchant_id, since=since)


def found_by_merchant(
    merchant_id: str, words: str, *, since: datetime, limit: int
) -> Sequence[Delivery]:
    """Return a merchant's deliveries with these words in order number or name, newest first.

    Args:
        merchant_id: Whose.
        words: As typed; also a delivery's whole id.
        since: None older than this; whom older ones were for is forgotten.
        limit: The most of them.
    """
    like = f"%{_escaped(words.lower())}%"
    query = (
        select(Delivery)
        .outerjoin(Recipient, Recipient.delivery_id == Delivery.id)
        .where(
            Delivery.merchant_id == merchant_id,
            Delivery.created_at >= since,
            (Delivery.id == words)
            | func.lower(Delivery.merchant_ref).like(like, escape="!")
            | func.lower(Recipient.name).like(like, escape="!"),
        )
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    return session().scalars(query).all()


def first_end(merchant_id: str) -> datetime | None:
    """Return when a merchant's first delivery ended, or None. By the index alone."""
    query = select(func.min(Delivery.ended_at)).where(Delivery.merchant_id == merchant_id)
    return session().scalar(query)


def ended_of_merchant(merchant_id: str, *, since: datetime, until: datetime) -> Sequence[Delivery]:
    """Return a merchant's deliveries that ended in a time, by their end."""
    query = select(Delivery).where(
        Delivery.merchant_id == merchant_id,
        Delivery.ended_at >= since,
        Delivery.ended_at < until,
    )
    return session().scalars(query.order_by(Delivery.ended_at, Delivery.id)).all()


def _escaped(words: str) -> str:
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in words)


def _of_day(condition: ColumnElement[bool], *, since: datetime) -> Sequence[Delivery]:
    query = (
        select(Delivery)
        .where(condition, (Delivery.created_at >= since) | Delivery.status.not_in(_ENDED))
        .order_by(Delivery.window_until, Delivery.id)
        .limit(DELIVERIES_MAX)
    )
    return session().scalars(query).all()


def deliveries_of_merchant(
    merchant_id: str, *, before: tuple[datetime, str] | None, limit: int
) -> Sequence[Delivery]:
    """Return a merchant's deliveries, newest first, from behind a row on.

    By the index alone: a page costs the same with a thousand rows and with a million.

    Args:
        merchant_id: Whose.
        before: Time and id of the row before the first; None for the newest.
        limit: The most of them.
    """
    query = select(Delivery).where(Delivery.merchant_id == merchant_id)
    if before is not None:
        query = query.where(tuple_(Delivery.created_at, Delivery.id) < before)
    newest = query.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit)
    return session().scalars(newest).all()


def deliveries_with_ref(merchant_id: str, merchant_ref: str, *, limit: int) -> Sequence[Delivery]:
    """Return a merchant's deliveries of an order number, newest first."""
    query = (
        select(Delivery)
        .where(Delivery.merchant_id == merchant_id, Delivery.merchant_ref == merchant_ref)
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
        .limit(limit)
    )
    return session().scalars(query).all()
