"""Reading sites, stores, desks and known addresses."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import bindparam, select

from app.persistence.transaction import session
from app.sites.models import Desk, KnownAddress, Merchant, Site, Store

#: Addresses offered while somebody types.
ADDRESSES_MAX: Final = 8

_NOT_WORDS: Final = re.compile(r"[^0-9a-z]+")
_ALL_SITES: Final = select(Site).order_by(Site.name)
_STORES_BY_ID: Final = select(Store).where(Store.id.in_(bindparam("wanted", expanding=True)))


def site(site_id: str) -> Site | None:
    """Return a site, or None."""
    return session().get(Site, site_id)


def all_sites() -> Sequence[Site]:
    """Return every site, by name."""
    return session().scalars(_ALL_SITES).all()


def store(store_id: str) -> Store | None:
    """Return a store, or None."""
    return session().get(Store, store_id)


def stores_by_id(store_ids: Collection[str]) -> dict[str, Store]:
    """Return `{store_id: store}`. One query."""
    rows = session().scalars(_STORES_BY_ID, {"wanted": list(store_ids)})
    return {row.id: row for row in rows}


def stores_of_site(site_id: str) -> Sequence[Store]:
    """Return a site's stores, by name."""
    return (
        session().scalars(select(Store).where(Store.site_id == site_id).order_by(Store.name)).all()
    )


def all_stores() -> Sequence[Store]:
    """Return every store, by name."""
    return session().scalars(select(Store).order_by(Store.name)).all()


def merchant(merchant_id: str) -> Merchant | None:
    """Return a merchant, or None."""
    return session().get(Merchant, merchant_id)


def desk(desk_id: str, *, lock: bool = False) -> Desk | None:
    """Return a desk that is in use, or None. `lock` makes other writers of this desk wait."""
    found = session().get(Desk, desk_id, with_for_update=lock or None)
    return found if found is not None and found.removed_at is None else None


def desks_of_store(store_id: str) -> Sequence[Desk]:
    """Return a store's desks in use, by name."""
    query = (
        select(Desk).where(Desk.store_id == store_id, Desk.removed_at.is_(None)).order_by(Desk.name)
    )
    return session().scalars(query).all()


def desks_of_stores(store_ids: Collection[str]) -> Sequence[Desk]:
    """Return the desks in use of several stores. One query."""
    query = select(Desk).where(Desk.store_id.in_(store_ids), Desk.removed_at.is_(None))
    return session().scalars(query).all()


def search_key(street: str) -> str:
    """Return the form by which a street is found: lower case, plain letters, single spaces."""
    plain = unicodedata.normalize("NFKD", street.lower()).encode("ascii", "ignore").decode()
    return _NOT_WORDS.sub(" ", plain).strip()


def addresses_like(site_id: str, typed: str) -> Sequence[KnownAddress]:
    """Return known addresses near a site for what was typed, at most eight.

    Streets that begin with it come first, then those that contain it.
    """
    key = search_key(typed)
    if not key:
        return []
    of_site = (
        select(KnownAddress)
        .where(KnownAddress.site_id == site_id)
        .order_by(KnownAddress.search_key)
    )
    first = (
        session()
        .scalars(of_site.where(KnownAddress.search_key.startswith(key)).limit(ADDRESSES_MAX))
        .all()
    )
    if len(first) >= ADDRESSES_MAX:
        return first
    more = (
        session()
        .scalars(
            of_site.where(KnownAddress.search_key.contains(f" {key}")).limit(
                ADDRESSES_MAX - len(first)
            )
        )
        .all()
    )
    return [*first, *(row for row in more if row not in first)]
