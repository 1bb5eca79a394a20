"""A page of the list costs the same in a list of any length: it is read from an index, in order."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection

from tests.api.conftest import ordered
from tests.factories import Mall
from tests.merchants import Program


@pytest.mark.parametrize("is_first", [True, False])
def test_page_is_read_from_the_index_in_its_order(mall: Mall, shop: Program, *, is_first: bool):
    for _ in range(3):
        ordered(shop)
    cursor = shop.get("deliveries?limit=1").get_json()["next_cursor"]

    path = "deliveries?limit=1" if is_first else f"deliveries?limit=1&cursor={cursor}"
    plan = plan_of(mall, lambda: shop.get(path))

    assert "USING INDEX ix_delivery_merchant_created" in plan
    assert "TEMP B-TREE" not in plan
    assert is_first or "created_at,id)<" in plan.replace(" ", "")


def plan_of(mall: Mall, ask) -> str:
    """Return how SQLite reads the list of the one request."""
    seen: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement: str, parameters, *_more) -> None:
        if "FROM delivery" in statement and "LIMIT" in statement:
            seen.append((statement, parameters))

    with mall.reading() as session:
        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert ask().status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        (found,) = seen
        connection: Connection = session.connection()
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found[0]}", found[1])
        return "\n".join(str(row[-1]) for row in rows)
