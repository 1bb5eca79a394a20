"""Carrying out what a program asks: in one transaction, and for orders once per Idempotency-Key."""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app import clock
from app.api.v1.asking import my_merchant
from app.domain.errors import DomainError
from app.persistence.transaction import transaction
from app.sync import service as sync
from app.web.commands import TRIES
from app.web.validation import Body

Made = TypeVar("Made")

HEADER: Final = "Idempotency-Key"
_KEY_MAX: Final = 255
#: A chain or an order that two requests write at once is tried again on fresh rows.
_AGAIN: Final = (StaleDataError, IntegrityError, OperationalError)


def in_transaction(effect: Callable[[], Made]) -> Made:
    """Carry out an effect in one transaction, again on fresh rows when somebody was first."""
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            with transaction():
                return effect()
        except _AGAIN:
            if last:
                raise
    raise AssertionError("unreachable")


def once(
    body: Body, kind: str, effect: Callable[[], str], *, given: str | None = None
) -> tuple[str, bool]:
    """Carry out an effect once per Idempotency-Key; return the id it made, and whether it was anew.

    `given` is the key where it does not come in the header.

    Of many requests at once with one key, the first makes the thing and the others wait and get its
    id. A refusal is not kept: the same key may try again.

    Raises:
        DomainError: `idempotency_key_missing`, `idempotency_key_reused`.
    """
    given = given if given is not None else idempotency_key()
    content = body.model_dump(mode="json")
    key = sync.command_key(f"merchant:{my_merchant()}", given, kind, content)

    def carry_out() -> tuple[str, bool]:
        answer = sync.begin(key, now=clock.now())
        if answer is not None:
            return str(answer["id"]), False
        made = effect()
        sync.finish(key, {"id": made})
        return made, True

    try:
        return in_transaction(carry_out)
    except DomainError as refused:
        if refused.code == "command_id_reused":
            raise DomainError("idempotency_key_reused") from None
        raise


def idempotency_key() -> str:
    """Return the request's Idempotency-Key without its quotes.

    Source: draft-ietf-httpapi-idempotency-key-header; a bare token is taken as well.

    Raises:
        DomainError: `idempotency_key_missing` when there is none, or none that can be kept.
    """
    text = request.headers.get(HEADER, "").strip()
    if len(text) >= 2 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    if not 1 <= len(text) <= _KEY_MAX or not text.isascii() or not text.isprintable():
        raise DomainError("idempotency_key_missing")
    return text
