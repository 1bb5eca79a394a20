"""Clerks: personal codes, signing in on a desk, and the lock after five wrong codes."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from app.accounts import queries
from app.accounts.models import Clerk
from app.accounts.sessions import NewSession, end_sessions, open_session
from app.domain.errors import DomainError
from app.persistence.ids import new_id
from app.persistence.numbers import free_number
from app.persistence.transaction import session
from app.sites import queries as sites

WRONG_CODES_MAX: Final = 5
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")

CodeHash = Callable[[str, str], str]


def add_clerk(
    store_id: str, first_name: str, code: str, *, hash_code: CodeHash, now: datetime
) -> Clerk:
    """Add a clerk with a personal code.

    Args:
        store_id: Where the clerk works.
        first_name: As drivers and colleagues read it.
        code: Six digits, unique within the store.
        hash_code: `(code, store_id) -> hex`.
        now: The present, UTC.

    Raises:
        DomainError: `invalid_input` when the code is not six digits, `clerk_code_taken`.
    """
    if not _SIX_DIGITS.fullmatch(code):
        raise DomainError("invalid_input")
    row = Clerk(
        id=new_id("clk"),
        number=free_number(Clerk.number),
        store_id=store_id,
        first_name=first_name,
        code_hash=hash_code(code, store_id),
        created_at=now,
    )
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError:
        raise DomainError("clerk_code_taken") from None
    return row


def change_code(clerk_id: str, code: str, *, hash_code: CodeHash, now: datetime) -> None:
    """Give a clerk another code; the clerk is signed out everywhere.

    Raises:
        DomainError: `not_found`, `invalid_input`, `clerk_code_taken`.
    """
    row = queries.clerk(clerk_id)
    if row is None or row.disabled_at is not None:
        raise DomainError("not_found")
    if not _SIX_DIGITS.fullmatch(code):
        raise DomainError("invalid_input")
    try:
        with session().begin_nested():
            row.code_hash = hash_code(code, row.store_id)
    except IntegrityError:
        raise DomainError("clerk_code_taken") from None
    end_sessions(now=now, clerk_id=clerk_id)


def remove_clerk(clerk_id: str, *, now: datetime) -> None:
    """Take a clerk's access away at once.

    Raises:
        DomainError: `not_found`.
    """
    row = queries.clerk(clerk_id)
    if row is None or row.disabled_at is not None:
        raise DomainError("not_found")
    row.disabled_at = now
    end_sessions(now=now, clerk_id=clerk_id)
    session().flush()


def sign_in(
    desk_id: str, code: str, *, hash_code: CodeHash, now: datetime
) -> tuple[Clerk, NewSession]:
    """Sign a clerk in on a desk; whoever was signed in there is signed out.

    Raises:
        DomainError: `desk_locked`; `clerk_code_wrong`, whose count of wrong codes must be kept
            (`keeps_effects`).
    """
    # Locked, so that codes tried in parallel are all counted.
    desk = sites.desk(desk_id, lock=True)
    if desk is None:
        raise DomainError("not_found")
    if desk.wrong_codes >= WRONG_CODES_MAX:
        raise DomainError("desk_locked")
    found = queries.clerk_by_code(desk.store_id, hash_code(code, desk.store_id))
    if found is None:
        desk.wrong_codes += 1
        session().flush()
        left = WRONG_CODES_MAX - desk.wrong_codes
        raise (
            DomainError("clerk_code_wrong", tries_left=left) if left else DomainError("desk_locked")
        )
    desk.wrong_codes = 0
    end_sessions(now=now, desk_id=desk_id, audience="clerk")
    return found, open_session("clerk", now=now, desk_id=desk_id, clerk_id=found.id)


def count_wrong_codes(desk_id: str, count: int) -> None:
    """Count wrong codes that were typed on a desk without signal, as if the server had heard them.

    Raises:
        DomainError: `not_found`.
    """
    desk = sites.desk(desk_id, lock=True)
    if desk is None:
        raise DomainError("not_found")
    desk.wrong_codes = min(WRONG_CODES_MAX, desk.wrong_codes + count)
    session().flush()


def unlock_desk(desk_id: str) -> None:
    """Let clerks sign in again on a desk that wrong codes have locked.

    Raises:
        DomainError: `not_found`.
    """
    desk = sites.desk(desk_id)
    if desk is None:
        raise DomainError("not_found")
    desk.wrong_codes = 0
    session().flush()
