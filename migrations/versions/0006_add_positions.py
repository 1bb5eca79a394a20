"""Add thinned positions."""

import sqlalchemy as sa
from alembic import op

revision = "0006_add_positions"
down_revision = "0005_add_handoffs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "position_fix",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=False),
        sa.Column(
            "fixed_at", sa.DateTime(timezone=True), nullable=False, comment="the phone's clock"
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.person_id"],
            name=op.f("fk_position_fix_driver_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_fix")),
    )
    op.create_index(
        "ix_position_fix_driver", "position_fix", ["driver_id", "fixed_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_position_fix_driver", table_name="position_fix")
    op.drop_table("position_fix")
