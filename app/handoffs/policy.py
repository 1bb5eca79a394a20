"""A store's evidence policy, and whether a manager's code is right."""

import json
from collections.abc import Collection, Mapping

from app.deliveries import queries as deliveries
from app.deliveries.queries import Delivery
from app.domain.commitments import Opened
from app.domain.handoff import EvidenceLevel
from app.domain.policy import MANAGER_TRIES_MAX, EvidencePolicy
from app.runs.under_way import Carried, Counter
from app.sites import queries as sites
from app.sites.queries import Store


def policy_of(store: Store | Counter) -> EvidencePolicy:
    """Return what a store asks of handoffs at its counter."""
    return EvidencePolicy(
        EvidenceLevel(store.minimum_level),
        store.manager_code_above_minor,
        store.manager_code_hash is not None,
    )


def policy_for(row: Delivery) -> EvidencePolicy:
    """Return what the store of a delivery asks. A store that is read already costs nothing."""
    store = sites.store(row.store_id)
    return policy_of(store) if store is not None else EvidencePolicy()


def needs_code(row: Delivery | Carried, store: Store | Counter) -> bool:
    """Tell whether a delivery leaves its store with a manager's code only."""
    return policy_of(store).needs_code(row.value_minor)


def asks_hash(store: Store) -> bool:
    """Tell whether a code for this store is worth hashing: it has one, and may still be tried."""
    return store.manager_code_hash is not None and store.manager_code_tries < MANAGER_TRIES_MAX


def without_code(opened: Mapping[str, Opened], hashes: Mapping[str, str]) -> dict[str, Opened]:
    """Return what travelled beside a statement, a manager's code as its hashes by store id.

    Six digits with the salt of their commitment are six digits: neither is kept.
    """
    kept = dict(opened)
    if "manager_code" in kept:
        kept["manager_code"] = Opened("", json.dumps(dict(hashes)))
    return kept


def approval_of(beside: Mapping[str, Opened], row: Delivery) -> bool | None:
    """Tell whether the right manager's code was told for a delivery that needs one.

    None where none is needed or none was told: what is not asked for is not tried.
    """
    told, store = beside.get("manager_code"), sites.store(row.store_id)
    if told is None or store is None or not needs_code(row, store):
        return None
    hashes: dict[str, str] = json.loads(told.value)
    return asks_hash(store) and hashes.get(store.id) == store.manager_code_hash


def stores_to_ask(handles: Collection[str]) -> list[str]:
    """Return the stores for which a told manager's code is worth hashing. Two queries."""
    rows = deliveries.deliveries_by_handle(handles)
    stores = sites.stores_by_id({row.store_id for row in rows.values()})
    needing = {row.store_id for row in rows.values() if needs_code(row, stores[row.store_id])}
    return sorted(store_id for store_id in needing if asks_hash(stores[store_id]))
