"""Add when a delivery's customer was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0016_add_erasure"
down_revision = "0015_add_offer_raises"
branch_labels = None
depends_on = None

_DUE = sa.text("erased_at is null and ended_at is not null")


def upgrade() -> None:
    # Never by making the table anew: dropping the old one would delete what refers to it, or fail.
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.add_column(
            sa.Column(
                "erased_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when its customer was forgotten",
            )
        )
    op.create_index(
        "ix_delivery_to_erase",
        "delivery",
        ["ended_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_to_erase", "delivery")
    with op.batch_alter_table("delivery", recreate="never") as delivery:
        delivery.drop_column("erased_at")
