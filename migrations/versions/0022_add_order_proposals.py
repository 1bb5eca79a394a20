"""Add proposals of another order of stops, and what drivers answered."""

import sqlalchemy as sa
from alembic import op

revision = "0022_add_order_proposals"
down_revision = "0021_add_blocks"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OPEN = sa.text("answered_at is null")


def upgrade() -> None:
    op.create_table(
        "order_proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("stop_ids", sa.Text(), nullable=False, comment="JSON array, in the new order"),
        sa.Column("reason", sa.Text(), nullable=False, comment="not_ready | window | shorter"),
        sa.Column("about_stop_id", sa.Text(), nullable=False),
        sa.Column(
            "saved_s", sa.BigInteger(), nullable=False, comment="by which the run ends earlier"
        ),
        sa.Column(
            "late_saved_s", sa.BigInteger(), nullable=False, comment="less late, over all doors"
        ),
        sa.Column(
            "wait_s", sa.BigInteger(), nullable=False, comment="at the next counter as it was"
        ),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True, comment="taken | kept | over"),
        sa.CheckConstraint(
            "outcome in ('taken','kept','over')", name=op.f("ck_order_proposal_outcome_known")
        ),
        sa.CheckConstraint(
            "(answered_at is null) = (outcome is null)",
            name=op.f("ck_order_proposal_answered_with_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_order_proposal_run_id_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_proposal")),
    )
    op.create_index(
        "uq_order_proposal_open",
        "order_proposal",
        ["run_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_order_proposal_run", "order_proposal", ["run_id", "created_at"])


def downgrade() -> None:
    op.drop_table("order_proposal")
