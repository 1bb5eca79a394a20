"""Add how wrong arrival times were, for windows that are as wide as they have to be."""

import sqlalchemy as sa
from alembic import op

revision = "0031_add_arrival_errors"
down_revision = "0030_add_learned_times"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival_error",
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column(
            "counts",
            sa.Text(),
            nullable=False,
            comment="JSON array: arrivals by size of the error",
        ),
        sa.CheckConstraint(
            "lead in ('near','middle','far')", name=op.f("ck_arrival_error_lead_known")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_arrival_error_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "lead", name=op.f("pk_arrival_error")),
    )


def downgrade() -> None:
    op.drop_table("arrival_error")
