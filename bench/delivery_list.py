"""How much longer a page of the delivery list takes when there are a thousand times as many.

One merchant with a thousand deliveries, then with a million, written by PostgreSQL itself as copies
of a delivery that was placed: each with its recipient and its event. The pages asked for are the
first one and ones from the middle. Everything is asked over HTTP from a running server.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from app import clock
from app.api.v1.paging import cursor_of
from app.deliveries import placing
from app.domain.act import Act
from app.persistence.transaction import transaction
from app.tables import Base
from bench.creates import a_shop
from bench.figures import Figure, quantile, say
from bench.load import burst, get
from bench.stage import Stage, stages
from tests.factories import new_delivery
from tests.promises import serving

FEW: Final = 1_000
MANY: Final = 1_000_000
GROWTH = 1.3
PAGES = 200
ROUNDS = 3

#: What is another value in each copy, by table; `n` counts.
_OWN: Final = {
    "delivery": {
        "id": "'dlv_' || lpad(n::text, 26, '0')",
        "handle": "lpad(to_hex(n), 16, '0')",
        "tracking_ref": "lpad(to_hex(n), 12, '0')",
        "merchant_ref": "'order-' || n",
        "created_at": "created_at - n * interval '1 second'",
    },
    "recipient": {"delivery_id": "'dlv_' || lpad(n::text, 26, '0')"},
    "event": {
        "id": "'evt-' || n",
        "log_position": "null",
        "delivery_id": "'dlv_' || lpad(n::text, 26, '0')",
    },
}


def measure() -> Iterator[Figure]:
    """Measure on PostgreSQL: nobody keeps a million deliveries in a file."""
    with stages("postgres") as make:
        stage = make("product")
        store_id, key = a_shop(stage)
        with stage.app.app_context(), transaction():
            now = clock.now()
            placing.place(new_delivery(), store_id=store_id, act=Act.of_system(now))
        _grow(stage, 1, FEW)
        with serving.running_server(serving.environment(stage.settings)) as server:
            few_ms = _p95(server.port, _requests(key, now, FEW))
            say("delivery_list: writing a million deliveries")
            _grow(stage, FEW, MANY)
            many_ms = _p95(server.port, _requests(key, now, MANY))
    yield Figure(
        name="delivery_list_p95_growth",
        ours=f"{many_ms:.1f} ms",
        peer=f"{few_ms:.1f} ms",
        ratio=many_ms / few_ms,
        judged=many_ms / few_ms,
        goal=GROWTH,
        rule="at_most",
    )


def _grow(stage: Stage, start: int, until: int) -> None:
    """Copy the one delivery that was placed until there are so many."""
    with stage.app.app_context():
        engine = stage.app.extensions["sqlalchemy"].engine
        with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            connection.execute(text("set local statement_timeout = '20min'"))
            # Copies of rows that were checked: no trigger tells anybody of them.
            connection.execute(text("set local session_replication_role = replica"))
            for table, own in _OWN.items():
                _copy(connection, table, own, start, until)
            connection.commit()
        with engine.connect() as connection:
            for table in _OWN:
                connection.execute(text(f"vacuum analyze {table}"))


def _copy(connection: Connection, table: str, own: dict[str, str], start: int, until: int) -> None:
    columns = [each.name for each in Base.metadata.tables[table].columns]
    values = ", ".join(own.get(name, f'one."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    which = "delivery_id" if "delivery_id" in own else "id"
    # Names are the schema's own.
    connection.execute(
        text(
            f"insert into {table} ({names}) select {values} "  # noqa: S608
            f"from (select * from {table} where {which} not like 'dlv_0000%' limit 1) one, "
            "generate_series(cast(:start as integer), cast(:until as integer)) n"
        ),
        {"start": start, "until": until - 1},
    )


def _requests(key: str, now: datetime, count: int) -> list[bytes]:
    """Return requests for the first page and for pages all over the list."""
    paths = ["/api/v1/deliveries?limit=25"]
    for part in range(1, 10):
        at = now - timedelta(seconds=count * part // 10)
        paths.append(f"/api/v1/deliveries?limit=25&cursor={cursor_of(at, 'dlv_' + 'z' * 26)}")
    return [get(path, headers=(key,)) for path in paths]


def _p95(port: int, requests: list[bytes]) -> float:
    """Return milliseconds: the median of some rounds, each after one that fills caches."""
    found: list[float] = []
    burst(port, requests * 10, connections=1)
    for _ in range(ROUNDS):
        outcome = burst(port, requests * (PAGES // len(requests)), connections=1)
        if set(outcome.statuses) != {200}:
            message = f"pages were refused: {sorted(set(outcome.statuses))}"
            raise RuntimeError(message)
        found.append(quantile(outcome.waits_ms, 0.95))
    return sorted(found)[len(found) // 2]
