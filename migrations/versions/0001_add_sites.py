"""Add sites, merchants, stores, desks and known addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0001_add_sites"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merchant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False, comment="IANA name"),
        sa.Column("currency", sa.Text(), nullable=False, comment="ISO 4217"),
        sa.Column("lat", sa.Double(), nullable=False, comment="degrees"),
        sa.Column("lon", sa.Double(), nullable=False, comment="degrees"),
        sa.Column("parking_lat", sa.Double(), nullable=False),
        sa.Column("parking_lon", sa.Double(), nullable=False),
        sa.Column("parking_note", sa.Text(), nullable=False),
        sa.Column("entrance_name", sa.Text(), nullable=False),
        sa.Column("entrance_lat", sa.Double(), nullable=False),
        sa.Column("entrance_lon", sa.Double(), nullable=False),
        sa.Column("entrance_note", sa.Text(), nullable=False),
        sa.Column(
            "entrance_floor",
            sa.BigInteger(),
            nullable=False,
            comment="0 is the floor at ground level",
        ),
        sa.CheckConstraint(
            "kind in ('mall','street','station','hub')", name=op.f("ck_site_kind_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "known_address",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column(
            "search_key",
            sa.Text(),
            nullable=False,
            comment="street in lower case without punctuation",
        ),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_known_address_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_address")),
    )
    op.create_index(
        "ix_known_address_site_key", "known_address", ["site_id", "search_key"], unique=False
    )
    op.create_table(
        "store",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="u32 in tokens"),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "floor", sa.BigInteger(), nullable=False, comment="0 is the floor at ground level"
        ),
        sa.Column(
            "floor_name", sa.Text(), nullable=False, comment="as the mall's signs say it: 'Level 2'"
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("counter_note", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merchant_id"], ["merchant.id"], name=op.f("fk_store_merchant_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_store_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("number", name=op.f("uq_store_number")),
    )
    op.create_index(op.f("ix_store_merchant_id"), "store", ["merchant_id"], unique=False)
    op.create_index(op.f("ix_store_site_id"), "store", ["site_id"], unique=False)
    op.create_table(
        "desk",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "wrong_codes",
            sa.BigInteger(),
            nullable=False,
            comment="wrong clerk codes since the last right one; five lock sign-in",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "wrong_codes >= 0 and wrong_codes <= 5", name=op.f("ck_desk_wrong_codes_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_desk_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
    )
    op.create_index(op.f("ix_desk_store_id"), "desk", ["store_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_desk_store_id"), table_name="desk")
    op.drop_table("desk")
    op.drop_index(op.f("ix_store_site_id"), table_name="store")
    op.drop_index(op.f("ix_store_merchant_id"), table_name="store")
    op.drop_table("store")
    op.drop_index("ix_known_address_site_key", table_name="known_address")
    op.drop_table("known_address")
    op.drop_table("site")
    op.drop_table("merchant")
