"""Test malls: a merchant's stores once more, apart from everybody, for trying things out.

A test key sees the twin merchant and its twin stores, and nothing else; a live key never sees
them. All that happens there goes the same way as in earnest, with simulated drivers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from app.domain.errors import DomainError
from app.persistence.transaction import session
from app.sites import queries, service
from app.sites.models import TestMerchant, TestStore
from app.sites.queries import Store

#: A test mall never waits for more orders: whoever tries things out sees what happens at once. Nor
#: has it a dispatcher: nobody is called about parcels of nobody.
_NOT_FOR_TESTS: Final = frozenset({"waits_for_orders", "dispatcher_phone"})
_SITE_FIELDS: Final = tuple(set(service.NewSite.__dataclass_fields__) - _NOT_FOR_TESTS)
_STORE_FIELDS: Final = tuple(service.NewStore.__dataclass_fields__)
_DESK: Final = "Test"


def prepare(merchant_id: str, *, now: datetime) -> str:
    """Give a merchant a test mall with a twin of each store; return the twin merchant's id.

    Asked again, it adds only stores that were opened since.

    Raises:
        DomainError: `not_found`.
    """
    merchant = queries.merchant(merchant_id)
    if merchant is None:
        raise DomainError("not_found")
    twin_id = queries.test_merchant(merchant_id)
    if twin_id is None:
        twin_id = service.add_merchant(merchant.name).id
        session().add(TestMerchant(merchant_id=merchant_id, twin_id=twin_id))
        session().flush()
    _add_twins(queries.stores_of_merchant(merchant_id), twin_id, now=now)
    return twin_id


def follow(merchant_id: str, *, now: datetime) -> None:
    """Give a store that was just opened its twin, if its merchant tries things out."""
    if queries.test_merchant(merchant_id) is not None:
        prepare(merchant_id, now=now)


def _add_twins(stores: Sequence[Store], twin_id: str, *, now: datetime) -> None:
    known = queries.test_stores([store.id for store in stores])
    twins = queries.stores_by_id(known.values())
    site_ids = {
        store.site_id: twins[known[store.id]].site_id for store in stores if store.id in known
    }
    for store in stores:
        if store.id in known:
            continue
        if store.site_id not in site_ids:
            site_ids[store.site_id] = _twin_site(store.site_id)
        fields = {name: getattr(store, name) for name in _STORE_FIELDS}
        twin = service.add_store(
            service.NewStore(**fields), site_id=site_ids[store.site_id], merchant_id=twin_id
        )
        service.add_desk(twin.id, _DESK, now=now)
        session().add(TestStore(store_id=store.id, twin_id=twin.id))
        session().flush()


def _twin_site(site_id: str) -> str:
    site = queries.site(site_id)
    if site is None:
        raise DomainError("not_found")
    twin = service.add_site(service.NewSite(**{name: getattr(site, name) for name in _SITE_FIELDS}))
    twin.is_test = True
    session().flush()
    return twin.id
