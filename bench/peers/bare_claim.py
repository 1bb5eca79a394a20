"""The least that a claim can be: a Flask view with one guarded UPDATE and a commit.

The same server class, the same engine settings and the same table as the product. No sign-in, no
rate limit, no events, no answer about the state: the share of its rate that the product keeps is
what all of those cost together. Started by the benchmark:
`python -m bench.peers.bare_claim <database url>`.
"""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
import threading  # noqa: E402
from contextlib import nullcontext  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask.typing import ResponseReturnValue  # noqa: E402
from sqlalchemy import Column, MetaData, String, Table, create_engine, update  # noqa: E402

from app.persistence.engine import engine_options, prepare, write_options  # noqa: E402
from bench.peers.bare_server import serve  # noqa: E402

RUN = Table(
    "run",
    MetaData(),
    Column("id", String, primary_key=True),
    Column("status", String),
    Column("driver_id", String),
)


def make_app(database_url: str) -> Flask:
    """Return the view over a database."""
    app = Flask("bare")
    engine = create_engine(database_url, **engine_options(database_url))
    prepare(engine)
    # SQLite has one writer; the product waits for its turn in the same way.
    one_writer = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @app.post("/claim/<run_id>")
    def claim(run_id: str) -> ResponseReturnValue:
        driver_id = request.args["driver"]
        guarded = (
            update(RUN)
            .where(RUN.c.id == run_id, RUN.c.status == "offered", RUN.c.driver_id.is_(None))
            .values(driver_id=driver_id, status="claimed")
        )
        with one_writer, engine.connect() as plain:
            connection = plain.execution_options(**write_options(engine.dialect.name))
            won = connection.execute(guarded).rowcount == 1
            connection.commit()
        return ({"run_id": run_id}, 200) if won else ({"code": "already_claimed"}, 409)

    return app


if __name__ == "__main__":
    serve(make_app(sys.argv[1]))
