"""Add tables of orders that merchants upload."""

import sqlalchemy as sa
from alembic import op

revision = "0026_add_uploads"
down_revision = "0025_add_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False, comment="who uploaded it"),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("blob_key", sa.Text(), nullable=False),
        sa.Column(
            "orders_key",
            sa.Text(),
            nullable=True,
            comment="blob with the checked orders, once they were asked for",
        ),
        sa.Column(
            "columns", sa.Text(), nullable=False, comment="JSON: {field: number of its column}"
        ),
        sa.Column("row_count", sa.BigInteger(), nullable=False, comment="without the heading"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its orders were asked for",
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "at_row",
            sa.BigInteger(),
            nullable=False,
            comment="rows that are taken or refused already",
        ),
        sa.Column("ordered_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "known_count",
            sa.BigInteger(),
            nullable=False,
            comment="ordered before: nothing was added",
        ),
        sa.Column("refused_count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchant.id"],
            name=op.f("fk_order_upload_merchant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_upload")),
    )
    op.create_index(op.f("ix_order_upload_merchant_id"), "order_upload", ["merchant_id"])
    op.create_index(op.f("ix_order_upload_created_at"), "order_upload", ["created_at"])


def downgrade() -> None:
    op.drop_table("order_upload")
