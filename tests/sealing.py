"""Checkpoints in tests: made by the product's own job, on demand."""

from flask import Flask
from sqlalchemy import text

from app import clock
from app.jobs import log
from app.persistence.transaction import session, transaction


def seal(app: Flask) -> None:
    """Take everything that waits into the tree and sign it."""
    with app.app_context():
        while log.waiting_count():
            with transaction():
                log.make_checkpoint(now=clock.now())


def read(app: Flask, query: str) -> list[tuple]:
    """Return the rows of a query."""
    with app.app_context():
        return [tuple(row) for row in session().execute(text(query))]


def add_events(app: Flask, delivery_id: str, count: int) -> None:
    """Copy a delivery's first event, with ids of its own: leaves in number, cheaply."""
    copies = text(
        "insert into event select :id || number, delivery_id, number + 1000, type, actor,"
        " occurred_at, received_at, record, leaf_hash, head from event, "
        "(with recursive numbers(number) as (select 1 union all select number + 1 from numbers"
        " where number < :count) select number from numbers) as numbers"
        " where delivery_id = :delivery_id and seq = 0"
    )
    with app.app_context(), transaction() as current:
        known = current.execute(text("select count(*) from event")).scalar_one()
        values = {"id": f"copy-{known}-", "count": count, "delivery_id": delivery_id}
        current.execute(copies, values)
