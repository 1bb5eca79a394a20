"""Note until when a customer was promised a delivery, where it is planned earlier."""

import sqlalchemy as sa
from alembic import op

revision = "0034_add_promised_until"
down_revision = "0033_add_person_language"
branch_labels = None
depends_on = None

_NAME = "ck_delivery_promised_after_planned"
_CHECK = "promised_until >= window_until"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # With the check in the column nothing of the table has to be made anew.
        op.execute(
            "ALTER TABLE delivery ADD COLUMN promised_until DATETIME"
            f" CONSTRAINT {_NAME} CHECK ({_CHECK})"
        )
        return
    op.add_column(
        "delivery",
        sa.Column(
            "promised_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="what the customer was told, when it is planned earlier; null: window_until",
        ),
    )
    # Rows are read for it without keeping writers out.
    op.create_check_constraint(op.f(_NAME), "delivery", _CHECK, postgresql_not_valid=True)
    op.execute(f"ALTER TABLE delivery VALIDATE CONSTRAINT {_NAME}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(_NAME), "delivery", type_="check")
    op.drop_column("delivery", "promised_until")
