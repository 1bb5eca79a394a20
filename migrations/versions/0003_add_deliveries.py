"""Add runs and the deliveries that travel in them."""

import sqlalchemy as sa
from alembic import op

revision = "0003_add_deliveries"
down_revision = "0002_add_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="raised with every change"),
        sa.Column(
            "epoch",
            sa.BigInteger(),
            nullable=False,
            comment="raised with every claim; what a driver believed",
        ),
        sa.Column("driver_id", sa.Text(), nullable=True),
        sa.Column("distance_m", sa.BigInteger(), nullable=False),
        sa.Column("duration_s", sa.BigInteger(), nullable=False),
        sa.Column("parcel_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "window_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="earliest window of its deliveries",
        ),
        sa.Column(
            "window_until",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="latest end of a window",
        ),
        sa.Column(
            "pay_rule",
            sa.Text(),
            nullable=False,
            comment="version of the rule under which it is offered",
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status in ('claimed','collecting','delivering','finished'))"
            " = (driver_id is not null)",
            name=op.f("ck_run_driver_while_held"),
        ),
        sa.CheckConstraint(
            "status in ('forming','offered','claimed','collecting','delivering',"
            "'finished','expired','cancelled')",
            name=op.f("ck_run_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.person_id"], name=op.f("fk_run_driver_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_run_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_index("ix_run_driver", "run", ["driver_id", "finished_at"], unique=False)
    op.create_index(
        "ix_run_offered",
        "run",
        ["site_id", "window_from"],
        unique=False,
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column(
            "handle",
            sa.Text(),
            nullable=False,
            comment="random 64 bit as 16 hex digits, the name in tokens",
        ),
        sa.Column(
            "tracking_ref",
            sa.Text(),
            nullable=False,
            comment="finds the row of a tracking link; proves nothing",
        ),
        sa.Column(
            "tracking_version", sa.BigInteger(), nullable=False, comment="raised to revoke the link"
        ),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("merchant_id", sa.Text(), nullable=False),
        sa.Column(
            "merchant_ref", sa.Text(), nullable=True, comment="the merchant's own order number"
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "version",
            sa.BigInteger(),
            nullable=False,
            comment="raised with every change; compare-and-set and `rev`",
        ),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("parcel_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "ready_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the parcels are packed at the latest",
        ),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leave_at_door", sa.Boolean(), nullable=False),
        sa.Column(
            "proof",
            sa.Text(),
            nullable=False,
            comment="photo | pin | none: what the store wants at the door",
        ),
        sa.Column(
            "value_minor", sa.BigInteger(), nullable=True, comment="goods value in minor units"
        ),
        sa.Column(
            "tip_minor",
            sa.BigInteger(),
            nullable=False,
            comment="promised tip in minor units, all of it the driver's",
        ),
        sa.Column("pin_version", sa.BigInteger(), nullable=False),
        sa.Column(
            "pin_tries",
            sa.BigInteger(),
            nullable=False,
            comment="wrong tries over all channels; five lock the PIN",
        ),
        sa.Column(
            "verification",
            sa.Text(),
            nullable=True,
            comment="evidence level E0–E3 of the last handoff",
        ),
        sa.Column(
            "is_verification_pending",
            sa.Boolean(),
            nullable=False,
            comment="evidence below the store's minimum",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("picked_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="delivered, returned, cancelled or lost",
        ),
        sa.CheckConstraint("proof in ('photo','pin','none')", name=op.f("ck_delivery_proof_known")),
        sa.CheckConstraint(
            "status in ('created','ready_for_pickup','enroute_to_pickup','arrived_at_pickup',"
            "'picked_up','enroute_to_dropoff','arrived_at_dropoff','delivered',"
            "'enroute_to_return','arrived_at_return','returned','cancelled','lost')",
            name=op.f("ck_delivery_status_known"),
        ),
        sa.CheckConstraint(
            "parcel_count between 1 and 20", name=op.f("ck_delivery_parcel_count_in_range")
        ),
        sa.CheckConstraint(
            "pin_tries between 0 and 5", name=op.f("ck_delivery_pin_tries_in_range")
        ),
        sa.CheckConstraint("window_from < window_until", name=op.f("ck_delivery_window_forward")),
        sa.ForeignKeyConstraint(
            ["merchant_id"],
            ["merchant.id"],
            name=op.f("fk_delivery_merchant_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_delivery_run_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["site.id"], name=op.f("fk_delivery_site_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_delivery_store_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("handle", name=op.f("uq_delivery_handle")),
        sa.UniqueConstraint("tracking_ref", name=op.f("uq_delivery_tracking_ref")),
    )
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["site_id"],
        unique=False,
        sqlite_where=sa.text("status in ('created','ready_for_pickup') and run_id is null"),
        postgresql_where=sa.text("status in ('created','ready_for_pickup') and run_id is null"),
    )
    op.create_index("ix_delivery_run", "delivery", ["run_id"], unique=False)
    op.create_index("ix_delivery_store_ended", "delivery", ["store_id", "ended_at"], unique=False)
    op.create_index(
        "ix_delivery_store_status", "delivery", ["store_id", "status", "ready_at"], unique=False
    )
    op.create_table(
        "parcel",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="1 … parcel_count"),
        sa.Column("holder_kind", sa.Text(), nullable=False, comment="custody: who has it now"),
        sa.Column("holder_id", sa.Text(), nullable=False, comment="store, person or delivery id"),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "holder_kind in ('store','driver','customer')", name=op.f("ck_parcel_holder_known")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_parcel_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_parcel_delivery_id_number")),
    )
    op.create_table(
        "recipient",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_recipient_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_recipient")),
    )


def downgrade() -> None:
    op.drop_table("recipient")
    op.drop_table("parcel")
    op.drop_index("ix_delivery_store_status", table_name="delivery")
    op.drop_index("ix_delivery_store_ended", table_name="delivery")
    op.drop_index("ix_delivery_run", table_name="delivery")
    op.drop_index(
        "ix_delivery_open",
        table_name="delivery",
        sqlite_where=sa.text("status in ('created','ready_for_pickup') and run_id is null"),
        postgresql_where=sa.text("status in ('created','ready_for_pickup') and run_id is null"),
    )
    op.drop_table("delivery")
    op.drop_index(
        "ix_run_offered",
        table_name="run",
        sqlite_where=sa.text("status = 'offered'"),
        postgresql_where=sa.text("status = 'offered'"),
    )
    op.drop_index("ix_run_driver", table_name="run")
    op.drop_table("run")
