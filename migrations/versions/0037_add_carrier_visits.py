"""Add visits of carriers who drive with us, and what they have shown of parcels that came in."""

import sqlalchemy as sa
from alembic import op

revision = "0037_add_carrier_visits"
down_revision = "0036_find_open_work"
branch_labels = None
depends_on = None

_LEVEL = "ck_intake_level_known"
_KNOWN = "level in ('E0','E1')"
_WIDER = "level in ('E0','E1','E2')"


_VISIT = sa.Column(
    "visit_id",
    sa.Text(),
    nullable=True,
    comment="of the carrier whose phone was scanned; null: one who shows nothing",
)


def _check(to: str) -> None:
    """Put another check of an intake's level in place on PostgreSQL."""
    op.drop_constraint(op.f(_LEVEL), "intake", type_="check")
    # Rows are read for it without keeping writers out.
    op.create_check_constraint(op.f(_LEVEL), "intake", to, postgresql_not_valid=True)
    op.execute(f"ALTER TABLE intake VALIDATE CONSTRAINT {_LEVEL}")


def upgrade() -> None:
    op.create_table(
        "carrier_visit",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Text(), nullable=False),
        sa.Column("desk_kid", sa.BigInteger(), nullable=False),
        sa.Column("clerk_id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("phone_kid", sa.BigInteger(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False, comment="nonce of the token, hex"),
        sa.Column("token", sa.Text(), nullable=False, comment="the code's text as it was scanned"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by a tap or by the next visit; half an hour ends it anyway",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["store.id"], name=op.f("fk_carrier_visit_store_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_carrier_visit_driver_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_visit")),
        sa.UniqueConstraint("phone_kid", "nonce", name=op.f("uq_carrier_visit_phone_kid_nonce")),
    )
    op.create_index(
        "uq_carrier_visit_open",
        "carrier_visit",
        ["desk_kid"],
        unique=True,
        sqlite_where=sa.text("ended_at is null"),
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_carrier_visit_driver", "carrier_visit", ["driver_id", "opened_at"])
    visit = (op.f("fk_intake_visit_id"), "carrier_visit", ["visit_id"], ["id"])
    if op.get_bind().dialect.name == "sqlite":
        # The table is made anew, which loses nothing here: no other table refers to it.
        with op.batch_alter_table("intake", recreate="always") as intake:
            intake.drop_constraint(op.f(_LEVEL), type_="check")
            intake.create_check_constraint(op.f(_LEVEL), _WIDER)
            intake.add_column(_VISIT)
            intake.create_foreign_key(*visit, ondelete="SET NULL")
    else:
        _check(_WIDER)
        op.add_column("intake", _VISIT)
        name, *columns = visit
        op.create_foreign_key(
            name, "intake", *columns, ondelete="SET NULL", postgresql_not_valid=True
        )
        op.execute("ALTER TABLE intake VALIDATE CONSTRAINT fk_intake_visit_id")
    op.create_index("ix_intake_visit", "intake", ["visit_id"])


def downgrade() -> None:
    op.drop_index("ix_intake_visit", "intake")
    # The older schema knows no carrier who shows more than the parcel.
    op.execute("UPDATE intake SET level = 'E1' WHERE level = 'E2'")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("intake", recreate="always") as intake:
            intake.drop_constraint(op.f("fk_intake_visit_id"), type_="foreignkey")
            intake.drop_column("visit_id")
            intake.drop_constraint(op.f(_LEVEL), type_="check")
            intake.create_check_constraint(op.f(_LEVEL), _KNOWN)
    else:
        op.drop_column("intake", "visit_id")
        _check(_KNOWN)
    op.drop_table("carrier_visit")
