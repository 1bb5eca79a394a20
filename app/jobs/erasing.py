"""Jobs that forget what is past its time, a few hundred rows at a time."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import current_app
from sqlalchemy import delete

from app.accounts import sessions
from app.deliveries import erasing as deliveries
from app.deliveries import ordering, uploads
from app.domain.retention import JOBS
from app.handoffs import erasing as handoffs
from app.handoffs import incidents, visits
from app.handoffs.blobs import FolderBlobs
from app.jobs.models import Job
from app.jobs.queue import enqueue
from app.notify import pushes
from app.persistence.transaction import session
from app.sync import service as commands
from app.webhooks import service as webhooks

#: So that nobody waits for the write lock longer than a moment.
AT_ONCE: Final = 200

PEOPLE: Final = "erase_people"
PHOTOS: Final = "erase_photos"
RECORDS: Final = "erase_records"


def erase_people(*, now: datetime) -> None:
    """Forget whom deliveries were for that ended long ago."""
    rows = deliveries.due(kept=_undecided(), limit=AT_ONCE, now=now)
    if rows:
        deliveries.erase(rows, now=now)
    _go_on(PEOPLE, len(rows), now)


def erase_photos(*, now: datetime) -> None:
    """Forget pictures of doors past their time."""
    blobs: FolderBlobs = current_app.extensions["mallrun_blobs"]
    count = handoffs.erase_photos(blobs.delete, kept=_undecided(), limit=AT_ONCE, now=now)
    _go_on(PHOTOS, count, now)


def erase_records(*, now: datetime) -> None:
    """Forget answered commands, ended sign-ins, their phones, shown codes, visits, old jobs."""
    handoffs.erase_shown_codes(now=now)
    visits.erase_old(now=now)
    commands.erase_old(now=now)
    pushes.erase_ended(now=now)
    sessions.erase_ended(now=now)
    ordering.erase_quotes(now=now)
    uploads.erase_old(current_app.extensions["mallrun_blobs"].delete, now=now)
    webhooks.erase_old(now=now)
    session().execute(delete(Job).where(Job.done_at < now - JOBS))
    _go_on(RECORDS, handoffs.erase_beside(limit=AT_ONCE, now=now), now)


def _undecided() -> set[str]:
    return {each.delivery_id for each in incidents.waiting(limit=None)}


def _go_on(kind: str, count: int, now: datetime) -> None:
    """Ask for the next few hundred, in a transaction of their own."""
    if count == AT_ONCE:
        enqueue(kind, {}, key=f"{kind}:next", run_at=now, now=now)


HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    PEOPLE: erase_people,
    PHOTOS: erase_photos,
    RECORDS: erase_records,
}
#: Seconds between two looks.
SCHEDULE: Final[Mapping[str, int]] = {PEOPLE: 3600, PHOTOS: 3600, RECORDS: 24 * 3600}
