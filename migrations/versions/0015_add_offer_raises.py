"""Add since when a run is on offer, and how often its pay was raised for want of a driver."""

import sqlalchemy as sa
from alembic import op

revision = "0015_add_offer_raises"
down_revision = "0014_add_claim_lapse"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("run", recreate="never") as run:
        run.add_column(
            sa.Column(
                "offered_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="since when it waits for a driver; null: since it was made",
            )
        )
        run.add_column(
            sa.Column(
                "raises",
                sa.BigInteger(),
                nullable=False,
                server_default=sa.text("0"),
                comment="steps of its pay rule by which the offer was raised",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("run", recreate="never") as run:
        run.drop_column("raises")
        run.drop_column("offered_at")
