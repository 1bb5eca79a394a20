"""Let runs of a site wait for more orders before drivers see them."""

import sqlalchemy as sa
from alembic import op

revision = "0028_add_waiting"
down_revision = "0027_add_promises"
branch_labels = None
depends_on = None

_HIDDEN = sa.text("status = 'offered' and shown_at is not null")


def upgrade() -> None:
    # Never by making the tables anew: dropping the old ones would delete what refers to them.
    with op.batch_alter_table("site", recreate="never") as site:
        site.add_column(
            sa.Column(
                "waits_for_orders",
                sa.Boolean(),
                nullable=False,
                server_default=sa.text("false"),
                comment="its runs are shown to drivers when their start is near, not at once",
            )
        )
    with op.batch_alter_table("run", recreate="never") as run:
        run.add_column(
            sa.Column(
                "shown_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="drivers do not see it before; null: they have been told of it",
            )
        )
    op.create_index(
        "ix_run_hidden", "run", ["shown_at"], sqlite_where=_HIDDEN, postgresql_where=_HIDDEN
    )


def downgrade() -> None:
    op.drop_index("ix_run_hidden", "run")
    with op.batch_alter_table("run", recreate="never") as run:
        run.drop_column("shown_at")
    with op.batch_alter_table("site", recreate="never") as site:
        site.drop_column("waits_for_orders")
