"""Uploading signed statements: read each, take each in a transaction of its own, answer for each.

Two audiences upload, drivers' phones and desks' tablets; each has its own route and its own right.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from flask import current_app
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import clock, slow_calls
from app.domain.delivery import INSTRUCTIONS_MAX
from app.domain.envelope import Envelope
from app.domain.errors import PROBLEMS, DomainError
from app.handoffs import statements
from app.handoffs.judging import Secrets, secrets_of
from app.handoffs.policy import stores_to_ask
from app.handoffs.statements import Owner, Result, Sent
from app.keys import hash_clerk_code
from app.persistence.transaction import session, transaction
from app.sites import service as sites
from app.web.commands import TRIES, keeping_effects
from app.web.problems import words_of
from app.web.validation import Body, Command, storable_text

#: A hundred statements with their codes; a phone sends half as many when it is told of too much.
UPLOAD_MAX_BYTES: Final = 512 * 1024
UPLOAD_MAX: Final = 100
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")


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
    crash in between loses none that was answered for. Between two of them other requests go on: a
    hundred take a second.
    """
    secrets = secrets_of(current_app.extensions["mallrun_keys"])
    results: list[dict[str, Any]] = []
    for sent in body.statements:
        results.append(_present(_take(sent.as_sent(), owner, secrets)))
        slow_calls.let_others_in()
    return results


def _take(sent: Sent, owner: Owner, secrets: Secrets) -> Result:
    envelope = None
    try:
        envelope = statements.read(sent)
        return _in_transaction(envelope, sent.beside, owner, secrets)
    except DomainError as refusal:
        return statements.refused(envelope, refusal)


def _code_hashes(envelope: Envelope, beside: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return a told manager's code hashed by store, off the event loop and before any transaction.

    Only for stores where it matters: hashing takes time, and whoever signs in could ask for it.
    """
    _salt, code = beside.get("manager_code", ("", ""))
    if not _SIX_DIGITS.fullmatch(code):
        return {}
    store_ids = stores_to_ask(envelope.statement.parcels)
    # The read transaction ends here, so that none is open while the hashes are computed.
    session().rollback()
    return {store_id: manager_code_hash(code, store_id) for store_id in store_ids}


def manager_code_hash(code: str, store_id: str) -> str:
    """Return the hash of a store's manager's code; takes a while, off the event loop."""
    salt = current_app.extensions["mallrun_keys"].derive(f"manager-code/{store_id}")
    return slow_calls.run(hash_clerk_code, code, salt)


class EnterManagerCode(Command):
    """The six digits that let dear goods go, before the handover is stated."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


def try_manager_code(code: str, store_id: str) -> None:
    """Check a manager's code for somebody who waits for the answer; a wrong one is counted.

    Raises:
        DomainError: `manager_code_wrong`, `manager_code_locked`, `manager_code_unset`.
    """
    session().rollback()
    hashed = manager_code_hash(code, store_id)

    def effect() -> dict[str, Any]:
        sites.try_manager_code(store_id, hashed)
        return {}

    keeping_effects(effect)


def _in_transaction(
    envelope: Envelope, beside: Mapping[str, tuple[str, str]], owner: Owner, secrets: Secrets
) -> Result:
    hashes = _code_hashes(envelope, beside)
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction():
                return statements.receive(
                    envelope,
                    beside,
                    owner=owner,
                    secrets=secrets,
                    now=clock.now(),
                    code_hashes=hashes,
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
