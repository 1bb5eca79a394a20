"""How many statements the pages, states and commands send to the database."""

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.promises.serving import command_body
from tests.promises.showcase import Showcase, add_showcase


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that is counted.

    Attributes:
        name: What the budgets call it.
        who: Whose cookie goes along: a key of `Showcase.cookies`, or nothing.
        path: Where it goes, with places for the showcase's `tracking` path, `offered` run and
            `site`.
        body: JSON of a command; without one it is a GET.
        status: What the answer must be.
    """

    name: str
    who: str
    path: str
    body: Callable[[], bytes] | None = None
    status: int = 200


def _positions() -> bytes:
    return (
        '{"fixes":[{"lat":33.31,"lon":-111.88,"accuracy_m":9.0,"heading_deg":null,'
        f'"speed_mps":null,"at":"{datetime.now(UTC).isoformat()}"}}]}}'
    ).encode()


ASKS = (
    Ask("start page", "", "/"),
    Ask("driver shell", "driver", "/driver/"),
    Ask("driver state, looking", "looking", "/driver/api/state"),
    Ask("driver state, under way", "driver", "/driver/api/state"),
    Ask("driver earnings", "driver", "/driver/api/earnings"),
    Ask("driver position", "driver", "/driver/api/positions", _positions, 204),
    Ask(
        "driver claim",
        "looking",
        "/driver/api/runs/{offered}/claim",
        command_body,
    ),
    Ask("console today", "office", "/console/today"),
    Ask("console day of a place", "office", "/console/today/{site}"),
    Ask("console stores", "office", "/console/stores"),
    Ask("desk shell", "desk", "/desk/"),
    Ask("desk state", "desk", "/desk/api/state"),
    Ask("tracking page", "", "{tracking}"),
    Ask("tracking state", "", "{tracking}/state"),
)


def counts(app: Flask, *, size: int) -> dict[str, int]:
    """Return `{name: statements}` of every request of the table, at one size of the showcase."""
    shown = add_showcase(app, size=size)
    return {ask.name: _count(app, ask, shown) for ask in ASKS}


def _count(app: Flask, ask: Ask, shown: Showcase) -> int:
    headers = {"Cookie": shown.cookies[ask.who]} if ask.who else {}
    options: dict[str, Any] = {"headers": headers, "method": "GET"}
    if ask.body is not None:
        options |= {"method": "POST", "data": ask.body(), "content_type": "application/json"}
    client = app.test_client(use_cookies=False)
    path = ask.path.format(
        tracking=shown.tracking_path, offered=shown.offered_run_id, site=shown.place.site_id
    )
    with counting(app) as found, client.open(path, **options) as response:
        assert response.status_code == ask.status, f"{ask.name}: {response.get_data()[:300]}"
    return len(found)


@contextlib.contextmanager
def counting(app: Flask) -> Generator[list[str]]:
    """Collect the statements of what happens inside; beginning a transaction is none."""
    found: list[str] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, _values: Any, _context: Any, _many: Any
    ) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
