"""Reading sites, stores and desks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from app.domain.site import INBOUND
from app.persistence.transaction import session
from app.sites.models import Desk, Merchant, Site, Store, TestMerchant, TestStore

#: Test malls are nobody's place: they are found by their ids only.
_SITES_BY_ID: Final = select(Site).where(Site.id.in_(bindparam("wanted", expanding=True)))
_ALL_SITES: Final = select(Site).where(~Site.is_test).order_by(Site.name)
_WITH_SITES: Final = (
    select(Store, Site)
    .join(Site, Site.id == Store.site_id)
    .where(Store.id.in_(bindparam("wanted", expanding=True)))
)
_WITH_SITE: Final = (
    select(Store, Site).join(Site, Site.id == Store.site_id).where(Store.id == bindparam("wanted"))
)
_STORES_BY_ID: Final = select(Store).where(Store.id.in_(bindparam("wanted", expanding=True)))


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What a list of places needs of each; `timezone` is an IANA name."""

    id: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class StoreCount:
    """How many stores a site has, and how many of their desks are locked."""

    stores: int
    locked: int


def site(site_id: str) -> Site | None:
    """Return a site, or None."""
    return session().get(Site, site_id)


def all_sites() -> Sequence[Site]:
    """Return every site, by name."""
    return session().scalars(_ALL_SITES).all()


def place_names() -> list[PlaceName]:
    """Return every site by name, with only what a list of them needs. One query."""
    query = select(Site.id, Site.name, Site.timezone).where(~Site.is_test).order_by(Site.name)
    return [PlaceName(*row) for row in session().execute(query)]


def first_site() -> Site | None:
    """Return the site whose name comes first, or None without any."""
    return session().scalars(_ALL_SITES.limit(1)).first()


def sites_of_kind(kind: str) -> Sequence[Site]:
    """Return the sites of a kind, by name."""
    return session().scalars(_ALL_SITES.where(Site.kind == kind)).all()


def store(store_id: str) -> Store | None:
    """Return a store, or None."""
    return session().get(Store, store_id)


def store_with_site(store_id: str) -> tuple[Store, Site] | None:
    """Return a store and its site, or None. One query."""
    row = session().execute(_WITH_SITE, {"wanted": store_id}).first()
    return (row[0], row[1]) if row is not None else None


def stores_by_id(store_ids: Collection[str]) -> dict[str, Store]:
    """Return `{store_id: store}`. One query."""
    rows = session().scalars(_STORES_BY_ID, {"wanted": list(store_ids)})
    return {row.id: row for row in rows}


def stores_with_sites(store_ids: Collection[str]) -> dict[str, tuple[Store, Site]]:
    """Return `{store_id: store and its site}`. One query."""
    rows = session().execute(_WITH_SITES, {"wanted": list(store_ids)})
    return {row[0].id: (row[0], row[1]) for row in rows}


def stores_of_site(site_id: str) -> Sequence[Store]:
    """Return a site's stores, by name."""
    return (
        session().scalars(select(Store).where(Store.site_id == site_id).order_by(Store.name)).all()
    )


def all_stores() -> Sequence[Store]:
    """Return every store but those of test malls, by name."""
    query = select(Store).join(Site, Site.id == Store.site_id).where(~Site.is_test)
    return session().scalars(query.order_by(Store.name)).all()


def stores_within(ids: Collection[str]) -> Sequence[Store]:
    """Return the stores that have one of these ids, or are of such a site or merchant, by name."""
    asked = or_(Store.id.in_(ids), Store.site_id.in_(ids), Store.merchant_id.in_(ids))
    query = select(Store).join(Site, Site.id == Store.site_id).where(~Site.is_test, asked)
    return session().scalars(query.order_by(Store.name)).all()


def stores_of_sites(site_ids: Collection[str]) -> Sequence[Store]:
    """Return the stores of several sites, by name. One query."""
    query = select(Store).where(Store.site_id.in_(site_ids))
    return session().scalars(query.order_by(Store.name)).all()


def store_counts(*, locked_at: int) -> dict[str, StoreCount]:
    """Return `{site_id: how many stores and locked desks}`; sites without a store are missing.

    Two queries.

    Args:
        locked_at: Wrong codes that lock a desk.
    """
    stores = select(Store.site_id, func.count()).group_by(Store.site_id)
    locked = (
        select(Store.site_id, func.count())
        .join(Desk, Desk.store_id == Store.id)
        .where(Desk.wrong_codes >= locked_at, Desk.removed_at.is_(None))
        .group_by(Store.site_id)
    )
    by_site = {row[0]: row[1] for row in session().execute(locked)}
    return {row[0]: StoreCount(row[1], by_site.get(row[0], 0)) for row in session().execute(stores)}


def counters_for_carriers() -> Sequence[tuple[Store, Site]]:
    """Return the counters of hubs and stations with their sites, by name. One query."""
    kinds = [kind.value for kind in INBOUND]
    query = select(Store, Site).join(Site, Site.id == Store.site_id)
    query = query.where(Site.kind.in_(kinds), ~Site.is_test).order_by(Store.name, Store.number)
    return [(row[0], row[1]) for row in session().execute(query)]


def merchant(merchant_id: str) -> Merchant | None:
    """Return a merchant, or None."""
    return session().get(Merchant, merchant_id)


def merchant_by_name(name: str) -> Merchant | None:
    """Return the merchant of a name, or None."""
    return session().scalars(select(Merchant).where(Merchant.name == name).limit(1)).first()


def merchant_names() -> Sequence[str]:
    """Return the names of all merchants, in order; their twins in test malls are left out."""
    twins = select(TestMerchant.twin_id)
    query = select(Merchant.name).where(Merchant.id.not_in(twins)).distinct()
    return session().scalars(query.order_by(Merchant.name)).all()


def stores_of_merchant(merchant_id: str) -> Sequence[Store]:
    """Return a merchant's stores, by name."""
    query = select(Store).where(Store.merchant_id == merchant_id)
    return session().scalars(query.order_by(Store.name, Store.id)).all()


def sites_by_id(site_ids: Collection[str]) -> dict[str, Site]:
    """Return `{site_id: site}`, test malls too. One query."""
    rows = session().scalars(_SITES_BY_ID, {"wanted": list(site_ids)})
    return {row.id: row for row in rows}


def names_by_id(site_ids: Collection[str]) -> dict[str, str]:
    """Return `{site_id: name}`. One query, none for nobody's."""
    return {row.id: row.name for row in sites_by_id(site_ids).values()} if site_ids else {}


def test_merchant(merchant_id: str) -> str | None:
    """Return the id of a merchant's twin in its test mall, or None before it has one."""
    row = session().get(TestMerchant, merchant_id)
    return row.twin_id if row is not None else None


def owner_of_twin(twin_id: str) -> str | None:
    """Return the id of the merchant whose twin this is, or None for one that is no twin."""
    return session().scalar(select(TestMerchant.merchant_id).where(TestMerchant.twin_id == twin_id))


def test_stores(store_ids: Collection[str]) -> dict[str, str]:
    """Return `{store_id: id of its twin}` of those that have one. One query."""
    rows = session().scalars(select(TestStore).where(TestStore.store_id.in_(store_ids)))
    return {row.store_id: row.twin_id for row in rows}


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


def desks_by_id(desk_ids: Collection[str]) -> dict[str, Desk]:
    """Return `{desk_id: desk}`, those out of use too. One query."""
    return {row.id: row for row in session().scalars(select(Desk).where(Desk.id.in_(desk_ids)))}
