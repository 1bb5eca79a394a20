"""Keep the order that a quote is for, where it is accepted by the order's number."""

import sqlalchemy as sa
from alembic import op

revision = "0029_add_quoted_orders"
down_revision = "0028_add_waiting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("quote") as batch:
        batch.add_column(
            sa.Column("merchant_ref", sa.Text(), comment="order that it can be accepted by")
        )
        batch.add_column(
            sa.Column("order_body", sa.Text(), comment="that order as it came, until it is placed")
        )
    op.create_index("ix_quote_merchant_ref", "quote", ["merchant_id", "merchant_ref"])


def downgrade() -> None:
    op.drop_index("ix_quote_merchant_ref", "quote")
    with op.batch_alter_table("quote") as batch:
        batch.drop_column("order_body")
        batch.drop_column("merchant_ref")
