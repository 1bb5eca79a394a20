"""Add stops, claims and pay lines of runs."""

import sqlalchemy as sa
from alembic import op

revision = "0004_add_stops"
down_revision = "0003_add_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason", sa.Text(), nullable=True, comment="finished, or why it was released"
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_claim_driver_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_claim_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index("ix_claim_driver", "claim", ["driver_id", "claimed_at"], unique=False)
    op.create_index(
        "uq_claim_live",
        "claim",
        ["run_id"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "pay_line",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False, comment="delivery id of a tip, else empty"),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "quantity",
            sa.BigInteger(),
            nullable=False,
            comment="metres for per_mile, stops for per_stop, else 1",
        ),
        sa.Column(
            "unit_minor",
            sa.BigInteger(),
            nullable=False,
            comment="rate per mile or stop, else the amount",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('base','per_mile','per_stop','tip')", name=op.f("ck_pay_line_kind_known")
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_pay_line_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_pay_line_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_line")),
        sa.UniqueConstraint("run_id", "kind", "ref", name=op.f("uq_pay_line_run_id_kind_ref")),
    )
    op.create_table(
        "stop",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="order within the run, from 1"
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=True),
        sa.Column("delivery_id", sa.Text(), nullable=True),
        sa.Column(
            "travel_s",
            sa.BigInteger(),
            nullable=False,
            comment="walk or drive from the stop before",
        ),
        sa.Column("distance_m", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'dropoff') = (delivery_id is not null)",
            name=op.f("ck_stop_dropoff_has_delivery"),
        ),
        sa.CheckConstraint(
            "kind in ('pickup','dropoff','return')", name=op.f("ck_stop_kind_known")
        ),
        sa.CheckConstraint(
            "status in ('ahead','arrived','done','skipped')", name=op.f("ck_stop_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_stop_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_stop_run_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_stop_store_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_stop_run_id_number")),
    )
    op.create_index("ix_stop_delivery", "stop", ["delivery_id"], unique=False)
    op.create_index(
        "ix_stop_store_open",
        "stop",
        ["store_id"],
        unique=False,
        sqlite_where=sa.text("status in ('ahead','arrived')"),
        postgresql_where=sa.text("status in ('ahead','arrived')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_stop_store_open",
        table_name="stop",
        sqlite_where=sa.text("status in ('ahead','arrived')"),
        postgresql_where=sa.text("status in ('ahead','arrived')"),
    )
    op.drop_index("ix_stop_delivery", table_name="stop")
    op.drop_table("stop")
    op.drop_table("pay_line")
    op.drop_index(
        "uq_claim_live",
        table_name="claim",
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_index("ix_claim_driver", table_name="claim")
    op.drop_table("claim")
