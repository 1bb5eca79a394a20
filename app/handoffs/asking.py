"""Asking the driver about parcels that the store says it gave (MP1, rule C7)."""

from datetime import datetime

from app.deliveries import queries as deliveries
from app.domain import custody
from app.domain.facts import FactKind, of_kind
from app.domain.findings import RULES, FindingKind
from app.handoffs import incidents
from app.handoffs.facts import facts_about
from app.handoffs.incidents import Found
from app.runs import queries as runs
from app.sites import queries as sites


def ask_unconfirmed(delivery_id: str, *, now: datetime) -> None:
    """Open the question when a desk has released parcels and no collection was stated."""
    row = deliveries.delivery(delivery_id)
    facts = facts_about(delivery_id)
    released = of_kind(facts, FactKind.RELEASED)
    if row is None or not released or custody.settle(facts).stage is not None:
        return
    if any(each.kind == "disputed" for each in incidents.incidents_of(delivery_id)):
        # It was answered before it was asked.
        return
    run = runs.run(row.run_id) if row.run_id else None
    store = sites.store(row.store_id)
    if run is None or run.driver_id is None or store is None:
        return
    kind = FindingKind.UNCONFIRMED_RELEASE
    asked = {
        "parcels": released[-1].parcels,
        "store_name": store.name,
        "statement": released[-1].statement,
    }
    incidents.open_incident(
        row.id,
        Found(kind.value, RULES[kind], [run.driver_id], is_waiting=True, facts=asked),
        now=now,
    )
