"""Add signed statements, what became of them, and incidents."""

import sqlalchemy as sa
from alembic import op

revision = "0010_add_statements"
down_revision = "0009_add_demo_mark"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT = sa.DateTime(timezone=True)

#: What a device signed stays as it was signed.
_GUARDS = {
    "sqlite": (
        """
        CREATE TRIGGER statement_is_never_changed BEFORE UPDATE ON statement
        BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END
        """,
        """
        CREATE TRIGGER statement_is_never_deleted BEFORE DELETE ON statement
        BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_statement_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'statements are append-only'; END $$
        """,
        """
        CREATE TRIGGER statement_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON statement
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_statement_change()
        """,
    ),
}


def upgrade() -> None:
    _add_statements()
    _add_what_became_of_them()
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="C1 … C8, or the check that found it"),
        sa.Column(
            "drivers", sa.Text(), nullable=False, comment="person ids, comma-separated, sorted"
        ),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON for the words"),
        sa.Column("is_waiting", sa.Boolean(), nullable=False, comment="a person has to decide"),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("closed_at", _AT, nullable=True),
        sa.Column("decision", sa.Text(), nullable=True, comment="what was decided, or fits_again"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_incident_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    is_open = sa.text("closed_at is null")
    op.create_index(
        "uq_incident_open",
        "incident",
        ["delivery_id", "kind"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    # Never by making a table anew: dropping the old one would delete what refers to it, or fail.
    with op.batch_alter_table("proof", recreate="never") as proof:
        proof.add_column(
            sa.Column(
                "uploaded_sha256",
                sa.Text(),
                nullable=True,
                comment="of the file as the phone took it: what a signed statement names",
            )
        )
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.add_column(
            sa.Column(
                "is_held",
                sa.Boolean(),
                nullable=False,
                server_default=sa.text("false"),
                comment="two drivers prove that they have it: nothing moves until a person decides",
            )
        )
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _add_statements() -> None:
    op.create_table(
        "statement",
        sa.Column(
            "server_seq", _BIG, autoincrement=True, nullable=False, comment="order of arrival"
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="UUIDv7 made on the device"),
        sa.Column("device_kid", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="the device's own count"),
        sa.Column(
            "prev",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the device's envelope before, hex",
        ),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of this envelope's text, hex"),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("occurred_at", _AT, nullable=False, comment="by the device's clock"),
        sa.Column("received_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_kid"],
            ["device.kid"],
            name=op.f("fk_statement_device_kid"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("server_seq", name=op.f("pk_statement")),
        sa.UniqueConstraint("event_id", name=op.f("uq_statement_event_id")),
    )
    op.create_index("ix_statement_device", "statement", ["device_kid", "seq"])


def _add_what_became_of_them() -> None:
    op.create_table(
        "statement_beside",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="geo, pin, note, manager_code"),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _of_statement("statement_beside"),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_statement_beside")),
    )
    op.create_table(
        "statement_result",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("device_kid", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True, comment="stable code of a refusal"),
        sa.Column(
            "facts", sa.Text(), nullable=False, comment="JSON: placeholders of the refusal's words"
        ),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("flags", sa.Text(), nullable=False, comment="comma-separated"),
        sa.Column("leaf_hash", sa.Text(), nullable=True, comment="of the first event it led to"),
        sa.Column("decided_at", _AT, nullable=False),
        sa.CheckConstraint(
            "outcome in ('applied','recorded','held','rejected')",
            name=op.f("ck_statement_result_outcome_known"),
        ),
        _of_statement("statement_result"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_statement_result")),
    )
    is_held = sa.text("outcome = 'held'")
    op.create_index(
        "ix_statement_result_held",
        "statement_result",
        ["device_kid"],
        sqlite_where=is_held,
        postgresql_where=is_held,
    )
    op.create_table(
        "device_chain",
        sa.Column("device_kid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the envelope with that number"),
        sa.ForeignKeyConstraint(
            ["device_kid"],
            ["device.kid"],
            name=op.f("fk_device_chain_device_kid"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("device_kid", name=op.f("pk_device_chain")),
    )


def _of_statement(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["event_id"],
        ["statement.event_id"],
        name=op.f(f"fk_{table}_event_id"),
        ondelete="RESTRICT",
    )


def downgrade() -> None:
    # Never by making a table anew, as above.
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.drop_column("is_held")
    with op.batch_alter_table("proof", recreate="never") as proof:
        proof.drop_column("uploaded_sha256")
    op.drop_table("incident")
    op.drop_table("device_chain")
    op.drop_table("statement_result")
    op.drop_table("statement_beside")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER statement_is_never_changed ON statement")
        op.execute("DROP FUNCTION refuse_statement_change()")
    op.drop_table("statement")
