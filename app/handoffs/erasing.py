"""Erasing pictures of doors, personal values of statements, and codes that were shown."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import delete, select, tuple_

from app.domain.retention import PERSONAL_DATA, PHOTOS, SHOWN_CODES
from app.handoffs.models import Proof, ShownRelease, StatementBeside, StatementRow
from app.persistence.transaction import session


def erase_photos(
    delete_blob: Callable[[str], None], *, kept: Collection[str], limit: int, now: datetime
) -> int:
    """Erase pictures past their time; return how many.

    The file goes first: after a crash in between, the row without a file is found again.

    Args:
        delete_blob: Forgets a picture's file; an unknown one is no error.
        kept: Deliveries about which somebody still has to decide.
        limit: The most of them.
        now: The present, UTC.
    """
    query = select(Proof).where(Proof.created_at < now - PHOTOS, Proof.delivery_id.not_in(kept))
    rows = session().scalars(query.order_by(Proof.created_at).limit(limit)).all()
    for row in rows:
        delete_blob(row.blob_key)
        session().delete(row)
    session().flush()
    return len(rows)


def erase_beside(*, limit: int, now: datetime) -> int:
    """Erase places, notes and PINs that travelled beside statements; return how many.

    The statements stay as they were signed: they hold commitments only.
    """
    query = (
        select(StatementBeside.event_id, StatementBeside.name)
        .join(StatementRow, StatementRow.event_id == StatementBeside.event_id)
        .where(StatementRow.received_at < now - PERSONAL_DATA)
        .limit(limit)
    )
    keys = [tuple(row) for row in session().execute(query)]
    session().execute(
        delete(StatementBeside)
        .where(tuple_(StatementBeside.event_id, StatementBeside.name).in_(keys))
        .execution_options(synchronize_session=False)
    )
    return len(keys)


def erase_shown_codes(*, now: datetime) -> None:
    """Erase codes that were shown; they are of use for little more than a minute."""
    session().execute(delete(ShownRelease).where(ShownRelease.issued_at < now - SHOWN_CODES))
