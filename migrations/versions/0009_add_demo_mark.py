"""Add the mark of a demo."""

import sqlalchemy as sa
from alembic import op

revision = "0009_add_demo_mark"
down_revision = "0008_add_commands_and_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demo_mark",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seeded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_mark")),
    )


def downgrade() -> None:
    op.drop_table("demo_mark")
