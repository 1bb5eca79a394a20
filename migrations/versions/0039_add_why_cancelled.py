"""Add why a delivery was cancelled, and which ones a clerk typed at the store's own desk."""

import sqlalchemy as sa
from alembic import op

revision = "0039_add_why_cancelled"
down_revision = "0038_add_site_phone"
branch_labels = None
depends_on = None

#: Who placed it stands in its first event. What has ended is nobody's to hand out a link for.
_MARK_OPEN = """
    UPDATE delivery SET is_by_hand = true
    WHERE ended_at IS NULL AND EXISTS (
        SELECT 1 FROM event
        WHERE event.delivery_id = delivery.id
            AND event.type = 'delivery.created' AND event.actor LIKE 'clerk:%'
    )
"""


def upgrade() -> None:
    op.add_column(
        "delivery",
        sa.Column(
            "cancel_reason",
            sa.Text(),
            nullable=True,
            comment="code of why it was cancelled; null: it was not, or before there were codes",
        ),
    )
    op.add_column(
        "delivery",
        sa.Column(
            "is_by_hand",
            sa.Boolean(),
            nullable=False,
            server_default=sa.text("false"),
            comment="a clerk typed it at the store's desk, and gives the link to the customer",
        ),
    )
    op.execute(_MARK_OPEN)


def downgrade() -> None:
    op.drop_column("delivery", "is_by_hand")
    op.drop_column("delivery", "cancel_reason")
