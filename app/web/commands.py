"""Carrying out a command: one transaction, one effect however often it arrives, one answer."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import clock
from app.domain.act import Act
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.sync import service as sync
from app.sync.service import CommandKey
from app.web.validation import Command

#: Another transaction was first at the same row: the whole command is tried again, on fresh rows.
TRIES: Final = 4
#: Header with the id of the person who took the step. An app keeps steps and sends them later, when
#: somebody else may have signed in on the same device. The twin of `SENDER` in `lib/http.ts`.
SENDER: Final = "Mallrun-Sender"

Result = dict[str, Any]
Value = TypeVar("Value")
#: Calls one service and returns the result for the answer.
Effect = Callable[[Act], Result | None]


def carry_out(command: Command, *, principal: str, kind: str, effect: Effect) -> Result:
    """Carry out a command in one transaction, or answer as it was answered before.

    Args:
        command: The parsed body.
        principal: Who sends it, `driver:per_…`; also the actor of the events.
        kind: What is asked, with its object: `claim run_…`.
        effect: Calls one service and returns the result for the answer.

    Raises:
        DomainError: A refusal; one that `keeps_effects` is committed with its answer.
            `not_signed_in` when the step is another person's, so that the app keeps it.
    """
    require_sender(principal)
    now = clock.now()
    key = sync.command_key(principal, command.command_id, kind, command.model_dump(mode="json"))
    act = Act(principal, command.occurred_at, now)
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _once(key, act, effect)
        except (StaleDataError, IntegrityError, OperationalError):
            if last:
                raise
    raise AssertionError("unreachable")


def require_sender(principal: str) -> None:
    """Refuse what was done by somebody else than the one who is signed in now.

    Raises:
        DomainError: `not_signed_in`.
    """
    sender = request.headers.get(SENDER)
    if sender is not None and sender != principal.partition(":")[2]:
        raise DomainError("not_signed_in")


def in_transaction(effect: Callable[[], Value]) -> Value:
    """Run an effect in one transaction, again on fresh rows when somebody was first.

    For what prepares a command and is safe to do twice.
    """
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction():
                return effect()
        except (StaleDataError, IntegrityError, OperationalError):
            if last:
                raise
    raise AssertionError("unreachable")


def keeping_effects(effect: Callable[[], Result]) -> Result:
    """Run an effect in one transaction; a refusal that `keeps_effects` commits what was counted.

    For commands that are not answered twice: signing in, enrolling.
    """
    refusal: DomainError | None = None
    result: Result = {}
    with transaction():
        try:
            result = effect()
        except DomainError as error:
            if not error.problem.keeps_effects:
                raise
            refusal = error
    if refusal is not None:
        raise refusal
    return result


def _once(key: CommandKey, act: Act, effect: Effect) -> Result:
    with transaction():
        answer = sync.begin(key, now=act.now)
        if answer is None:
            answer = _answer(act, effect)
            sync.finish(key, answer)
    if "code" in answer:
        raise DomainError(answer["code"], **answer["facts"])
    result: Result = answer["result"]
    return result


def _answer(act: Act, effect: Effect) -> dict[str, Any]:
    try:
        return {"result": effect(act) or {}}
    except DomainError as error:
        if not error.problem.keeps_effects:
            raise
        return {"code": error.code, "facts": dict(error.facts)}
