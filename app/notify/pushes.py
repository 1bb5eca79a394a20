"""Phones that are told of runs while they are locked, and noting what they should be told.

As with mails, a note is made in the transaction of its cause and holds ids only: what it says is
looked up when it is sent, so that nobody is told what is over or what he may not know any more.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from app.accounts import sessions
from app.domain.push import LIFE_S, PER_PERSON, PushKind
from app.jobs.queue import enqueue
from app.notify.models import PushSubscription
from app.persistence.ids import new_id
from app.persistence.transaction import session

#: Finding out whom a run on offer is for.
CALL: Final = "call_waiting_drivers"
SEND: Final = "send_push"


def run_on_offer(run_id: str, *, now: datetime) -> None:
    """Note that drivers who wait should hear of a run that they see from now on."""
    enqueue(CALL, {"run_id": run_id}, key=f"{CALL}:{run_id}", run_at=now, now=now)


def tell(kind: PushKind, person_ids: Collection[str], run_id: str, *, now: datetime) -> None:
    """Note what the phones of drivers should say. One query, and one for each phone.

    Of several new runs in one moment a phone says one: whoever opens the app sees all.
    """
    for each in _of_people(person_ids):
        about = kind.value if kind is PushKind.NEW_RUN else f"{kind.value}:{run_id}"
        enqueue(
            SEND,
            {
                "kind": kind.value,
                "subscription_id": each.id,
                "run_id": run_id,
                "until": (now + timedelta(seconds=LIFE_S[kind])).isoformat(),
            },
            key=f"{SEND}:{about}:{each.id}",
            run_at=now,
            now=now,
        )


def subscribe(
    person_id: str,
    session_id: str,
    *,
    address: str,
    public_key: bytes,
    auth: bytes,
    now: datetime,
) -> None:
    """Take messages to a browser from now on; asked for again, its newest keys and sign-in count.

    A browser on which somebody else was signed in is his no more.
    """
    row = session().scalar(select(PushSubscription).where(PushSubscription.address == address))
    if row is None:
        row = PushSubscription(id=new_id("psh"), address=address, created_at=now)
        session().add(row)
    row.person_id, row.session_id = person_id, session_id
    row.public_key, row.auth = public_key.hex(), auth.hex()
    session().flush()
    newest_first = (
        select(PushSubscription.id)
        .where(PushSubscription.person_id == person_id, PushSubscription.id != row.id)
        .order_by(PushSubscription.created_at.desc(), PushSubscription.id)
    )
    for each in session().scalars(newest_first).all()[PER_PERSON - 1 :]:
        forget(each)


def unsubscribe(person_id: str, address: str) -> None:
    """Send a browser of somebody's nothing more."""
    session().execute(
        delete(PushSubscription).where(
            PushSubscription.person_id == person_id, PushSubscription.address == address
        )
    )


def forget(subscription_id: str) -> None:
    """Send a browser nothing more."""
    session().execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


def live(subscription_id: str, *, now: datetime) -> PushSubscription | None:
    """Return a subscription whose sign-in goes on, or None."""
    row = session().get(PushSubscription, subscription_id)
    if row is None or row.session_id not in sessions.live_ids([row.session_id], now=now):
        return None
    return row


def is_anybody_subscribed() -> bool:
    """Tell whether there is any phone to be told. One query."""
    return session().scalar(select(PushSubscription.id).limit(1)) is not None


def erase_ended(*, now: datetime) -> None:
    """Forget browsers whose sign-in has ended."""
    rows = session().execute(select(PushSubscription.id, PushSubscription.session_id)).all()
    going_on = sessions.live_ids([row.session_id for row in rows], now=now)
    for row in rows:
        if row.session_id not in going_on:
            forget(row.id)


def _of_people(person_ids: Collection[str]) -> Collection[PushSubscription]:
    query = (
        select(PushSubscription)
        .where(PushSubscription.person_id.in_(person_ids))
        .order_by(PushSubscription.id)
    )
    return session().scalars(query).all() if person_ids else ()
