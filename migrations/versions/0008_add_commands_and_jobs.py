"""Add answered commands and background jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0008_add_commands_and_jobs"
down_revision = "0007_add_event_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "command",
        sa.Column(
            "principal",
            sa.Text(),
            nullable=False,
            comment="who sent it: ids of others cannot collide with mine",
        ),
        sa.Column("command_id", sa.Text(), nullable=False, comment="UUIDv7 made at the origin"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="JSON: {result} or {code, facts}"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "command_id", name=op.f("pk_command")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False, comment="JSON object"),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="jobs waiting under one key are one job"
        ),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        "ix_job_due",
        "job",
        ["run_at"],
        unique=False,
        sqlite_where=sa.text("done_at is null"),
        postgresql_where=sa.text("done_at is null"),
    )
    op.create_index(
        "uq_job_open_key",
        "job",
        ["key"],
        unique=True,
        sqlite_where=sa.text("done_at is null and leased_until is null"),
        postgresql_where=sa.text("done_at is null and leased_until is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_job_open_key",
        table_name="job",
        sqlite_where=sa.text("done_at is null and leased_until is null"),
        postgresql_where=sa.text("done_at is null and leased_until is null"),
    )
    op.drop_index(
        "ix_job_due",
        table_name="job",
        sqlite_where=sa.text("done_at is null"),
        postgresql_where=sa.text("done_at is null"),
    )
    op.drop_table("job")
    op.drop_table("command")
