"""Add when a claim lapses, and that its driver has said he is on his way."""

import sqlalchemy as sa
from alembic import op

revision = "0014_add_claim_lapse"
down_revision = "0013_add_pay_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("claim", recreate="never") as claim:
        claim.add_column(
            sa.Column(
                "lapses_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when it ends, as the driver was warned; null: not warned",
            )
        )
        claim.add_column(
            sa.Column(
                "kept_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when the driver last said that he is on his way",
            )
        )
        claim.add_column(
            sa.Column(
                "kept_count",
                sa.BigInteger(),
                nullable=False,
                server_default=sa.text("0"),
                comment="how often he said so",
            )
        )
    # The watch looks at claimed runs only, however many there were.
    op.create_index(
        "ix_run_claimed",
        "run",
        ["claimed_at"],
        sqlite_where=sa.text("status = 'claimed'"),
        postgresql_where=sa.text("status = 'claimed'"),
    )


def downgrade() -> None:
    op.drop_index("ix_run_claimed", table_name="run")
    with op.batch_alter_table("claim", recreate="never") as claim:
        for name in ("kept_count", "kept_at", "lapses_at"):
            claim.drop_column(name)
