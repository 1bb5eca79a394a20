"""What stores have in stock, as their merchants say."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.base import table_of
from app.persistence.transaction import execute, session
from app.promise.models import StockItem

_STOCK = table_of(StockItem)


def tell(store_id: str, quantities: Mapping[str, int], *, now: datetime) -> None:
    """Note how many of some products a store has; 0 is none. Others stay as they were."""
    gone = [sku for sku, quantity in quantities.items() if quantity == 0]
    there = {sku: quantity for sku, quantity in quantities.items() if quantity}
    if gone:
        remove = delete(StockItem).where(StockItem.store_id == store_id, StockItem.sku.in_(gone))
        session().execute(remove.execution_options(synchronize_session=False))
    if not there:
        return
    dialect = postgresql if session().get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(_STOCK)
    upsert = insert.on_conflict_do_update(
        index_elements=["store_id", "sku"],
        set_={"quantity": insert.excluded.quantity, "told_at": insert.excluded.told_at},
    )
    # In order, so that two who tell of the same products wait for each other and never in a ring.
    rows = [
        {"store_id": store_id, "sku": sku, "quantity": there[sku], "told_at": now}
        for sku in sorted(there)
    ]
    execute(upsert, rows)


def quantities(store_ids: Collection[str], skus: Collection[str]) -> dict[tuple[str, str], int]:
    """Return `{(store_id, sku): how many}` of those that are there. One query."""
    query = select(StockItem.store_id, StockItem.sku, StockItem.quantity).where(
        StockItem.store_id.in_(store_ids), StockItem.sku.in_(skus)
    )
    return {(store_id, sku): quantity for store_id, sku, quantity in session().execute(query)}
