"""Note in which language people read, for mails."""

import sqlalchemy as sa
from alembic import op

revision = "0033_add_person_language"
down_revision = "0032_sort_open_deliveries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column(
            "language",
            sa.Text(),
            nullable=True,
            comment="of mails, such as es: the one in which they signed in last",
        ),
    )


def downgrade() -> None:
    op.drop_column("person", "language")
