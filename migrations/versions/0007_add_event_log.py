"""Add the append-only event log."""

import sqlalchemy as sa
from alembic import op

revision = "0007_add_event_log"
down_revision = "0006_add_positions"
branch_labels = None
depends_on = None

#: What is written stays as it was written; only erasing personal data is allowed, in its own table.
_GUARDS = {
    "sqlite": (
        """
        CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """,
        """
        CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$
        """,
        """
        CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()
        """,
    ),
}


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Text(), nullable=False, comment="UUIDv7"),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="0, 1, 2 … within the delivery"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "record", sa.Text(), nullable=False, comment="canonical JSON; the leaf is its hash"
        ),
        sa.Column("leaf_hash", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False, comment="chain head after this event, hex"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_event_delivery_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("delivery_id", "seq", name=op.f("uq_event_delivery_id_seq")),
    )
    op.create_index("ix_event_received", "event", ["received_at"], unique=False)
    op.create_table(
        "event_personal_data",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_event_personal_data_event_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_personal_data")),
    )

    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("event_personal_data")
    op.drop_index("ix_event_received", table_name="event")
    op.drop_table("event")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_event_change()")
