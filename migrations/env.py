"""How migrations run: on the application's engine, in one transaction, with timeouts."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from app.persistence.engine import write_options
from app.tables import Base

#: A migration that waits for a lock longer than this gives way to the people who work.
LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "60s"


def run_migrations() -> None:
    """Run the wanted migrations on the configured database."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**write_options(engine.dialect.name)) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
