"""Add what same-day promises need: stock, the hosted checkout's switch, doors by postal code."""

import sqlalchemy as sa
from alembic import op

revision = "0027_add_promises"
down_revision = "0026_add_uploads"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store_checkout",
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("switched_on_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
            name=op.f("fk_store_checkout_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_store_checkout")),
    )
    op.create_table(
        "stock_item",
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False, comment="the merchant's own product number"),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_item_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["store_id"],
            ["store.id"],
            name=op.f("fk_stock_item_store_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("store_id", "sku", name=op.f("pk_stock_item")),
    )
    op.create_index(
        "ix_known_address_site_postal_code", "known_address", ["site_id", "postal_code"]
    )


def downgrade() -> None:
    op.drop_index("ix_known_address_site_postal_code", "known_address")
    op.drop_table("stock_item")
    op.drop_table("store_checkout")
