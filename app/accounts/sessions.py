"""Sign-ins: a random token in a cookie, its hash in a row, ended by a single write."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from app.accounts.models import Clerk, LoginSession, Person, RoleGrant, SignInLink
from app.accounts.queries import person_by_login
from app.domain.errors import DomainError
from app.domain.retention import SIGN_INS
from app.persistence.ids import new_id
from app.persistence.transaction import on_commit, session

_TOKEN_BYTES: Final = 32
SIGN_IN_LINK_LIFE: Final = timedelta(hours=24)

#: A session ends after this long without an act of its person; a desk's own session lives until it
#: is removed.
IDLE: Final[dict[str, timedelta]] = {
    "driver": timedelta(hours=12),
    "console": timedelta(minutes=15),
    "clerk": timedelta(minutes=3),
    "merchant": timedelta(minutes=15),
    "desk": timedelta(days=400),
}
#: And after this long in any case.
LONGEST: Final[dict[str, timedelta]] = {
    "driver": timedelta(days=7),
    "console": timedelta(hours=12),
    "clerk": timedelta(hours=12),
    "merchant": timedelta(hours=12),
    "desk": timedelta(days=400),
}
#: Seconds by which the batched writing of `seen_at` may lag.
SEEN_LAG: Final = timedelta(seconds=20)

#: A hash of nothing that anybody knows: checking it costs as much as a real one, so an unknown
#: login takes as long.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "c29tZXNhbHRzb21lc2FsdA$LbUMNUu3RhGuV1Lq5JSBBeZMZpVjwGYUJ8o6pkbQw4s"
)

EndListener = Callable[[Sequence[str]], None]
_end_listeners: list[EndListener] = []


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just opened; the token goes into the cookie and nowhere else."""

    id: str
    token: str


def on_session_end(listener: EndListener) -> None:
    """Call a listener with the ids of sessions that ended, after the commit; wired once."""
    if listener not in _end_listeners:
        _end_listeners.append(listener)


def token_hash(token: str) -> str:
    """Return what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_expired(audience: str, *, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Tell whether a session has been idle or alive too long."""
    return now - seen_at > IDLE[audience] + SEEN_LAG or now - created_at > LONGEST[audience]


def check_login(login: str, password: str, *, matches: Callable[[str, str], bool]) -> str:
    """Return the id of the person with this login and password.

    Takes equally long for unknown logins.

    Args:
        login: E-mail address or phone number as typed.
        password: As typed.
        matches: `keys.password_matches`, run off the event loop by the caller.

    Raises:
        DomainError: `bad_credentials`.
    """
    found = person_by_login(login)
    stored = found.password_hash if found is not None and found.password_hash else _NOBODY
    person_id = found.id if found is not None else ""
    # The read ends here, so that no transaction stays open while the hash is computed.
    session().rollback()
    if not matches(stored, password) or not person_id:
        raise DomainError("bad_credentials")
    return person_id


