"""Find the open deliveries of a site whose windows end first without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0032_sort_open_deliveries"
down_revision = "0031_add_arrival_errors"
branch_labels = None
depends_on = None

_OPEN = sa.text("status in ('created','ready_for_pickup') and run_id is null")


def upgrade() -> None:
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["site_id", "window_until"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_index("ix_delivery_open", "delivery")


def downgrade() -> None:
    op.create_index(
        "ix_delivery_open", "delivery", ["site_id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.drop_index("ix_delivery_waiting", "delivery")
