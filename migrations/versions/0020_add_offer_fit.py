"""Add what makes an offer fit: vehicle, shift and sizes, who asked for a run, and a pinned run."""

import sqlalchemy as sa
from alembic import op

revision = "0020_add_offer_fit"
down_revision = "0019_add_parcel_pay"
branch_labels = None
depends_on = None

_WON = sa.text("outcome = 'won'")
_OPEN = sa.text("answered_at is null")


def upgrade() -> None:
    # Never by making the tables anew: dropping the old ones would delete what refers to them.
    with op.batch_alter_table("driver", recreate="never") as driver:
        driver.add_column(
            sa.Column(
                "vehicle_class",
                sa.Text(),
                sa.CheckConstraint(
                    "vehicle_class in ('bike','car','suv','van')",
                    name=op.f("ck_driver_vehicle_class_known"),
                ),
                nullable=False,
                server_default=sa.text("'car'"),
                comment="bike | car | suv | van",
            )
        )
        driver.add_column(
            sa.Column(
                "shift_until",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when the driver wants to be through; null: an open end",
            )
        )
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.add_column(
            sa.Column(
                "parcel_litres",
                sa.BigInteger(),
                sa.CheckConstraint(
                    "parcel_litres between 1 and 100000",
                    name=op.f("ck_delivery_parcel_litres_in_range"),
                ),
                nullable=False,
                server_default=sa.text("25"),
                comment="room that each parcel needs in a vehicle",
            )
        )
    with op.batch_alter_table("run", recreate="never") as run:
        run.add_column(
            sa.Column(
                "litres",
                sa.BigInteger(),
                nullable=False,
                server_default=sa.text("0"),
                comment="room that its parcels need in a vehicle",
            )
        )
        run.add_column(
            sa.Column(
                "pinned_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="a dispatcher wants it to stay as it is; null: it may be put together anew",
            )
        )
    _add_asks()


def _add_asks() -> None:
    op.create_table(
        "offer_ask",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column(
            "offered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="since when the run was on offer then",
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "away_m",
            sa.BigInteger(),
            nullable=True,
            comment="from the driver's last known position to the site; null: not known",
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True, comment="won | lost | withdrawn"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was lost"),
        sa.CheckConstraint(
            "outcome in ('won','lost','withdrawn')", name=op.f("ck_offer_ask_outcome_known")
        ),
        sa.CheckConstraint(
            "(answered_at is null) = (outcome is null)",
            name=op.f("ck_offer_ask_answered_with_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["run.id"], name=op.f("fk_offer_ask_run_id_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_offer_ask_driver_id_driver"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_ask")),
        sa.UniqueConstraint(
            "run_id",
            "driver_id",
            "offered_at",
            name=op.f("uq_offer_ask_run_id_driver_id_offered_at"),
        ),
    )
    op.create_index(
        "uq_offer_ask_won",
        "offer_ask",
        ["run_id", "offered_at"],
        unique=True,
        sqlite_where=_WON,
        postgresql_where=_WON,
    )
    op.create_index(
        "ix_offer_ask_open", "offer_ask", ["run_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_offer_ask_driver", "offer_ask", ["driver_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("offer_ask")
    with op.batch_alter_table("run", recreate="never") as run:
        run.drop_column("pinned_at")
        run.drop_column("litres")
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.drop_column("parcel_litres")
    with op.batch_alter_table("driver", recreate="never") as driver:
        driver.drop_column("shift_until")
        driver.drop_column("vehicle_class")
