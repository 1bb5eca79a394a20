"""Add the tree over all events and its signed checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0011_add_checkpoints"
down_revision = "0010_add_statements"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("log_leaf", "log_node", "checkpoint")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _guards(dialect: str, table: str) -> list[str]:
    if dialect == "postgresql":
        changes = "UPDATE OR DELETE OR TRUNCATE"
        call = "FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change()"
        return [f"CREATE TRIGGER {table}_is_never_changed BEFORE {changes} ON {table} {call}"]
    return [
        f"CREATE TRIGGER {table}_is_never_{done} BEFORE {change} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for change, done in (("UPDATE", "changed"), ("DELETE", "deleted"))
    ]


#: Every new event waits for the next checkpoint, whatever wrote it.
_WAITING = {
    "sqlite": (
        """
        CREATE TRIGGER event_waits_for_checkpoint AFTER INSERT ON event
        BEGIN INSERT INTO log_waiting (event_id) VALUES (NEW.id); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
        """,
        """
        CREATE FUNCTION await_checkpoint() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO log_waiting (event_id) VALUES (NEW.id); RETURN NULL; END $$
        """,
        """
        CREATE TRIGGER event_waits_for_checkpoint AFTER INSERT ON event
        FOR EACH ROW EXECUTE FUNCTION await_checkpoint()
        """,
    ),
}


def upgrade() -> None:
    op.create_table(
        "log_waiting",
        sa.Column(
            "number",
            _NUMBER,
            nullable=False,
            comment="ascends; within a delivery in the order of its events",
        ),
        sa.Column("event_id", sa.Text(), nullable=False),
        _of_event("log_waiting"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_waiting")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_waiting_event_id")),
    )
    op.create_table(
        "log_leaf",
        _count("position", "0, 1, 2 … without a gap"),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.Text(), nullable=False),
        _of_event("log_leaf"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_leaf_event_id")),
    )
    op.create_table(
        "log_node",
        _count("level", "1, 2 …; it has 2**level leaves"),
        _count("number", "from the left, from 0"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_log_node")),
    )
    op.create_table(
        "checkpoint",
        _count("size", "leaves that it covers"),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column(
            "note",
            sa.Text(),
            nullable=False,
            comment="C2SP tlog-checkpoint, without signature lines",
        ),
        sa.Column(
            "anchor",
            sa.Text(),
            nullable=False,
            comment="first 8 bytes of the SHA-256 of the note, hex",
        ),
        sa.Column("kid", sa.BigInteger(), nullable=False, comment="the server key that signed"),
        sa.Column(
            "signature", sa.Text(), nullable=False, comment="ES256 over the note, r and s, hex"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_index(op.f("ix_checkpoint_anchor"), "checkpoint", ["anchor"], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in _WAITING[dialect]:
        op.execute(statement)
    for table in _APPEND_ONLY:
        for statement in _guards(dialect, table):
            op.execute(statement)
    # Data in the schema's revision, against the rule: an event recorded between the trigger and a
    # later revision must wait once and not twice.
    op.execute(
        "INSERT INTO log_waiting (event_id)"
        " SELECT id FROM event ORDER BY received_at, delivery_id, seq"
    )


def _count(name: str, comment: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def _of_event(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["event_id"], ["event.id"], name=op.f(f"fk_{table}_event_id"), ondelete="RESTRICT"
    )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER event_waits_for_checkpoint{' ON event' if is_postgresql else ''}")
    op.drop_index(op.f("ix_checkpoint_anchor"), table_name="checkpoint")
    for table in ("checkpoint", "log_node", "log_leaf", "log_waiting"):
        op.drop_table(table)
    if is_postgresql:
        op.execute("DROP FUNCTION await_checkpoint()")
        op.execute("DROP FUNCTION refuse_log_change()")
