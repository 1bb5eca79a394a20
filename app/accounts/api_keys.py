"""Making, rotating, revoking and finding the keys of merchants' programs."""

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select, update

from app.accounts.models import ApiKey
from app.domain.api_key import (
    KEYS_MAX,
    OVERLAP,
    Mode,
    Scope,
    is_valid,
    key_hash,
    key_text,
    known_scopes,
    shown_part,
)
from app.domain.errors import DomainError
from app.persistence.base import table_of
from app.persistence.ids import new_id
from app.persistence.transaction import execute, session

_KEY: Final = table_of(ApiKey)
_BY_HASH: Final = select(
    _KEY.c.id,
    _KEY.c.merchant_id,
    _KEY.c.acts_for_id,
    _KEY.c.mode,
    _KEY.c.scopes,
    _KEY.c.networks,
    _KEY.c.expires_at,
    _KEY.c.revoked_at,
).where(_KEY.c.key_hash == bindparam("wanted"))
_NAME_LETTERS = 12
_SECRET_BYTES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as it is asked for.

    Attributes:
        merchant_id: Whose it is.
        acts_for_id: Whose data it sees; another one than the merchant for test keys.
        networks: From where it works, in canonical form; empty for everywhere.
    """

    merchant_id: str
    acts_for_id: str
    mode: Mode
    name: str
    scopes: frozenset[Scope]
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; its text is shown once and kept nowhere."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key that works, as every request must know it."""

    id: str
    merchant_id: str
    acts_for_id: str
    mode: Mode
    scopes: frozenset[Scope]
    networks: tuple[str, ...]


def make_key(new: NewKey, *, person_id: str, now: datetime) -> MadeKey:
    """Make a key of a merchant.

    Raises:
        DomainError: `api_keys_full`.
    """
    working = select(func.count()).where(
        ApiKey.merchant_id == new.merchant_id,
        ApiKey.revoked_at.is_(None),
        (ApiKey.expires_at.is_(None)) | (ApiKey.expires_at > now),
    )
    if (session().scalar(working) or 0) >= KEYS_MAX:
        raise DomainError("api_keys_full", most=KEYS_MAX)
    text = key_text(new.mode, _letters(15)[:_NAME_LETTERS], _letters(_SECRET_BYTES))
    row = ApiKey(
        id=new_id("key"),
        merchant_id=new.merchant_id,
        acts_for_id=new.acts_for_id,
        mode=new.mode.value,
        name=new.name,
        shown=shown_part(text),
        key_hash=key_hash(text),
        scopes=" ".join(sorted(scope.value for scope in new.scopes)),
        networks=" ".join(new.networks),
        created_at=now,
        created_by_id=person_id,
    )
    session().add(row)
    session().flush()
    return MadeKey(row.id, text)


def rotate_key(key_id: str, *, merchant_id: str, person_id: str, now: datetime) -> MadeKey:
    """Make a key's successor with the same rights; both work for a day.

    Raises:
        DomainError: `not_found`; `api_key_ended` when it was rotated or revoked before.
    """
    row = _own(key_id, merchant_id)
    if row.expires_at is not None or row.revoked_at is not None:
        raise DomainError("api_key_ended")
    # Ends first, so that a merchant at the limit can still rotate.
    row.expires_at = now + OVERLAP
    made = make_key(
        NewKey(
            merchant_id=row.merchant_id,
            acts_for_id=row.acts_for_id,
            mode=Mode(row.mode),
            name=row.name,
            scopes=known_scopes(row.scopes.split()),
            networks=tuple(row.networks.split()),
        ),
        person_id=person_id,
        now=now,
    )
    row.successor_id = made.id
    session().flush()
    return made


def revoke_key(key_id: str, *, merchant_id: str, now: datetime) -> None:
    """End a key at once. Revoking twice is answered as if it were once.

    Raises:
        DomainError: `not_found`.
    """
    row = _own(key_id, merchant_id)
    if row.revoked_at is None:
        row.revoked_at = now
        session().flush()


def key_by_text(text: str, *, now: datetime) -> KeyView | None:
    """Return the key that a request shows, or None when it does not work (any more). One query."""
    if not shown_part(text):
        return None
    row = execute(_BY_HASH, {"wanted": key_hash(text)}).first()
    if row is None or not is_valid(revoked_at=row.revoked_at, expires_at=row.expires_at, now=now):
        return None
    return KeyView(
        row.id,
        row.merchant_id,
        row.acts_for_id,
        Mode(row.mode),
        known_scopes(row.scopes.split()),
        tuple(row.networks.split()),
    )


def keys_of_merchant(merchant_id: str) -> Sequence[ApiKey]:
    """Return all keys a merchant ever had, those that work first, newest first."""
    query = (
        select(ApiKey)
        .where(ApiKey.merchant_id == merchant_id)
        .order_by(ApiKey.revoked_at.is_not(None), ApiKey.created_at.desc(), ApiKey.id)
    )
    return session().scalars(query).all()


def own_key(key_id: str, merchant_id: str) -> ApiKey:
    """Return a merchant's key.

    Raises:
        DomainError: `not_found`, also for somebody else's.
    """
    return _own(key_id, merchant_id)


def names_of(key_ids: Collection[str]) -> dict[str, str]:
    """Return `{key_id: its name}`. One query."""
    rows = session().execute(select(ApiKey.id, ApiKey.name).where(ApiKey.id.in_(key_ids)))
    return {row.id: row.name for row in rows}


def write_used(used: Mapping[str, datetime]) -> None:
    """Write when keys were last used, in one batch."""
    for key_id, at in used.items():
        session().execute(
            update(ApiKey)
            .where(ApiKey.id == key_id, (ApiKey.used_at.is_(None)) | (ApiKey.used_at < at))
            .values(used_at=at)
            .execution_options(synchronize_session=False)
        )


def _own(key_id: str, merchant_id: str) -> ApiKey:
    row = session().get(ApiKey, key_id)
    if row is None or row.merchant_id != merchant_id:
        raise DomainError("not_found")
    return row


def _letters(byte_count: int) -> str:
    return base64.b32encode(secrets.token_bytes(byte_count)).decode().rstrip("=").lower()
