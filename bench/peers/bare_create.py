"""The least that an order can be: a Flask view that checks it with pydantic and inserts one row.

The same server class, the same engine settings and the same checks of form as the product. No key,
no rate limit, no idempotency, no recipient, parcels, events or jobs of their own: the share of its
rate that the product keeps is what all of those cost together. Started by the benchmark:
`python -m bench.peers.bare_create <database url>`.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
import threading  # noqa: E402
from contextlib import nullcontext  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask.typing import ResponseReturnValue  # noqa: E402
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert  # noqa: E402

from app.api.v1.bodies import CreateDelivery  # noqa: E402
from app.persistence.engine import engine_options, prepare, write_options  # noqa: E402
from app.persistence.ids import new_id  # noqa: E402
from bench.peers.bare_server import serve  # noqa: E402

ORDER = Table(
    "bare_order",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("merchant_ref", String, unique=True),
    Column("store_id", String),
    Column("body", String),
)


def make_app(database_url: str) -> Flask:
    """Return the view over a database."""
    app = Flask("bare")
    engine = create_engine(database_url, **engine_options(database_url))
    prepare(engine)
    ORDER.metadata.create_all(engine)
    # SQLite has one writer; the product waits for its turn in the same way.
    one_writer = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @app.post("/deliveries")
    def create() -> ResponseReturnValue:
        order = CreateDelivery.model_validate_json(request.get_data(cache=False))
        row = {
            "id": new_id("dlv"),
            "merchant_ref": order.merchant_ref,
            "store_id": order.store_id,
            "body": order.model_dump_json(),
        }
        with one_writer, engine.connect() as plain:
            connection = plain.execution_options(**write_options(engine.dialect.name))
            connection.execute(insert(ORDER).values(row))
            connection.commit()
        return {"id": row["id"], "merchant_ref": row["merchant_ref"]}, 201

    return app


if __name__ == "__main__":
    serve(make_app(sys.argv[1]))
