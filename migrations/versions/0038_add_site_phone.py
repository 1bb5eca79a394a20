"""Add whom a driver or a clerk of a site calls: the dispatcher's phone number."""

import sqlalchemy as sa
from alembic import op

revision = "0038_add_site_phone"
down_revision = "0037_add_carrier_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "site",
        sa.Column(
            "dispatcher_phone",
            sa.Text(),
            nullable=True,
            comment="as it was typed; null: there is none to call",
        ),
    )


def downgrade() -> None:
    op.drop_column("site", "dispatcher_phone")
