"""Which stores a signed-in person may look after. Everything else does not exist for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.accounts import queries as accounts
from app.accounts.queries import Clerk
from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.act import Act
from app.domain.errors import DomainError
from app.sites import queries as sites
from app.sites.queries import Desk, Store
from app.web.auth.identity import signed_in

ROLES: Final = frozenset({"manager", "dispatcher", "admin"})
_EVERYWHERE: Final = frozenset({"dispatcher", "admin"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person may see: everything, or the stores, sites and merchants they manage."""

    is_everything: bool
    managed_ids: frozenset[str]

    def covers(self, store: Store) -> bool:
        """Tell whether a store lies in this scope."""
        ids = {store.id, store.site_id, store.merchant_id}
        return self.is_everything or not self.managed_ids.isdisjoint(ids)


def my_scope() -> Scope:
    """Return the scope of this request's person.

    Raises:
        DomainError: `not_signed_in`.
    """
    person_id = signed_in().person_id
    if person_id is None:
        raise DomainError("not_signed_in")
    roles = accounts.roles_of(person_id)
    return Scope(
        is_everything=any(role in _EVERYWHERE for role, _scope_id in roles),
        managed_ids=frozenset(scope_id for role, scope_id in roles if role == "manager"),
    )


def require_dispatcher() -> None:
    """Let only those go on who may see every delivery.

    Raises:
        DomainError: `not_found`.
    """
    if not my_scope().is_everything:
        raise DomainError("not_found")


def as_me(now: datetime) -> Act:
    """Return the circumstances of what this person does now."""
    return Act(f"person:{signed_in().person_id}", now, now)


def my_stores() -> Sequence[Store]:
    """Return the stores this person manages, by name."""
    return sites.stores_within(my_scope().managed_ids)


def my_store(store_id: str) -> Store:
    """Return a store of this person.

    Raises:
        DomainError: `not_found`, also for a store of somebody else.
    """
    store = sites.store(store_id)
    if store is None or not my_scope().covers(store):
        raise DomainError("not_found")
    return store


def my_delivery(delivery_id: str) -> tuple[Delivery, Store]:
    """Return a delivery of one of this person's stores, and the store.

    Raises:
        DomainError: `not_found`.
    """
    row = deliveries.delivery(delivery_id)
    if row is None:
        raise DomainError("not_found")
    return row, my_store(row.store_id)


def my_desk(desk_id: str) -> tuple[Desk, Store]:
    """Return a desk in use of one of this person's stores, and the store.

    Raises:
        DomainError: `not_found`.
    """
    desk = sites.desk(desk_id)
    if desk is None:
        raise DomainError("not_found")
    return desk, my_store(desk.store_id)


def my_clerk(clerk_id: str) -> tuple[Clerk, Store]:
    """Return a clerk who may sign in at one of this person's stores, and the store.

    Raises:
        DomainError: `not_found`.
    """
    clerk = accounts.clerk(clerk_id)
    if clerk is None or clerk.disabled_at is not None:
        raise DomainError("not_found")
    return clerk, my_store(clerk.store_id)
