"""Add what each store asks of a handoff: the least evidence, a manager's code for dear goods."""

import sqlalchemy as sa
from alembic import op

revision = "0012_add_evidence_policy"
down_revision = "0011_add_checkpoints"
branch_labels = None
depends_on = None

_COLUMNS = ("minimum_level", "manager_code_above_minor", "manager_code_hash", "manager_code_tries")


def upgrade() -> None:
    # Never by making the table anew: dropping the old one would delete what refers to it, or fail.
    with op.batch_alter_table("store", recreate="never") as store:
        store.add_column(
            sa.Column(
                "minimum_level",
                sa.Text(),
                sa.CheckConstraint(
                    "minimum_level in ('E0','E1','E2','E3')",
                    name=op.f("ck_store_minimum_level_known"),
                ),
                nullable=False,
                server_default=sa.text("'E2'"),
                comment="evidence that is enough for a handoff at the counter",
            )
        )
        store.add_column(
            sa.Column(
                "manager_code_above_minor",
                sa.BigInteger(),
                nullable=True,
                comment="goods worth more need a manager's code, minor units; null: never",
            )
        )
        store.add_column(
            sa.Column(
                "manager_code_hash",
                sa.Text(),
                nullable=True,
                comment="scrypt under the store's secret salt, hex",
            )
        )
        store.add_column(
            sa.Column(
                "manager_code_tries",
                sa.BigInteger(),
                sa.CheckConstraint(
                    "manager_code_tries between 0 and 5",
                    name=op.f("ck_store_manager_code_tries_in_range"),
                ),
                nullable=False,
                server_default=sa.text("0"),
                comment="wrong codes since the last right one; five lock it",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("store", recreate="never") as store:
        for name in reversed(_COLUMNS):
            store.drop_column(name)