def open_session(
    audience: str,
    *,
    now: datetime,
    person_id: str | None = None,
    desk_id: str | None = None,
    clerk_id: str | None = None,
) -> NewSession:
    """Open a session; always a new token, so that a planted cookie is worth nothing."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = LoginSession(
        id=new_id("ses"),
        token_hash=token_hash(token),
        audience=audience,
        person_id=person_id,
        desk_id=desk_id,
        clerk_id=clerk_id,
        created_at=now,
        seen_at=now,
    )
    session().add(row)
    session().flush()
    return NewSession(row.id, token)


def end_sessions(
    *,
    now: datetime,
    session_id: str | None = None,
    person_id: str | None = None,
    desk_id: str | None = None,
    clerk_id: str | None = None,
    audience: str | None = None,
) -> None:
    """End every live session that fits all given criteria.

    Copied cookies stop working and open sockets are closed.

    Raises:
        ValueError: Without any criterion.
    """
    criteria = {
        LoginSession.id: session_id,
        LoginSession.person_id: person_id,
        LoginSession.desk_id: desk_id,
        LoginSession.clerk_id: clerk_id,
        LoginSession.audience: audience,
    }
    conditions = [column == value for column, value in criteria.items() if value is not None]
    if not conditions:
        message = "name which sessions to end"
        raise ValueError(message)
    ended = (
        session()
        .scalars(
            update(LoginSession)
            .where(LoginSession.ended_at.is_(None), *conditions)
            .values(ended_at=now)
            .returning(LoginSession.id)
            .execution_options(synchronize_session=False)
        )
        .all()
    )
    if ended:
        on_commit(lambda: _tell_ended(ended))


def _tell_ended(session_ids: Sequence[str]) -> None:
    for listener in _end_listeners:
        listener(session_ids)


def write_seen(seen: Mapping[str, datetime]) -> None:
    """Write when sessions were last used, in one batch."""
    for session_id, at in seen.items():
        session().execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.seen_at < at)
            .values(seen_at=at)
            .execution_options(synchronize_session=False)
        )


def make_sign_in_link(person_id: str, *, now: datetime) -> str:
    """Make the one-time token with which a person sets a password; older ones stop working."""
    session().execute(
        update(SignInLink)
        .where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session().add(
        SignInLink(
            token_hash=token_hash(token), person_id=person_id, expires_at=now + SIGN_IN_LINK_LIFE
        )
    )
    session().flush()
    return token


def link_person(token: str, *, now: datetime) -> str | None:
    """Return the id of the person whose unused, unexpired one-time link this is, or None."""
    row = session().get(SignInLink, token_hash(token))
    return (
        row.person_id if row is not None and row.used_at is None and row.expires_at > now else None
    )


def use_link(token: str, *, password_hash: str, now: datetime) -> str:
    """Set the password with a one-time link and end all older sessions of that person.

    Raises:
        DomainError: `not_found` for a link that is unknown, used or too old.
    """
    person_id = link_person(token, now=now)
    if person_id is None:
        raise DomainError("not_found")
    used = (
        session()
        .execute(
            update(SignInLink)
            .where(SignInLink.token_hash == token_hash(token), SignInLink.used_at.is_(None))
            .values(used_at=now)
            .returning(SignInLink.person_id)
        )
        .first()
    )
    if used is None:
        raise DomainError("not_found")
    session().execute(
        update(Person).where(Person.id == person_id).values(password_hash=password_hash)
    )
    end_sessions(now=now, person_id=person_id)
    return person_id


def live_ids(session_ids: Collection[str], *, now: datetime) -> set[str]:
    """Return which of these sessions go on: neither ended nor idle or alive too long. One query."""
    query = select(
        LoginSession.id, LoginSession.audience, LoginSession.created_at, LoginSession.seen_at
    ).where(LoginSession.id.in_(session_ids), LoginSession.ended_at.is_(None))
    return {
        row.id
        for row in session().execute(query)
        if not is_expired(row.audience, created_at=row.created_at, seen_at=row.seen_at, now=now)
    }


def store_of_clerk_session(clerk_id: str) -> str | None:
    """Return the store of a clerk who may still sign in, or None."""
    return session().scalar(
        select(Clerk.store_id).where(Clerk.id == clerk_id, Clerk.disabled_at.is_(None))
    )


def has_role(person_id: str, role: str) -> bool:
    """Tell whether a person has a role anywhere."""
    return (
        session().scalar(
            select(RoleGrant.id)
            .where(RoleGrant.person_id == person_id, RoleGrant.role == role)
            .limit(1)
        )
        is not None
    )


def erase_ended(*, now: datetime) -> None:
    """Erase sign-ins that ended long ago, and those that nobody has used for as long.

    A desk's tablet stays signed in for longer than that.
    """
    before = now - SIGN_INS
    is_unused = (LoginSession.audience != "desk") & (LoginSession.seen_at < before)
    session().execute(
        delete(LoginSession)
        .where((LoginSession.ended_at < before) | is_unused)
        .execution_options(synchronize_session=False)
    )
