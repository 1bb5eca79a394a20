"""Add prices, quotes, and one delivery for each order number of a merchant."""

import sqlalchemy as sa
from alembic import op

revision = "0024_add_orders"
down_revision = "0023_add_api_keys"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_delivery_merchant_created": ["merchant_id", "created_at", "id"],
    "ix_delivery_merchant_ended": ["merchant_id", "ended_at"],
    "ix_delivery_merchant_ref": ["merchant_id", "merchant_ref"],
}


def upgrade() -> None:
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.add_column(
            sa.Column(
                "price_minor",
                sa.BigInteger(),
                nullable=True,
                comment="what the merchant pays when it is delivered, minor units;"
                " null: before prices",
            )
        )
    for name, columns in _INDEXES.items():
        op.create_index(name, "delivery", columns)
    op.create_table(
        "merchant_order",
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("merchant_ref", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchant.id"],
            name=op.f("fk_merchant_order_merchant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_merchant_order_delivery_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("merchant_id", "merchant_ref", name=op.f("pk_merchant_order")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_merchant_order_delivery_id")),
    )
    op.create_table(
        "quote",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("parcel_count", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False, comment="ISO 4217"),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=True, comment="what was ordered with it"),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchant.id"], name=op.f("fk_quote_merchant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_quote_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index(op.f("ix_quote_created_at"), "quote", ["created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_quote_created_at"), table_name="quote")
    op.drop_table("quote")
    op.drop_table("merchant_order")
    for name in _INDEXES:
        op.drop_index(name, table_name="delivery")
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.drop_column("price_minor")
