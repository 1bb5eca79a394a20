"""Noting whom to mail, in the transaction of the cause: neither is ever there without the other.

A note holds ids only. Address, name and words are looked up when the mail is sent, so that nobody
is written to who has lost the right meanwhile; what a link needs is sealed.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts import queries as accounts
from app.jobs.queue import enqueue
from app.keys import Keys, seal, unseal
from app.sites import queries as sites

SEND: Final = "send_mail"
WEBHOOK_STOPPED: Final = "webhook_stopped"
WELCOME: Final = "welcome"
#: Whoever has it may set up a merchant's webhooks.
MERCHANT: Final = "merchant"
_SEALED_FOR: Final = "mail"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is due.

    Attributes:
        kind: `webhook_stopped` or `welcome`.
        person_id: To whom.
        about: Id of what it is about, or what only the mail may say, sealed.
        event: Names the event; one event gives a person one mail.
    """

    kind: str
    person_id: str
    about: str
    event: str


def webhook_stopped(endpoint_id: str, *, merchant_id: str, now: datetime) -> None:
    """Tell everybody who may repair it that a webhook gets nothing any more.

    Once for each time that it is stopped. The twin of a merchant has no people; its owner's hear.
    """
    owner_id = sites.owner_of_twin(merchant_id) or merchant_id
    event = event_of_stop(endpoint_id, now)
    for person in accounts.people_with_role(MERCHANT, owner_id):
        _note(Letter(WEBHOOK_STOPPED, person.id, endpoint_id, event), now=now)


def event_of_stop(endpoint_id: str, at: datetime) -> str:
    """Return how the stop of a webhook is called: another stop is another event."""
    return f"{WEBHOOK_STOPPED}:{endpoint_id}:{at.isoformat()}"


def welcome(person_id: str, token: str, keys: Keys, *, now: datetime) -> None:
    """Send somebody the one-time link with which they choose a password."""
    sealed = base64.b64encode(seal(keys.derive(_SEALED_FOR), token.encode())).decode()
    # Each link is another event: its sealed form is as unique as the link.
    _note(Letter(WELCOME, person_id, sealed, f"{WELCOME}:{sealed}"), now=now)


def token_of(letter: Letter, keys: Keys) -> str:
    """Return the one-time token that a `welcome` carries."""
    return unseal(keys.derive(_SEALED_FOR), base64.b64decode(letter.about)).decode()


def _note(letter: Letter, *, now: datetime) -> None:
    enqueue(
        SEND,
        {
            "letter": letter.kind,
            "person_id": letter.person_id,
            "about": letter.about,
            "event": letter.event,
            "noted_at": now.isoformat(),
        },
        key=f"{SEND}:{letter.event}:{letter.person_id}",
        run_at=now,
        now=now,
    )
