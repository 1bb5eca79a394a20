"""Count and find what is open or in trouble at all places, whatever else has ended there."""

import sqlalchemy as sa
from alembic import op

revision = "0036_find_open_work"
down_revision = "0035_add_site_area"
branch_labels = None
depends_on = None

_OPEN = sa.text("ended_at is null")
_TROUBLED = sa.text("is_held or is_verification_pending or status in ('returned','lost')")
_OPEN_RUN = sa.text("status in ('offered','claimed','collecting','delivering')")


def upgrade() -> None:
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["site_id", "window_until"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        "ix_delivery_troubled",
        "delivery",
        ["ended_at"],
        sqlite_where=_TROUBLED,
        postgresql_where=_TROUBLED,
    )
    op.create_index(
        "ix_run_open",
        "run",
        ["site_id", "status"],
        sqlite_where=_OPEN_RUN,
        postgresql_where=_OPEN_RUN,
    )


def downgrade() -> None:
    op.drop_index("ix_run_open", "run")
    op.drop_index("ix_delivery_troubled", "delivery")
    op.drop_index("ix_delivery_open", "delivery")
