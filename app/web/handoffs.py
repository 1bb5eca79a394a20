"""Uploading signed statements: read each, take each in a transaction of its own, answer for each.

Two audiences upload, drivers' phones and desks' tablets; each has its own route and its own right.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from flask import current_app
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import clock
from app.domain.delivery import INSTRUCTIONS_MAX
from app.domain.envelope import Envelope
from app.domain.errors import PROBLEMS, DomainError
from app.handoffs import statements
from app.handoffs.judging import Secrets, secrets_of
from app.handoffs.statements import Owner, Result, Sent
from app.persistence.transaction import transaction
from app.web.commands import TRIES
from app.web.problems import words_of
from app.web.validation import Body, storable_text

#: A hundred statements with their codes; a phone sends half as many when it is told of too much.
UPLOAD_MAX_BYTES: Final = 512 * 1024
UPLOAD_MAX: Final = 100


class BesideValue(Body):
    """A personal value and the salt of its commitment."""

    salt: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    # Not stripped: the commitment is over exactly these characters.
    value: Annotated[
        str, StringConstraints(max_length=INSTRUCTIONS_MAX), AfterValidator(storable_text)
    ]


class SentStatement(Body):
    """One envelope, and what travels beside it."""

    envelope: Annotated[str, StringConstraints(max_length=65_536)]
    beside: dict[Literal["geo", "pin", "note", "manager_code"], BesideValue]

    def as_sent(self) -> Sent:
        """Return what the service takes."""
        beside = {name: (each.salt, each.value) for name, each in self.beside.items()}
        return Sent(self.envelope, {str(name): pair for name, pair in beside.items()})


class UploadStatements(Body):
    """What a device has to say, in its own order."""

    statements: Annotated[list[SentStatement], Field(min_length=1, max_length=UPLOAD_MAX)]


def take_all(body: UploadStatements, owner: Owner) -> list[dict[str, Any]]:
    """Take statements one by one and return their results in the same order.

    Each has its own transaction, so that one that cannot be taken leaves the others alone, and a
    crash in between loses none that was answered for.
    """
    secrets = secrets_of(current_app.extensions["mallrun_keys"])
    return [_present(_take(sent.as_sent(), owner, secrets)) for sent in body.statements]


def _take(sent: Sent, owner: Owner, secrets: Secrets) -> Result:
    envelope = None
    try:
        envelope = statements.read(sent)
        return _in_transaction(envelope, sent.beside, owner, secrets)
    except DomainError as refusal:
        return statements.refused(envelope, refusal)


def _in_transaction(
    envelope: Envelope, beside: Mapping[str, tuple[str, str]], owner: Owner, secrets: Secrets
) -> Result:
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction():
                return statements.receive(
                    envelope, beside, owner=owner, secrets=secrets, now=clock.now()
                )
        except (StaleDataError, IntegrityError, OperationalError):
            if last:
                raise
    raise AssertionError("unreachable")


def _present(result: Result) -> dict[str, Any]:
    problem = None
    if result.code is not None:
        words = words_of(result.code, dict(result.facts))
        problem = {"code": result.code, "status": PROBLEMS[result.code].status, **words}
    return {
        "event_id": result.event_id,
        "outcome": result.outcome,
        "original": result.original,
        "code": result.code,
        "problem": problem,
        "level": result.level,
        "flags": list(result.flags),
        "server_seq": result.server_seq,
        "leaf_hash": result.leaf_hash,
        "facts": dict(result.facts),
    }
