"""How an engine reads what a piece of the product asks for."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session


def plans_of(session: Session, ask: Callable[[], object]) -> str:
    """Return the plans of all statements that `ask` sends, one after the other.

    PostgreSQL reads a table of a few rows whole, whatever indexes there are: it is told not to, so
    that its plan says whether an index fits.
    """
    connection = session.connection()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("set enable_seqscan = off"))
    seen: list[tuple[str, Any]] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: Any
    ) -> None:
        seen.append((statement, values))

    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    lines = [
        str(row[-1])
        for statement, values in seen
        for row in connection.exec_driver_sql(f"{explain} {statement}", values)
    ]
    if not is_sqlite:
        connection.execute(text("reset enable_seqscan"))
    return "\n".join(lines)
